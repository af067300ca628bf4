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
	const health = "/grpc.health.v1.Health/Check"
	if _, answer := a.post(health, "{}"); answer["status"] != "SERVING_STATUS_SERVING" {
		t.Errorf("before: %v", answer)
	}
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
	if _, answer := a.post(health, "{}"); answer["status"] != "SERVING_STATUS_NOT_SERVING" {
		t.Errorf("afterwards: %v", answer)
	}
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
