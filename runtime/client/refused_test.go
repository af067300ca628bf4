//go:build unix

package client

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"
	"time"

	"connectrpc.com/connect"

	"ups/policy"
	"ups/runtime"
	"ups/runtime/api/upsv1"
	"ups/runtime/internal/messages"
	"ups/runtime/server"
	"ups/runtime/service"
)

// What the server refuses, the caller is told, and nothing is allowed: here a subsession
// over the limit. One that is used again, and one in the place of another that was
// closed, are within it.
func TestSubsessionOverTheLimit(t *testing.T) {
	m := newMachine(t)
	m.limits.Subsessions = 1
	m.start()
	session, first := m.open(m.dial())
	for range 3 {
		expectYes(t, "within the limit", first)
	}
	second, err := session.Open(service.Client{SID: 2})
	if err != nil {
		t.Fatal(err)
	}
	if o, err := second.Authorise(t.Context(), aQuery); connect.CodeOf(err) != connect.CodeResourceExhausted || o.Decision != policy.DecisionNo {
		t.Errorf("over the limit: %+v, %v", o, err)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	expectYes(t, "in the place of the first", second)
}

// Whoever the next server doesn't know isn't kept waiting for one that does.
func TestUnknownAtTheNextServer(t *testing.T) {
	m := newMachine(t)
	m.start()
	session, sub := m.open(m.dial(func(o *Options) { o.Wait = 30 * time.Second }))
	expectYes(t, "at first", sub)
	m.kill()
	for session.connected() { // a request would be refused itself
		time.Sleep(time.Millisecond)
	}
	m.who.Name = ""
	m.start()
	begun := time.Now()
	if o, err := sub.Authorise(t.Context(), aQuery); connect.CodeOf(err) != connect.CodeUnauthenticated || o.Decision != policy.DecisionNo {
		t.Errorf("%+v, %v", o, err)
	}
	if d := time.Since(begun); d > 20*time.Second {
		t.Errorf("it takes %v", d)
	}
}

// That the server can't be reached is said with the reason if there is one.
func TestUnavailableWords(t *testing.T) {
	for reason, want := range map[error]string{nil: ErrUnavailable.Error(), ErrInterrupted: ErrUnavailable.Error() + ": " + ErrInterrupted.Error()} {
		if err := unavailable(reason); !errors.Is(err, ErrUnavailable) || err.Error() != want {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

// The status is for whoever may know.
func TestStatusIsRefused(t *testing.T) {
	m := newMachine(t)
	m.who.Status = false
	m.start()
	m.open(m.dial())
	if st, err := m.dial().Status(t.Context()); !errors.Is(err, service.ErrPermissionDenied) || st != (service.Status{}) {
		t.Errorf("%+v, %v", st, err)
	}
}

// A server that isn't one is told apart: its messages aren't taken for a configuration.
func TestConfigurationsOfNonsense(t *testing.T) {
	for name, m := range map[string]*upsv1.ConnectResponse{
		"no id":         {},
		"a version":     {Session: []byte{1}, Services: []*upsv1.ServiceConfig{{Major: math.MaxUint16 + 1}}},
		"a version too": {Session: []byte{1}, Services: []*upsv1.ServiceConfig{{}, {Minor: math.MaxUint16 + 1}}},
		"a policy":      {Session: []byte{1}, Services: []*upsv1.ServiceConfig{{AuthorisationPolicy: math.MaxUint32}}},
	} {
		if l, err := newLink(m); l != nil || !errors.Is(err, messages.ErrInvalid) {
			t.Errorf("%s: %+v, %v", name, l, err)
		}
	}
	want := runtime.ServiceConfig{Service: 7, HasPolicyFile: true, AuthorisationPolicy: policy.CheckIfFailed, Major: math.MaxUint16, Minor: 1}
	l, err := newLink(&upsv1.ConnectResponse{Session: []byte{1}, Services: []*upsv1.ServiceConfig{
		{Service: 7, AuthorisationPolicy: uint32(policy.CheckIfFailed), Major: math.MaxUint16, Minor: 1},
	}})
	if err != nil || l.of(7) != want {
		t.Errorf("%+v, %v, want %+v", l, err, want)
	}
}

// The text of a plug-in's error is cut to what a message may hold.
func TestLongError(t *testing.T) {
	for n, want := range map[int]int{maxErrorText - 1: maxErrorText - 1, maxErrorText: maxErrorText, maxErrorText + 1: maxErrorText} {
		if got := len(failed(errors.New(strings.Repeat("x", n))).GetError()); got != want {
			t.Errorf("of %d bytes: %d, want %d", n, got, want)
		}
	}
}

// A dialog creator that its factory doesn't make is missing, as one that isn't
// installed; who attaches needn't listen to Attached.
func TestDialogCreatorThatIsNotMade(t *testing.T) {
	m := newMachine(t)
	m.put(theService, policy.Yes|policy.No)
	m.who.PlugIns = []server.PlugIn{{Kind: server.DialogCreator, UID: theCreator}}
	m.programs = server.NewPlugIns()
	m.opt.PlugIns = m.programs
	m.start()
	c := m.dial()
	ctx, cancel := context.WithCancel(t.Context())
	over := make(chan error, 1)
	go func() {
		over <- c.AttachDialogCreator(ctx, theCreator, func(uint32) (service.DialogCreator, error) { return nil, nil })
	}()
	for _, err := m.programs.DialogCreator(theCreator); err != nil; _, err = m.programs.DialogCreator(theCreator) {
		time.Sleep(time.Millisecond)
	}
	_, sub := m.open(c)
	if o, err := sub.Authorise(t.Context(), aQuery); !errors.Is(err, runtime.ErrMissingDialogCreator) || o.Decision != policy.DecisionNo {
		t.Errorf("%+v, %v", o, err)
	}
	cancel()
	if err := <-over; !errors.Is(err, context.Canceled) {
		t.Errorf("the end: %v", err)
	}
}
