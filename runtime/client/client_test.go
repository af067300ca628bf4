package client

import (
	"context"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

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
	theCreator = 0x20000002
)

// machine is where servers run, one after the other, at one socket.
type machine struct {
	t      testing.TB
	rom    string
	socket string
	who    server.Identity
	// programs are plug-ins of the servers; nil for none.
	programs *server.PlugIns
	opt      service.Options // of the servers that are started
	limits   server.Limits   // of the servers; the zero value has their own
	streams  int             // at most, on one connection; 0 for the server's own limit

	service *service.Server
	reload  func(context.Context, server.Identity) (server.Reloaded, error)
	api     *server.Server
	http    *http.Server
}

func newMachine(t testing.TB) *machine {
	t.Helper()
	folder, err := os.MkdirTemp("", "ups") // short: the path of a socket has 107 bytes at most
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	m := &machine{
		t: t, rom: t.TempDir(), socket: filepath.Join(folder, "s"),
		who: server.Identity{Name: "messages", Caller: service.Caller{SID: theServer, Capabilities: service.ProtServ}, Status: true},
		opt: service.Options{DB: decision.NewMemory(), Idle: -1},
	}
	m.put(theService, policy.Yes)
	return m
}

// put writes a policy file that decides all requests alike.
func (m *machine) put(uid uint32, o policy.Options) {
	m.t.Helper()
	b, err := rsc.Encode(&policy.File{
		UID2: policy.ResourceFileUID, UID3: 1, Version: policy.FormatVersion,
		Header:   &policy.Header{AuthorisationPolicy: policy.AlwaysCheck, DialogCreator: theCreator},
		Policies: []policy.Policy{{SIDClasses: policy.AllSIDs, Destination: policy.NewText("*"), Options: o}},
	})
	if err != nil {
		m.t.Fatal(err)
	}
	name := policy.Service{Server: theServer, Service: uid}.FileName(policy.CompiledExt)
	if err := os.WriteFile(filepath.Join(m.rom, name), b, 0o600); err != nil {
		m.t.Fatal(err)
	}
}

// Identify knows everybody as one.
func (m *machine) Identify(server.Peer) (server.Identity, error) { return m.who, nil }

func (m *machine) start() {
	m.t.Helper()
	var err error
	if m.opt.Store, err = runtime.Open(m.rom, "", runtime.StoreOptions{}); err != nil {
		m.t.Fatal(err)
	}
	if m.service, err = service.New(m.opt); err != nil {
		m.t.Fatal(err)
	}
	if m.api, err = server.New(server.Options{Service: m.service, Identify: m, PlugIns: m.programs, Limits: m.limits, Reload: m.reload, Version: "7"}); err != nil {
		m.t.Fatal(err)
	}
	os.Remove(m.socket)
	l, err := net.Listen("unix", m.socket)
	if err != nil {
		m.t.Fatal(err)
	}
	m.http = m.api.HTTPServer()
	if m.streams > 0 {
		m.http.HTTP2.MaxConcurrentStreams = m.streams
	}
	go m.http.Serve(m.api.Listener(l))
	m.t.Cleanup(m.kill)
}

// kill ends the server as a crash does, with its connections.
func (m *machine) kill() {
	m.http.Close()
	m.service.Close()
}

func (m *machine) dial(change ...func(*Options)) *Client {
	m.t.Helper()
	opt := Options{Address: "unix:" + m.socket}
	for _, c := range change {
		c(&opt)
	}
	c, err := Dial(m.t.Context(), opt)
	if err != nil {
		m.t.Fatal(err)
	}
	m.t.Cleanup(func() { c.Close() })
	return c
}

func (m *machine) open(c *Client) (*Session, *Subsession) {
	m.t.Helper()
	session, err := c.Connect(m.t.Context())
	if err != nil {
		m.t.Fatal(err)
	}
	sub, err := session.Open(service.Client{SID: 0x10000001, Drive: 'C'})
	if err != nil {
		m.t.Fatal(err)
	}
	return session, sub
}

var aQuery = service.Query{Service: theService, Destination: "x", Passed: true}

func expectYes(t *testing.T, when string, sub *Subsession) {
	t.Helper()
	o, err := sub.Authorise(t.Context(), aQuery)
	if o.Decision != policy.DecisionYes || err != nil || o.Source != service.SourceSilent || o.Server != theServer || !o.Matched {
		t.Errorf("%s: %+v, %v", when, o, err)
	}
}

func TestVersionAndStatus(t *testing.T) {
	m := newMachine(t)
	m.start()
	c := m.dial()
	m.open(c)
	if v, err := c.Version(t.Context()); v != (Version{"7", "ups.v1"}) || err != nil {
		t.Errorf("%+v, %v", v, err)
	}
	if st, err := c.Status(t.Context()); st != (service.Status{Sessions: 1}) || err != nil {
		t.Errorf("%+v, %v", st, err)
	}
}

// A session survives its server, and its subsessions go on at the next.
func TestReconnects(t *testing.T) {
	m := newMachine(t)
	m.start()
	session, sub := m.open(m.dial())
	expectYes(t, "at first", sub)
	for range 3 {
		m.kill()
		for session.connected() { // a request would be interrupted
			time.Sleep(time.Millisecond)
		}
		m.put(44, policy.No)
		m.start()
		expectYes(t, "at the next server", sub)
		if c, err := session.Config(t.Context(), 44); !c.HasPolicyFile || err != nil {
			t.Errorf("the configuration: %+v, %v", c, err)
		}
	}
}

// A request that is under way when the server dies fails, and isn't asked again.
func TestInterrupted(t *testing.T) {
	m := newMachine(t)
	m.put(theService, policy.Yes|policy.No)
	asked := make(chan struct{}, 10)
	m.opt.PlugIns = service.Registry{DialogCreators: map[uint32]service.DialogCreatorFactory{
		theCreator: func(uint32) (service.DialogCreator, error) { return silent(asked), nil },
	}}
	m.start()
	_, sub := m.open(m.dial())
	got := make(chan error)
	go func() {
		_, err := sub.Authorise(context.Background(), aQuery)
		got <- err
	}()
	<-asked
	m.http.Close()
	if err := <-got; !errors.Is(err, ErrInterrupted) {
		t.Errorf("the request: %v", err)
	}
	m.kill()
	m.start()
	time.Sleep(100 * time.Millisecond)
	if len(asked) != 0 {
		t.Error("it was asked again")
	}
}

// silent is a dialog creator whose user never answers.
type silent chan struct{}

func (s silent) Prepare(context.Context, *service.Prompt) error { return nil }

func (s silent) Display(ctx context.Context, _ uint32) (service.Choice, error) {
	s <- struct{}{}
	<-ctx.Done()
	return service.Choice{}, context.Cause(ctx)
}

// While the server is away nothing is answered, not even what the configuration
// alone would.
func TestUnavailable(t *testing.T) {
	m := newMachine(t)
	m.start()
	session, sub := m.open(m.dial(func(o *Options) { o.Wait = 50 * time.Millisecond }))
	unknown := service.Query{Service: 99, Passed: true}
	if o, err := sub.Authorise(t.Context(), unknown); o.Source != service.SourceCheck || !o.Decision.Allows() || err != nil {
		t.Errorf("connected: %+v, %v", o, err)
	}
	m.kill()
	for session.connected() {
		time.Sleep(time.Millisecond)
	}
	if o, err := sub.Authorise(t.Context(), unknown); o.Decision.Allows() || !errors.Is(err, ErrUnavailable) {
		t.Errorf("disconnected: %+v, %v", o, err)
	}
	if _, err := Dial(t.Context(), Options{Address: "unix:" + m.socket}); !errors.Is(err, ErrUnavailable) {
		t.Errorf("dialled: %v", err)
	}
}

// connected reports whether the session has a configuration that holds.
func (s *Session) connected() bool {
	now, _, _ := s.state()
	return now != nil
}

// A caller whose capabilities the configuration has changed gets a new session.
func TestIdentityChanges(t *testing.T) {
	m := newMachine(t)
	m.start()
	_, sub := m.open(m.dial())
	expectYes(t, "with ProtServ", sub)
	m.who.Caller.Capabilities = 0
	if o, err := sub.Authorise(t.Context(), aQuery); o.Decision.Allows() || !errors.Is(err, service.ErrPermissionDenied) {
		t.Errorf("without: %+v, %v", o, err)
	}
}
