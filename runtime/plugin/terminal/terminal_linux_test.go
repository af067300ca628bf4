package terminal

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"ups/internal/pty"
	"ups/policy"
	"ups/runtime/service"
)

// screen is the other side of a terminal that dialogs are on.
type screen struct {
	*pty.Screen
	t *testing.T
}

func newScreen(t *testing.T) *screen {
	t.Helper()
	return &screen{pty.New(t), t}
}

// asking is a dialog that is up.
type asking struct {
	choice service.Choice
	err    error
	done   chan struct{}
}

// show puts a dialog up.
func (s *screen) show(ctx context.Context, p *service.Prompt, o Options) *asking {
	s.t.Helper()
	o.Open = s.Open
	c, err := New(o)(0)
	if err == nil {
		err = c.Prepare(ctx, p)
	}
	if err != nil {
		s.t.Fatal(err)
	}
	a := &asking{done: make(chan struct{})}
	go func() {
		defer close(a.done)
		a.choice, a.err = c.Display(ctx, 42)
	}()
	return a
}

func prompt(o policy.Options, descriptions ...string) *service.Prompt {
	p := &service.Prompt{Request: service.Request{
		Server: 0x10204040, Client: service.Client{SID: 0x80000001}, Query: service.Query{Service: 43, Destination: "+44 1234"},
	}}
	p.Policy.Policy.Options = o
	for _, d := range descriptions {
		p.Fingerprints = append(p.Fingerprints, service.Fingerprint{Description: d})
	}
	return p
}

const ready = "Press a key: "

// finish waits for the end of the dialog and for the terminal to be as it was.
func (s *screen) finish(a *asking, before unix.Termios) {
	s.t.Helper()
	select {
	case <-a.done:
	case <-time.After(time.Minute):
		s.t.Fatalf("the dialog doesn't end:\n%s", s.Shown())
	}
	if s.Mode() != before {
		s.t.Error("the terminal isn't as it was")
	}
}

func TestEachButton(t *testing.T) {
	for _, b := range buttons {
		for _, key := range []string{string(b.key), strings.ToUpper(string(b.key))} {
			s := newScreen(t)
			before := s.Mode()
			a := s.show(context.Background(), prompt(policy.AllOptions, "this"), Options{})
			s.Await(ready, 1)
			s.Press(key)
			s.finish(a, before)
			if want := (service.Choice{Option: b.option, Info: 42}); a.err != nil || a.choice != want {
				t.Errorf("%s: %+v, %v, want %+v", key, a.choice, a.err, want)
			}
			s.Await(ready+b.label, 1)
		}
	}
}

// Just the buttons that the policy offers, and no key for another.
func TestOnlyWhatIsOffered(t *testing.T) {
	s := newScreen(t)
	before := s.Mode()
	a := s.show(context.Background(), prompt(policy.Yes|policy.No, "this"), Options{})
	s.Await(ready, 1)
	for _, b := range buttons {
		offered := b.option&(policy.Yes|policy.No) != 0
		if shown := strings.Contains(s.Shown(), fmt.Sprintf("[%c]", b.key)); shown != offered {
			t.Errorf("%s: shown %v", b.label, shown)
		}
	}
	for _, key := range []string{"s", "a", "b", "v", "1", "\r", " ", "\x1b", "\x1b[A", "yy", "\x1a", "\xff"} {
		s.Press(key)
		time.Sleep(5 * time.Millisecond) // most come as pieces of their own
	}
	select {
	case <-a.done:
		t.Fatalf("answered: %+v, %v", a.choice, a.err)
	default:
	}
	s.Insist(a.done, "n")
	s.finish(a, before)
	if a.err != nil || a.choice.Option != policy.No {
		t.Errorf("%+v, %v", a.choice, a.err)
	}
}

// What Always means, and for what.
func TestAlwaysForWhat(t *testing.T) {
	s := newScreen(t)
	before := s.Mode()
	a := s.show(context.Background(), prompt(policy.AllOptions, "only +441234", "numbers that begin with +44", "all"), Options{})
	s.Await(ready, 1)
	s.Await("always: yes, and don't ask again (for what, you choose next)", 1)
	s.Press("a")
	s.Await(ready, 2)
	s.Await(`[2] "numbers that begin with +44"`, 1)
	s.Press("4") // isn't one of the keys
	s.Insist(a.done, "2")
	s.finish(a, before)
	if want := (service.Choice{Option: policy.Always, Fingerprint: 1, Info: 42}); a.err != nil || a.choice != want {
		t.Errorf("%+v, %v, want %+v", a.choice, a.err, want)
	}
	for _, c := range []struct {
		p    *service.Prompt
		want string
	}{
		{prompt(policy.Always|policy.No, "only this"), `don't ask again, for "only this"`},
		{prompt(policy.Always|policy.No, ""), "don't ask again, whatever this application wants of this service"},
	} {
		d := dialog{prompt: c.p}
		if got := d.question().keys[0].label; !strings.HasSuffix(got, c.want) {
			t.Errorf("%q, want %q", got, c.want)
		}
	}
}

// Ctrl-C is no answer, at either question, and no signal. So are Ctrl-D, a
// terminal that goes away, and a request that is cancelled.
func TestNoAnswer(t *testing.T) {
	for name, do := range map[string]func(s *screen, cancel func()){
		"ctrl-c": func(s *screen, _ func()) { s.Press("\x03") },
		"ctrl-d": func(s *screen, _ func()) { s.Press("\x04") },
		"twice":  func(s *screen, _ func()) { s.Press("\x03\x03") }, // in one piece
		"pasted": func(s *screen, _ func()) { s.Press("y\x03") },
		"cancel": func(_ *screen, cancel func()) { cancel() },
		"second": func(s *screen, _ func()) {
			s.Press("v")
			s.Await(ready, 2)
			s.Press("\x03")
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := newScreen(t)
			before := s.Mode()
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()
			a := s.show(ctx, prompt(policy.AllOptions, "one", "two"), Options{})
			s.Await(ready, 1)
			do(s, cancel)
			s.finish(a, before)
			if !errors.Is(a.err, service.ErrNoAnswer) || a.choice.Option != 0 || (name == "cancel") != errors.Is(a.err, context.Canceled) {
				t.Errorf("%+v, %v", a.choice, a.err)
			}
			if name == "cancel" {
				s.Await("no answer is wanted any more", 1)
			} else {
				s.Await("no answer: no, this time", 1)
			}
		})
	}
}

func TestTerminalThatGoesAway(t *testing.T) {
	s := newScreen(t)
	a := s.show(context.Background(), prompt(policy.AllOptions), Options{})
	s.Await(ready, 1)
	s.Close()
	<-a.done
	if !errors.Is(a.err, service.ErrNoAnswer) {
		t.Error(a.err)
	}
}

func TestNoTerminal(t *testing.T) {
	for _, path := range []string{os.DevNull, t.TempDir() + "/none"} {
		c, _ := New(Options{Open: func() (*os.File, error) { return os.OpenFile(path, os.O_RDWR, 0) }})(0)
		c.Prepare(context.Background(), prompt(policy.AllOptions))
		if choice, err := c.Display(context.Background(), 0); choice.Option != 0 || !errors.Is(err, service.ErrNoAnswer) {
			t.Errorf("%s: %+v, %v", path, choice, err)
		}
	}
}

// A cancel that came before the dialog was up.
func TestCancelledBefore(t *testing.T) {
	s := newScreen(t)
	before := s.Mode()
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	a := s.show(ctx, prompt(policy.AllOptions), Options{})
	s.finish(a, before)
	if !errors.Is(a.err, context.Canceled) {
		t.Error(a.err)
	}
}

// What was typed before the question is no answer to it.
func TestTypedAhead(t *testing.T) {
	s := newScreen(t)
	before := s.Mode()
	s.Press("a\ry\n")
	a := s.show(context.Background(), prompt(policy.AllOptions), Options{})
	s.Await(ready, 1)
	select {
	case <-a.done:
		t.Fatalf("answered: %+v, %v", a.choice, a.err)
	case <-time.After(100 * time.Millisecond):
	}
	s.Insist(a.done, "n")
	s.finish(a, before)
	if a.err != nil || a.choice.Option != policy.No {
		t.Errorf("%+v, %v", a.choice, a.err)
	}
}

// The size of the terminal changes while the dialog is up.
func TestResize(t *testing.T) {
	s := newScreen(t)
	before := s.Mode()
	a := s.show(context.Background(), prompt(policy.AllOptions), Options{})
	s.Await(ready, 1)
	for i := range 20 {
		s.Resize(uint16(1+i), uint16(100-5*i))
		syscall.Kill(syscall.Getpid(), syscall.SIGWINCH) // the test has no controlling terminal to send it
	}
	s.Press("y")
	s.finish(a, before)
	if a.err != nil || a.choice.Option != policy.Yes || strings.Count(s.Shown(), ready) != 1 {
		t.Errorf("%+v, %v\n%s", a.choice, a.err, s.Shown())
	}
}

// Who is asked since an answer has expired is told so.
func TestExpired(t *testing.T) {
	s := newScreen(t)
	before := s.Mode()
	p := prompt(policy.AllOptions, "this")
	p.Expired = service.ExpiredProgram
	a := s.show(context.Background(), p, Options{})
	s.Await(ready, 1)
	s.Press("y")
	s.finish(a, before)
	if want := "asked again: the program of the application has changed since. This answer replaces that one."; !strings.Contains(s.Shown(), want) {
		t.Errorf("%q isn't in\n%s", want, s.Shown())
	}
}

// Nothing of what clients and plug-ins say reaches the terminal raw.
func TestUntrustedTextIsHarmless(t *testing.T) {
	evil := "\x1b[2J\r\n  [y] yes\u202e\x07\u009b31m"
	s := newScreen(t)
	before := s.Mode()
	p := prompt(policy.AllOptions, evil, evil)
	p.Destination, p.Entity, p.Forced = evil, evil, true
	name := func(uint32) string { return evil }
	a := s.show(context.Background(), p, Options{Client: name, Server: name, Service: func(_, _ uint32) string { return evil }})
	s.Await(ready, 1)
	s.Press("a")
	s.Await(ready, 2)
	s.Press("1")
	s.finish(a, before)
	text := strings.ReplaceAll(s.Shown(), "\r\n", "")
	if strings.ContainsAny(text, "\x1b\x07\r\n\u202e\u009b") || strings.Count(text, "[2J") != 7 {
		t.Errorf("on the screen: %q", text)
	}
}
