package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"ups/cmd/ups/internal/servetest"
	"ups/policy"
	"ups/runtime/client"
	"ups/runtime/service"
)

// The policies of examples/embed: 112 is a silent yes, +4409* a silent no, and
// +44* prompts.
const (
	serverSID  = 0x101F7F1F
	serviceUID = 0x1000A00A
)

// serverFolder returns a folder with policies and a configuration, to which more is
// added.
func serverFolder(t *testing.T, more string) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "ups") // short: it is to have a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	const name = "ups_101f7f1f_1000a00a.rsc"
	writeSource(t, filepath.Join(dir, "policies", name), read(t, "../../examples/embed/policies/rom/"+name))
	writeSource(t, filepath.Join(dir, "serve.yaml"), fmt.Sprintf(`
policies: {rom: policies}
decisions: decisions.db
listen: [{unix: ups.sock}]
identities:
  - {name: telephony, uid: %d, sid: 0x101f7f1f, capabilities: [ProtServ, ReadDeviceData], status: yes}
stop: 500ms
%s`, os.Getuid(), more))
	return dir
}

// serverProcess is ups serve as a process.
type serverProcess struct {
	*testing.T
	*servetest.Process
}

// startServer starts the server as systemd does, and waits until it is ready. With a
// listener it gets that one.
func startServer(t *testing.T, dir string, listener *net.UnixListener) *serverProcess {
	t.Helper()
	exe, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return &serverProcess{t, servetest.Start(t, exe, dir, listener, "GORACE="+noExitSleep)}
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// post asks as curl does, in JSON over HTTP/1.1, on a connection of its own.
func (p *serverProcess) post(procedure, body string) string {
	p.Helper()
	r := p.request(http.MethodPost, "ups.v1."+procedure, body)
	r.Header.Set("Content-Type", "application/json")
	return p.roundTrip("ups.sock", r)
}

func (p *serverProcess) request(method, path, body string) *http.Request {
	p.Helper()
	r, err := http.NewRequest(method, "http://ups/"+path, strings.NewReader(body))
	if err != nil {
		p.Fatal(err)
	}
	return r
}

// roundTrip sends a request to a socket, and returns what is answered.
func (p *serverProcess) roundTrip(socket string, r *http.Request) string {
	p.Helper()
	c := http.Client{Timeout: 20 * time.Second, Transport: &http.Transport{
		DisableKeepAlives: true,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", filepath.Join(p.Dir, socket))
		},
	}}
	answer, err := c.Do(r)
	if err != nil {
		p.Error(err)
		return ""
	}
	defer answer.Body.Close()
	b, err := io.ReadAll(answer.Body)
	if err != nil {
		p.Error(err)
	}
	return string(b)
}

// authorising is the request about a destination, in JSON.
func authorising(destination string) string {
	return fmt.Sprintf(`{"client":{"sid":536875572,"drive":"c"},"query":{"service":%d,"destination":%q}}`, serviceUID, destination)
}

// authorise asks about a destination, and returns what the answer must contain.
func (p *serverProcess) authorise(destination, want string) {
	p.Helper()
	got := p.post("SessionService/Authorise", authorising(destination))
	if !strings.Contains(got, want) {
		p.Errorf("%s: %s, want %s", destination, got, want)
	}
}

func TestServe(t *testing.T) {
	p := startServer(t, serverFolder(t, ""), nil)
	p.authorise("112", "DECISION_YES")
	p.authorise("+44091", "DECISION_NO")
	p.authorise("+44791", "KErrUpsMissingDialogCreator")
	p.askAsClient()

	// What is read again takes effect for the next call.
	path := filepath.Join(p.Dir, "serve.yaml")
	before := read(t, path)
	writeSource(t, path, strings.Replace(before, "ProtServ, ", "", 1))
	p.HangUp()
	p.authorise("112", "permission_denied")
	writeSource(t, path, strings.Replace(before, "uid: ", "uid: 1", 1))
	p.HangUp()
	p.authorise("112", "unauthenticated")
	// What has a mistake doesn't.
	writeSource(t, path, before+"nonsense: 1\n")
	p.HangUp()
	p.authorise("112", "unauthenticated")
	writeSource(t, path, before)
	p.HangUp()
	p.authorise("112", "DECISION_YES")

	p.Signal(syscall.SIGTERM)
	p.Expect("STOPPING=1")
	p.Ends()
	if exists(filepath.Join(p.Dir, "ups.sock")) {
		t.Error("the socket is left behind")
	}
	p.Logs(`has no key \"nonsense\"`)
}

// askAsClient asks by the client library.
func (p *serverProcess) askAsClient() {
	p.Helper()
	c, err := client.Dial(p.Context(), client.Options{Address: "unix:" + filepath.Join(p.Dir, "ups.sock")})
	if err != nil {
		p.Fatal(err)
	}
	defer c.Close()
	session, err := c.Connect(p.Context())
	if err != nil {
		p.Fatal(err)
	}
	sub, err := session.Open(service.Client{SID: 0x20001234, Drive: 'c'})
	if err != nil {
		p.Fatal(err)
	}
	o, err := sub.Authorise(p.Context(), service.Query{Service: serviceUID, Destination: "112"})
	if err != nil || o.Decision != policy.DecisionYes || o.Server != serverSID {
		p.Errorf("%+v, %v", o, err)
	}
}

// connection is a session, and the client that it is of.
type connection struct {
	client  *client.Client
	session *client.Session
	err     error
}

// connectTo begins to connect to a socket, whose server may come later.
func connectTo(t *testing.T, socket string) <-chan connection {
	connected := make(chan connection, 1)
	go func() {
		var of connection
		if of.client, of.err = client.Dial(t.Context(), client.Options{Address: "unix:" + socket}); of.err == nil {
			of.session, of.err = of.client.Connect(t.Context())
		}
		connected <- of
	}()
	return connected
}

// A server whose socket systemd has passed ends when nobody uses it, and the socket
// is there for the next one. A session keeps it.
func TestServeOnDemand(t *testing.T) {
	dir := serverFolder(t, "idle: 1s\n")
	l, err := net.ListenUnix("unix", &net.UnixAddr{Name: filepath.Join(dir, "ups.sock"), Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	for range 2 {
		first := connectTo(t, filepath.Join(dir, "ups.sock")) // as who makes systemd start it
		p := startServer(t, dir, l)
		of := <-first
		if of.err != nil {
			t.Fatal(of.err)
		}
		time.Sleep(2 * time.Second)
		if _, err := of.session.Config(t.Context(), serviceUID); err != nil {
			t.Error(err)
		}
		p.authorise("112", "DECISION_YES") // it is still the same process
		if err := of.client.Close(); err != nil {
			t.Error(err)
		}
		p.Expect("STOPPING=1")
		p.Ends()
		if !exists(filepath.Join(dir, "ups.sock")) {
			t.Fatal("the server has removed the socket of systemd")
		}
	}
}

// A second server doesn't take the database or the socket of the first.
func TestServeTwice(t *testing.T) {
	p := startServer(t, serverFolder(t, ""), nil)
	out, err := processOf(t, p.Dir, "ups", "serve", "--config", "serve.yaml").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "decision database is in use") {
		t.Errorf("%v: %s", err, out)
	}
	writeSource(t, filepath.Join(p.Dir, "other.yaml"), strings.Replace(read(t, filepath.Join(p.Dir, "serve.yaml")), "decisions.db", "other.db", 1))
	out, err = processOf(t, p.Dir, "ups", "serve", "--config", "other.yaml").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "another process listens on it\n     hint: end that process, ") {
		t.Errorf("%v: %s", err, out)
	}
	p.authorise("112", "DECISION_YES")
}

// A socket that a killed server has left behind is replaced.
func TestServeAfterKill(t *testing.T) {
	dir := serverFolder(t, "")
	p := startServer(t, dir, nil)
	p.Kill()
	if !exists(filepath.Join(dir, "ups.sock")) {
		t.Fatal("no socket is left behind")
	}
	startServer(t, dir, nil).authorise("112", "DECISION_YES")
}
