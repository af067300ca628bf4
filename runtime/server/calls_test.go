package server

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"connectrpc.com/connect"

	"ups/runtime/api/upsv1"
	"ups/runtime/api/upsv1/upsv1connect"
	"ups/runtime/decision"
	"ups/runtime/service"
)

// withdrawing knows everybody, until they lose their capabilities.
type withdrawing struct{ atomic.Bool }

func (w *withdrawing) Identify(p Peer) (Identity, error) {
	id, err := known(p)
	if w.Load() {
		id.Caller.Capabilities = service.ProtServ // no ReadDeviceData
	}
	return id, err
}

// A list that is under way when its caller loses the right to read ends: with what had
// been sent, and an error.
func TestListWithoutRight(t *testing.T) {
	const records = 3000 // more than can be on its way
	who := &withdrawing{}
	f := newFixture(t, func(o *Options) { o.Identify = who })
	for i := range uint32(records) {
		key := decision.Key{Client: i, Service: theService, Server: theServer, Major: 1}
		r := decision.Record{Key: key, Result: decision.Always, Description: strings.Repeat("x", decision.MaxDescription)}
		if _, err := f.db.Store(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	client := upsv1connect.NewManagementServiceClient(f.http2, "http://ups")
	stream, err := client.List(t.Context(), connect.NewRequest(&upsv1.ListRequest{}))
	if err != nil || !stream.Receive() {
		t.Fatal(err, stream.Err())
	}
	who.Store(true)
	f.server.IdentitiesChanged()
	n := 1
	for stream.Receive() {
		n++
	}
	expectCode(t, "the list", stream.Err(), connect.CodePermissionDenied)
	if n == records {
		t.Error("all was listed")
	}
}

// Identities that change between the identification of a caller and the beginning of its
// call count for it; and a call that is over is kept no more.
func TestChangeWhileACallBegins(t *testing.T) {
	who := &withdrawing{}
	f := newFixture(t, func(o *Options) { o.Identify = who })
	identity, err := who.Identify(Peer{})
	expectNone(t, "the identity", err)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://ups"+upsv1connect.SessionServiceAuthoriseProcedure, nil)
	expectNone(t, "the request", err)
	changes := f.server.calls.count()
	who.Store(true)
	f.server.IdentitiesChanged()
	ctx, over := f.server.underWay(r, identity, changes)
	if ctx.Err() == nil {
		t.Error("the call goes on")
	}
	over()
	identity, _ = who.Identify(Peer{})
	ctx, over = f.server.underWay(r, identity, f.server.calls.count())
	if ctx.Err() != nil {
		t.Error("a call of who it is now has ended")
	}
	over()
	if n := len(f.server.calls.changed()); n != 0 {
		t.Errorf("%d calls are kept", n)
	}
}

// All sessions end with their caller's capabilities; that there is none any more says
// that another can be had.
func TestSessionOfFormerCapabilities(t *testing.T) {
	who := &withdrawing{}
	f := newFixture(t, func(o *Options) { o.Identify = who })
	streams := []*configurations{f.connected(), f.connected(), f.connected()}
	who.Store(true)
	f.server.IdentitiesChanged()
	for _, stream := range streams {
		f.expectEnd(stream)
	}
}

// A caller who isn't known any more has lost its calls, whatever else is said of it.
func TestCallOfWhoIsUnknown(t *testing.T) {
	var unknown atomic.Bool
	f := newFixture(t, func(o *Options) {
		o.Identify = identify(func(p Peer) (Identity, error) {
			id, err := known(p)
			if unknown.Load() {
				err = errors.New("nobody")
			}
			return id, err
		})
	})
	stream := f.connected()
	unknown.Store(true)
	f.server.IdentitiesChanged()
	f.expectEnd(stream)
}

// configurations are the messages of a session.
type configurations = connect.ServerStreamForClient[upsv1.ConnectResponse]

// connected returns a session that has begun, and which ends by itself if the server
// doesn't end it.
func (f *fixture) connected() *configurations {
	f.t.Helper()
	ctx, cancel := context.WithTimeout(f.t.Context(), 20*time.Second)
	f.t.Cleanup(cancel)
	stream, err := f.sessions().Connect(ctx, connect.NewRequest(&upsv1.ConnectRequest{}))
	if err != nil || !stream.Receive() {
		f.t.Fatal(err, stream.Err())
	}
	return stream
}

func (f *fixture) expectEnd(stream *configurations) {
	f.t.Helper()
	if stream.Receive() {
		f.t.Errorf("it goes on: %v", stream.Msg())
	}
	expectCode(f.t, "it ends", stream.Err(), connect.CodeNotFound)
}
