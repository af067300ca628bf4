package server

import (
	"context"
	"crypto/x509"
	"crypto/x509/pkix"
	"errors"
	"log/slog"
	"net"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"connectrpc.com/connect"

	"ups/runtime/api/upsv1"
	"ups/runtime/service"
)

// logText is what was logged; it may be read meanwhile.
type logText struct {
	mu   sync.Mutex
	text strings.Builder
}

func (l *logText) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logText) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// newLogged is newAttached whose callers are a process, and what it logs.
func newLogged(t *testing.T, change ...func(*Options)) (*attached, *logText) {
	t.Helper()
	log := &logText{}
	process := Peer{Unix: &UnixPeer{UID: 1000, GID: 100, PID: 77, Executable: "/usr/bin/evaluator"}}
	return newAttached(t, service.Limits{}, append(change, func(o *Options) {
		o.Log = slog.New(slog.NewTextHandler(log, nil))
		o.Peer = func(net.Conn) Peer { return process }
	})...), log
}

// theProgram is what the log says of the program that attaches as theEvaluator.
const theProgram = `plugin="policy evaluator" uid=0x00000005 identity=plug-ins ` +
	`peer.uid=1000 peer.gid=100 peer.pid=77 peer.executable=/usr/bin/evaluator`

// expectLogged waits for the line of an event, whose parts those are.
func expectLogged(t *testing.T, log *logText, event string, parts ...string) {
	t.Helper()
	var line string
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(time.Millisecond) {
		for line = range strings.Lines(log.String()) {
			if strings.Contains(line, `msg="`+event+`"`) {
				for _, part := range parts {
					if !strings.Contains(line, part) {
						t.Errorf("it has no %s: %s", part, line)
					}
				}
				return
			}
		}
	}
	t.Errorf("no %q in the log:\n%s", event, log)
}

// Who is attached as what is logged, and why they are no more.
func TestDetachmentIsLogged(t *testing.T) {
	result := &upsv1.AttachRequest{Message: &upsv1.AttachRequest_Result{Result: &upsv1.PlugInResult{}}}
	var notAllowed atomic.Bool
	withdrawn := func(o *Options) {
		o.Identify = identify(func(p Peer) (Identity, error) {
			if notAllowed.Load() {
				return Identity{Name: "plug-ins"}, nil
			}
			return mayAttach(p)
		})
	}
	for reason, end := range map[string]func(*attached, *stream){
		"the plug-in has hung up":                                    func(_ *attached, s *stream) { s.CloseRequest() },
		"the plug-in has ended its call, or its connection was lost": func(_ *attached, s *stream) { s.CloseResponse() },
		"after the first message there must be results alone":        func(_ *attached, s *stream) { s.Send(result); s.Send(attachAs(evaluatorKind, theEvaluator)) },
		"the server is shutting down":                                func(a *attached, _ *stream) { a.server.Close() },
		"the configuration has changed, connect again":               func(a *attached, _ *stream) { notAllowed.Store(true); a.server.IdentitiesChanged() },
	} {
		t.Run(reason, func(t *testing.T) {
			notAllowed.Store(false)
			a, log := newLogged(t, withdrawn)
			s := a.dial()
			if err := says(s, attachAs(evaluatorKind, theEvaluator)); err != nil {
				t.Fatal(err)
			}
			expectLogged(t, log, "plug-in attached", "level=INFO", theProgram)
			if strings.Contains(log.String(), "detached") {
				t.Errorf("too soon:\n%s", log)
			}
			end(a, s)
			expectLogged(t, log, "plug-in detached", "level=INFO", theProgram, reason)
		})
	}
}

// Why a program can't be attached is logged, and that it was not.
func TestRefusedPlugInIsLogged(t *testing.T) {
	a, log := newLogged(t)
	if err := says(a.dial(), attachAs(creatorKind, theEvaluator)); err == nil {
		t.Error("it is attached")
	}
	expectLogged(t, log, "plug-in refused", "level=WARN", `plugin="dialog creator" uid=0x00000005`, "plug-ins may not be dialog creator 0x00000005")
	if strings.Contains(log.String(), "plug-in attached") || strings.Contains(log.String(), "plug-in detached") {
		t.Errorf("it was never attached:\n%s", log)
	}
}

// A peer that has a certificate is logged with its name, and without what isn't known.
func TestPeerIsLogged(t *testing.T) {
	var log strings.Builder
	certified := Peer{Certificate: &x509.Certificate{Subject: pkix.Name{CommonName: "agent"}}}
	slog.New(slog.NewTextHandler(&log, nil)).Info("x", "a", certified, "b", Peer{}, "c", Peer{Unix: &UnixPeer{Unit: "u.service"}})
	if want := "a.certificate=\"CN=agent\" c.uid=0 c.gid=0 c.pid=0 c.unit=u.service"; !strings.Contains(log.String(), want) {
		t.Errorf("%s, want %s", &log, want)
	}
}

// A reason is said as the program is told it, without codes; what has no reason of its
// own, in words.
func TestReasons(t *testing.T) {
	const ended = "the plug-in has ended its call, or its connection was lost"
	for _, c := range []struct {
		err  error
		want string
	}{
		{context.Canceled, ended},
		{connect.NewError(connect.CodeCanceled, errors.New("RST_STREAM")), ended},
		{connect.NewError(connect.CodeInvalidArgument, errors.New("not a plug-in")), "not a plug-in"},
		{errClosing, errClosing.Error()},
	} {
		if got := reasonOf(c.err); got != c.want {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
	}
}
