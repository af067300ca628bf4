//go:build unix

package client

import (
	"errors"
	"testing"
	"time"

	"connectrpc.com/connect"

	"ups/policy"
	"ups/runtime/decision"
	"ups/runtime/service"
)

// withWaiting starts a server whose user doesn't answer, and asks: by a stream, if so
// much may be streamed, or else by a call.
func withWaiting(t *testing.T, maxStreamed int) (m *machine, session *Session, got chan error) {
	t.Helper()
	m = newMachine(t)
	m.put(theService, policy.AllOptions)
	asked := make(chan struct{}, 10)
	m.opt.PlugIns = service.Registry{DialogCreators: map[uint32]service.DialogCreatorFactory{
		theCreator: func(uint32) (service.DialogCreator, error) { return silent(asked), nil },
	}}
	m.start()
	c := m.dial()
	c.maxStreamed = maxStreamed
	session, sub := m.open(c)
	got = make(chan error, 1)
	go func() {
		o, err := sub.Authorise(t.Context(), aQuery)
		if o.Decision.Allows() {
			t.Errorf("allowed: %+v", o)
		}
		got <- err
	}()
	<-asked
	return m, session, got
}

// A request that waits when its caller loses the right to ask ends, by whatever way it
// was asked, and nothing is stored.
func TestRightWithdrawnMeanwhile(t *testing.T) {
	for name, streamed := range map[string]int{"by the stream": maxStreamed, "by a call": 0} {
		m, _, got := withWaiting(t, streamed)
		m.who.Caller.Capabilities = 0
		m.api.IdentitiesChanged()
		m.receive(got, service.ErrPermissionDenied)
		if n, err := m.opt.DB.Count(t.Context(), decision.Filter{}); n != 0 || err != nil {
			t.Errorf("%s: %d records, %v", name, n, err)
		}
		for end := time.Now().Add(time.Minute); m.service.Status().Requests != 0; time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatalf("%s: it goes on in the service", name)
			}
		}
	}
}

// A request ends too whose caller isn't known any more.
func TestUnknownMeanwhile(t *testing.T) {
	m, _, got := withWaiting(t, maxStreamed)
	m.who.Name = ""
	m.api.IdentitiesChanged()
	m.receive(got, service.ErrPermissionDenied)
}

// Who isn't known any more is told so, rather than made to wait for another session.
func TestNoOtherSession(t *testing.T) {
	m := newMachine(t)
	m.start()
	session, _ := m.open(m.dial(func(o *Options) { o.Wait = time.Hour }))
	before, _, _ := session.state()
	m.who.Name = ""
	m.api.IdentitiesChanged()
	if _, err := session.after(t.Context(), before); connect.CodeOf(err) != connect.CodeUnauthenticated {
		t.Errorf("%v", err)
	}
}

// What changes for others ends nothing.
func TestIdentitiesThatAreTheSame(t *testing.T) {
	m, session, got := withWaiting(t, maxStreamed)
	before, _, _ := session.state()
	m.who.Status = !m.who.Status
	m.api.IdentitiesChanged()
	select {
	case err := <-got:
		t.Errorf("the request ended: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	if now, _, _ := session.state(); now != before {
		t.Error("the session is another")
	}
}

// A caller that gets another name, or SID, goes on in a session that is its own.
func TestRenamed(t *testing.T) {
	m := newMachine(t)
	m.start()
	session, sub := m.open(m.dial())
	expectYes(t, "before", sub)
	before, _, _ := session.state()
	m.who.Name = "renamed"
	m.api.IdentitiesChanged()
	o, err := sub.Authorise(t.Context(), aQuery)
	if err != nil && !errors.Is(err, service.ErrPermissionDenied) && !errors.Is(err, service.ErrClosed) { // it was under way
		t.Errorf("%+v, %v", o, err)
	}
	for now := before; now == nil || string(now.session) == string(before.session); now, _, _ = session.state() {
		time.Sleep(time.Millisecond)
	}
	expectYes(t, "renamed", sub)
}
