package server

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"

	"ups/internal/rsc"
	"ups/policy"
	"ups/runtime"
	"ups/runtime/api/upsv1"
	"ups/runtime/api/upsv1/upsv1connect"
	"ups/runtime/decision"
	"ups/runtime/service"
)

const (
	theServer  = 0x10204040
	theService = 43
)

// identify is an Identifier.
type identify func(Peer) (Identity, error)

func (f identify) Identify(p Peer) (Identity, error) { return f(p) }

// known is who calls in most tests.
func known(Peer) (Identity, error) {
	return Identity{
		Name:   "messages",
		Caller: service.Caller{SID: theServer, Capabilities: service.ProtServ | service.ReadDeviceData},
		Status: true,
	}, nil
}

// fixture is a server that listens on a Unix socket.
type fixture struct {
	t       *testing.T
	rom     string
	store   *runtime.Store
	db      decision.DB
	service *service.Server
	server  *Server
	socket  string
	api     *http.Server
	http    *http.Client // HTTP/1.1
	http2   *http.Client
}

// What a server can't be made of is refused.
func TestNew(t *testing.T) {
	of, id := new(service.Server), identify(known)
	for want, opt := range map[string]Options{
		"server.Options.Service is missing":                                       {Identify: id},
		"server.Options.Identify is missing":                                      {Service: of},
		"server.Options.Limits.MessageBytes is 65535, and must be 65536 at least": {Service: of, Identify: id, Limits: Limits{MessageBytes: 65535}},
	} {
		if s, err := New(opt); s != nil || err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%v, %v, want %s", s, err, want)
		}
	}
	if _, err := New(Options{Service: of, Identify: id, Limits: Limits{MessageBytes: 65536}}); err != nil {
		t.Error(err)
	}
}

func newFixture(t *testing.T, change ...func(*Options)) *fixture {
	t.Helper()
	f := newService(t)
	f.newServer(change...)
	f.listen()
	return f
}

// newService returns a fixture with a service that isn't offered yet.
func newService(t *testing.T, change ...func(*service.Options)) *fixture {
	t.Helper()
	f := &fixture{t: t, rom: t.TempDir(), db: decision.NewMemory()}
	f.put(theService, policy.Yes)
	var err error
	if f.store, err = runtime.Open(f.rom, "", runtime.StoreOptions{}); err != nil {
		t.Fatal(err)
	}
	opt := service.Options{Store: f.store, DB: f.db, Idle: -1}
	for _, c := range change {
		c(&opt)
	}
	if f.service, err = service.New(opt); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.service.Close() })
	return f
}

func (f *fixture) newServer(change ...func(*Options)) {
	f.t.Helper()
	opt := Options{Service: f.service, Identify: identify(known), Version: "7"}
	for _, c := range change {
		c(&opt)
	}
	var err error
	if f.server, err = New(opt); err != nil {
		f.t.Fatal(err)
	}
}

// put writes a policy file that decides all requests alike.
func (f *fixture) put(uid uint32, o policy.Options) {
	f.t.Helper()
	b, err := rsc.Encode(&policy.File{
		UID2: policy.ResourceFileUID, UID3: 1, Version: policy.FormatVersion,
		Header:   &policy.Header{AuthorisationPolicy: policy.AlwaysCheck, DialogCreator: 1, MajorVersion: 1, MinorVersion: 2},
		Policies: []policy.Policy{{SIDClasses: policy.AllSIDs, Destination: policy.NewText("*"), Options: o}},
	})
	if err != nil {
		f.t.Fatal(err)
	}
	name := policy.Service{Server: theServer, Service: uid}.FileName(policy.CompiledExt)
	if err := os.WriteFile(filepath.Join(f.rom, name), b, 0o600); err != nil {
		f.t.Fatal(err)
	}
}

func (f *fixture) listen() {
	folder, err := os.MkdirTemp("", "ups") // short: the path of a socket has 107 bytes at most
	if err != nil {
		f.t.Fatal(err)
	}
	f.t.Cleanup(func() { os.RemoveAll(folder) })
	socket := filepath.Join(folder, "s")
	l, err := net.Listen("unix", socket)
	if err != nil {
		f.t.Fatal(err)
	}
	f.socket = socket
	s := f.server.HTTPServer()
	f.api = s
	go s.Serve(f.server.Listener(l))
	f.t.Cleanup(func() {
		f.server.Close()
		s.Close()
	})
	f.http, f.http2 = overSocket(socket, false), overSocket(socket, true)
	f.t.Cleanup(f.http.CloseIdleConnections)
	f.t.Cleanup(f.http2.CloseIdleConnections)
}

func overSocket(socket string, http2 bool) *http.Client {
	protocols := new(http.Protocols)
	protocols.SetHTTP1(!http2)
	protocols.SetUnencryptedHTTP2(http2)
	return &http.Client{Transport: &http.Transport{
		Protocols: protocols,
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", socket)
		},
	}}
}

func (f *fixture) sessions(opt ...connect.ClientOption) upsv1connect.SessionServiceClient {
	return upsv1connect.NewSessionServiceClient(f.http2, "http://ups", opt...)
}

// post calls as curl does, with JSON and HTTP/1.1.
func (f *fixture) post(procedure, message string) (status int, answer map[string]any) {
	f.t.Helper()
	r, err := f.http.Post("http://ups"+procedure, "application/json", bytes.NewReader([]byte(message)))
	if err != nil {
		f.t.Fatal(err)
	}
	defer r.Body.Close()
	b, err := io.ReadAll(r.Body)
	if err != nil {
		f.t.Fatal(err)
	}
	if err := json.Unmarshal(b, &answer); err != nil {
		f.t.Fatalf("%s: %v in %q", procedure, err, b)
	}
	return r.StatusCode, answer
}

const aQuestion = `{"client": {"sid": 268435457, "drive": "C"}, "query": {"service": 43, "destination": "x", "passed": true}}`

// One call of a tool: JSON, without a session.
func TestAuthoriseByJSON(t *testing.T) {
	f := newFixture(t)
	status, answer := f.post(upsv1connect.SessionServiceAuthoriseProcedure, aQuestion)
	outcome, _ := answer["outcome"].(map[string]any)
	if status != 200 || answer["decision"] != "DECISION_YES" || outcome["source"] != "SOURCE_SILENT" {
		t.Errorf("%d %v", status, answer)
	}
	if n := f.service.Status().Sessions; n != 0 {
		t.Errorf("%d sessions are left", n)
	}
}

// That the process of a client has ended reaches the service with the request.
func TestProcessGone(t *testing.T) {
	for message, want := range map[string]bool{aQuestion: false, strings.Replace(aQuestion, "{", `{"processGone": true, `, 1): true} {
		gone := make(chan bool, 1)
		f := newService(t, func(o *service.Options) {
			o.OnOutcome = func(_ context.Context, o service.Outcome, _ error) {
				gone <- o.Client.ProcessGone != nil && o.Client.ProcessGone()
			}
		})
		f.newServer()
		f.listen()
		f.post(upsv1connect.SessionServiceAuthoriseProcedure, message)
		if got := <-gone; got != want {
			t.Errorf("%s: gone: %v", message, got)
		}
	}
}

// What a call fails with has the platform's value beside the code of gRPC.
func TestDetailsOfErrors(t *testing.T) {
	f := newFixture(t)
	status, answer := f.post(upsv1connect.SessionServiceAuthoriseProcedure, strings.Replace(aQuestion, `"x"`, `"`+strings.Repeat("x", 3000)+`"`, 1))
	text, err := json.Marshal(answer["details"])
	if err != nil || status != 400 || !strings.Contains(string(text), service.CodeName(runtime.ErrDestinationTooLong)) {
		t.Errorf("%d %v", status, answer)
	}
}

// A session, by gRPC: configuration, subsession, request, changed configuration,
// hanging up.
func TestSessionByGRPC(t *testing.T) {
	f := newFixture(t)
	client := f.sessions(connect.WithGRPC())
	ctx, hangUp := context.WithCancel(t.Context())
	defer hangUp()
	stream, err := client.Connect(ctx, connect.NewRequest(&upsv1.ConnectRequest{}))
	if err != nil || !stream.Receive() {
		t.Fatal(err, stream.Err())
	}
	session := stream.Msg().Session
	if c := stream.Msg().Services; len(session) != 16 || len(c) != 1 || c[0].Service != theService || c[0].Major != 1 || c[0].Minor != 2 || c[0].AuthorisationPolicy != 0 {
		t.Errorf("session %x, configuration %v", session, c)
	}
	opened, err := client.OpenSubsession(ctx, connect.NewRequest(&upsv1.OpenSubsessionRequest{Session: session, Client: &upsv1.Client{Sid: 1}}))
	if err != nil {
		t.Fatal(err)
	}
	answer, err := client.Authorise(ctx, connect.NewRequest(&upsv1.AuthoriseRequest{
		Session: session, Subsession: opened.Msg.Subsession, Query: &upsv1.Query{Service: theService, Destination: "x"},
	}))
	if err != nil || answer.Msg.Decision != upsv1.Decision_DECISION_YES {
		t.Errorf("%v, %v", answer, err)
	}
	f.put(44, policy.No)
	if err := f.store.Reload(); err != nil {
		t.Fatal(err)
	}
	if !stream.Receive() || len(stream.Msg().Services) != 2 {
		t.Errorf("after a change: %v, %v", stream.Msg(), stream.Err())
	}
	hangUp()
	for end := time.Now().Add(patience); f.service.Status().Sessions != 0; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("the session is still open")
		}
	}
}

// Who isn't known is refused, whatever is called.
func TestUnknownCallerIsRefused(t *testing.T) {
	for why, who := range map[string]identify{
		"uid 7 is nobody":        func(p Peer) (Identity, error) { id, _ := known(p); return id, errors.New("uid 7 is nobody") },
		"the caller has no name": func(Peer) (Identity, error) { return Identity{}, nil },
	} {
		f := newFixture(t, func(o *Options) { o.Identify = who })
		for _, procedure := range []string{
			upsv1connect.SessionServiceAuthoriseProcedure, upsv1connect.StatusServiceVersionProcedure,
			upsv1connect.ManagementServiceDeleteProcedure, "/grpc.health.v1.Health/Check",
		} {
			if status, answer := f.post(procedure, "{}"); status != http.StatusUnauthorized || answer["code"] != "unauthenticated" || answer["message"] != why {
				t.Errorf("%s: %s: %d %v", why, procedure, status, answer)
			}
		}
	}
}
