package server

import (
	"testing"

	"connectrpc.com/connect"

	"ups/runtime/api/upsv1"
	"ups/runtime/api/upsv1/upsv1connect"
	"ups/runtime/decision"
	"ups/runtime/service"
)

// A message that can't be understood is refused, by who may do everything too, and
// nothing is changed: a filter that isn't one doesn't select all.
func TestManagementOfNonsense(t *testing.T) {
	f := newFixture(t, func(o *Options) {
		o.Identify = identify(func(Peer) (Identity, error) {
			return Identity{Name: "manager", Caller: service.Caller{SID: 1, Capabilities: ^service.Capabilities(0)}}, nil
		})
	})
	key := decision.Key{Client: 1, Service: theService, Server: theServer, Major: 1}
	id, err := f.db.Store(t.Context(), decision.Record{Key: key, Result: decision.Always})
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ procedure, message string }{
		{upsv1connect.ManagementServiceDeleteProcedure, `{"filter": ["nonsense"]}`},
		{upsv1connect.ManagementServiceUpdateResultProcedure, `{"id": 1}`},
		{upsv1connect.ManagementServiceUpdateResultProcedure, `{"id": 1, "result": 7}`},
		{upsv1connect.ManagementServiceRestoreProcedure, `{"record": {}}`},
		{upsv1connect.ManagementServiceRestoreProcedure, `{}`},
	} {
		if status, answer := f.post(c.procedure, c.message); status != 400 || answer["code"] != "invalid_argument" {
			t.Errorf("%s %s: %d %v", c.procedure, c.message, status, answer)
		}
	}
	for r, err := range f.db.List(t.Context(), decision.Filter{}) {
		if err != nil || r.ID != id || r.Result != decision.Always || r.Key != key {
			t.Errorf("stored afterwards: %+v, %v", r, err)
		}
	}
	if n, err := f.db.Count(t.Context(), decision.Filter{}); n != 1 || err != nil {
		t.Errorf("%d records, %v", n, err)
	}
}

// How many records were deleted is said.
func TestDeletedAreCounted(t *testing.T) {
	f := newFixture(t, func(o *Options) {
		o.Identify = identify(func(Peer) (Identity, error) {
			return Identity{Name: "writer", Caller: service.Caller{SID: 1, Capabilities: service.WriteDeviceData}}, nil
		})
	})
	for i := range uint32(3) {
		if _, err := f.db.Store(t.Context(), decision.Record{Key: decision.Key{Client: i}, Result: decision.Result(i % 2)}); err != nil {
			t.Fatal(err)
		}
	}
	if status, answer := f.post(upsv1connect.ManagementServiceDeleteProcedure, `{"filter": ["result=never"]}`); status != 200 || answer["deleted"] != "2" {
		t.Errorf("%d %v", status, answer)
	}
}

// A list of what can't be selected fails, and has no records.
func TestListOfNonsense(t *testing.T) {
	f := newFixture(t)
	if _, err := f.db.Store(t.Context(), decision.Record{Result: decision.Always}); err != nil {
		t.Fatal(err)
	}
	client := upsv1connect.NewManagementServiceClient(f.http2, "http://ups")
	stream, err := client.List(t.Context(), connect.NewRequest(&upsv1.ListRequest{Filter: []string{"nonsense"}}))
	if err != nil {
		t.Fatal(err)
	}
	if stream.Receive() {
		t.Errorf("listed: %v", stream.Msg())
	}
	expectCode(t, "the list", stream.Err(), connect.CodeInvalidArgument)
}

// Who may not read is told so, and is sent no record.
func TestListWithoutCapabilities(t *testing.T) {
	f := newFixture(t, func(o *Options) {
		o.Identify = identify(func(Peer) (Identity, error) {
			return Identity{Name: "writer", Caller: service.Caller{SID: 1, Capabilities: service.WriteDeviceData}}, nil
		})
	})
	if _, err := f.db.Store(t.Context(), decision.Record{Result: decision.Always}); err != nil {
		t.Fatal(err)
	}
	client := upsv1connect.NewManagementServiceClient(f.http2, "http://ups")
	stream, err := client.List(t.Context(), connect.NewRequest(&upsv1.ListRequest{}))
	if err != nil {
		t.Fatal(err)
	}
	if stream.Receive() {
		t.Errorf("listed: %v", stream.Msg())
	}
	expectCode(t, "the list", stream.Err(), connect.CodePermissionDenied)
}
