package agent

import (
	"context"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"ups/cmd/ups/internal/console"
	"ups/internal/pty"
	"ups/internal/rsc"
	"ups/policy"
	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/server"
	"ups/runtime/service"
)

const (
	theServer  = 0x10204040
	theService = 43
	theCreator = 0x10283694
)

// machine is a server, at a Unix socket, whose policies ask by a program.
type machine struct {
	t       *testing.T
	store   *runtime.Store
	folder  string
	plugIns *server.PlugIns
	service *service.Server
	http    *http.Server
	session *service.Session
}

// Identify lets everybody be the dialog creator.
func (m *machine) Identify(server.Peer) (server.Identity, error) {
	return server.Identity{Name: "agent", PlugIns: []server.PlugIn{{Kind: server.DialogCreator, UID: theCreator}}}, nil
}

func newMachine(t *testing.T) *machine {
	t.Helper()
	folder, err := os.MkdirTemp("", "ups") // short: the path of a socket has 107 bytes at most
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	m := &machine{t: t, folder: folder}
	b, err := rsc.Encode(&policy.File{
		UID2: policy.ResourceFileUID, UID3: 1, Version: policy.FormatVersion,
		Header:   &policy.Header{DialogCreator: theCreator, MajorVersion: 1},
		Policies: []policy.Policy{{SIDClasses: policy.AllSIDs, Destination: policy.NewText("*"), Options: policy.AllOptions}},
	})
	if err != nil {
		t.Fatal(err)
	}
	name := policy.Service{Server: theServer, Service: theService}.FileName(policy.CompiledExt)
	if err := os.WriteFile(filepath.Join(folder, name), b, 0o600); err != nil {
		t.Fatal(err)
	}
	if m.store, err = runtime.Open(folder, "", runtime.StoreOptions{}); err != nil {
		t.Fatal(err)
	}
	m.start()
	return m
}

func (m *machine) address() string { return "unix:" + filepath.Join(m.folder, "s") }

func (m *machine) start() {
	m.t.Helper()
	m.plugIns = server.NewPlugIns()
	var err error
	m.service, err = service.New(service.Options{Store: m.store, DB: decision.NewMemory(), PlugIns: m.plugIns, Idle: -1})
	if err != nil {
		m.t.Fatal(err)
	}
	api, err := server.New(server.Options{Service: m.service, Identify: m, PlugIns: m.plugIns})
	if err != nil {
		m.t.Fatal(err)
	}
	path := strings.TrimPrefix(m.address(), "unix:")
	os.Remove(path)
	l, err := net.Listen("unix", path)
	if err != nil {
		m.t.Fatal(err)
	}
	m.http = api.HTTPServer()
	go m.http.Serve(l)
	m.t.Cleanup(m.kill)
	m.session, err = m.service.Connect(context.Background(), service.Caller{SID: theServer, Capabilities: service.ProtServ})
	if err != nil {
		m.t.Fatal(err)
	}
}

// kill ends the server as a crash does.
func (m *machine) kill() {
	m.http.Close()
	m.service.Close()
}

// request is one under way.
type request struct {
	outcome service.Outcome
	err     error
	done    chan struct{}
}

func (m *machine) ask(destination string) *request {
	m.t.Helper()
	sub, err := m.session.Open(service.Client{SID: 0x80000001})
	if err != nil {
		m.t.Fatal(err)
	}
	r := &request{done: make(chan struct{})}
	go func() {
		defer close(r.done)
		r.outcome, r.err = sub.Authorise(context.Background(), service.Query{Service: theService, Destination: destination})
	}()
	return r
}

// end waits for the answer, and checks it.
func (m *machine) end(r *request, want policy.Decision, failed bool) {
	m.t.Helper()
	select {
	case <-r.done:
	case <-time.After(time.Minute):
		m.t.Fatal("the request doesn't end")
	}
	if r.outcome.Decision != want || (r.err != nil) != failed {
		m.t.Errorf("%v, %v", r.outcome.Decision, r.err)
	}
}

// running is ups agent, in this process.
type running struct {
	t      *testing.T
	screen *pty.Screen
	cancel func()
	status int
	done   chan struct{}

	mu     sync.Mutex
	stderr strings.Builder
}

func (r *running) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stderr.Write(p)
}

func (r *running) said() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stderr.String()
}

// run starts ups agent on a terminal of its own.
func (m *machine) run(args ...string) *running {
	m.t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{t: m.t, screen: pty.New(m.t), cancel: cancel, done: make(chan struct{})}
	con := &console.Console{Stdout: r, Stderr: r, Getenv: func(string) string { return "" }, IsTerminal: console.IsTerminal}
	cmd := newCommand(&command{con: con, open: r.screen.Open})
	cmd.SetArgs(args)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	go func() {
		defer close(r.done)
		r.status = con.Finish(cmd.ExecuteContext(ctx))
	}()
	m.t.Cleanup(func() {
		cancel()
		<-r.done
	})
	return r
}

// runs starts ups agent as it should be, and waits until it is attached.
func (m *machine) runs() *running {
	m.t.Helper()
	r := m.run("--creator", "0x10283694", m.address())
	r.says("waiting for prompts", 1)
	return r
}

// says waits until a text was said so many times.
func (r *running) says(text string, times int) {
	r.t.Helper()
	for range 6000 {
		if strings.Count(r.said(), text) >= times {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	r.t.Fatalf("%q isn't said: %s", text, r.said())
}

// ended waits for the end, and checks how it was.
func (r *running) ended(status int, said string) {
	r.t.Helper()
	select {
	case <-r.done:
	case <-time.After(time.Minute):
		r.t.Fatal("it doesn't end")
	}
	if r.status != status || !strings.Contains(r.said(), said) {
		r.t.Errorf("status %d: %s", r.status, r.said())
	}
}
