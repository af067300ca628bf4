package server

import (
	"testing"

	"connectrpc.com/connect"

	"ups/runtime/api/upsv1"
	"ups/runtime/api/upsv1/upsv1connect"
	"ups/runtime/service"
)

// A server that was closed ends sessions and attachments, and refuses what comes later,
// though its connections are still there; health checks say so.
func TestClosedServer(t *testing.T) {
	a := newAttached(t, service.Limits{}, func(o *Options) {
		o.Identify = identify(func(p Peer) (Identity, error) {
			id, err := mayAttach(p)
			id.Caller = service.Caller{SID: theServer, Capabilities: ^service.Capabilities(0)}
			return id, err
		})
	})
	a.expectHealth("before", "SERVING_STATUS_SERVING")
	stream, err := a.sessions().Connect(t.Context(), connect.NewRequest(&upsv1.ConnectRequest{}))
	if err != nil || !stream.Receive() {
		t.Fatal(err, stream.Err())
	}
	program := a.dial()
	expectNone(t, "attached", says(program, attachAs(evaluatorKind, theEvaluator)))

	a.server.Close()
	if stream.Receive() {
		t.Errorf("the session goes on: %v", stream.Msg())
	}
	expectCode(t, "the session", stream.Err(), connect.CodeUnavailable)
	_, err = program.Receive()
	expectCode(t, "the program", err, connect.CodeUnavailable)
	expectCode(t, "another program", says(a.dial(), attachAs(creatorKind, theCreator)), connect.CodeUnavailable)
	a.expectHealth("afterwards", "SERVING_STATUS_NOT_SERVING")
	later, err := a.sessions().Connect(t.Context(), connect.NewRequest(&upsv1.ConnectRequest{}))
	if err == nil && !later.Receive() {
		err = later.Err()
	}
	expectCode(t, "another session", err, connect.CodeUnavailable)
	for _, c := range []struct{ procedure, message string }{
		{upsv1connect.SessionServiceAuthoriseProcedure, aQuestion},
		{upsv1connect.ManagementServiceDeleteProcedure, "{}"},
	} {
		if status, answer := a.post(c.procedure, c.message); status != 503 || answer["code"] != "unavailable" {
			t.Errorf("%s: %d %v", c.procedure, status, answer)
		}
	}
}

// A server that is about to end says so before it refuses anything.
func TestHealthOfServerThatEnds(t *testing.T) {
	f := newFixture(t)
	f.server.drain()
	f.expectHealth("about to end", "SERVING_STATUS_NOT_SERVING")
	if status, answer := f.post(upsv1connect.SessionServiceAuthoriseProcedure, aQuestion); status != 200 {
		t.Errorf("a request: %d %v", status, answer)
	}
}

// expectHealth expects an answer of health checks, of the server and of each service.
func (f *fixture) expectHealth(when, want string) {
	f.t.Helper()
	for _, name := range append([]string{""}, serviceNames...) {
		if _, answer := f.post("/grpc.health.v1.Health/Check", `{"service": "`+name+`"}`); answer["status"] != want {
			f.t.Errorf("%s, %q: %v", when, name, answer)
		}
	}
}

// A service that is closed under its server is unavailable.
func TestClosedService(t *testing.T) {
	f := newFixture(t)
	f.service.Close()
	stream, err := f.sessions().Connect(t.Context(), connect.NewRequest(&upsv1.ConnectRequest{}))
	if err == nil && !stream.Receive() {
		err = stream.Err()
	}
	expectCode(t, "a session", err, connect.CodeUnavailable)
	if status, answer := f.post(upsv1connect.SessionServiceAuthoriseProcedure, aQuestion); status != 503 || answer["code"] != "unavailable" {
		t.Errorf("a request: %d %v", status, answer)
	}
}
