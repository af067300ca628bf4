package server

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"connectrpc.com/connect"

	"ups/runtime/api/upsv1"
	"ups/runtime/api/upsv1/upsv1connect"
	"ups/runtime/service"
)

// guest is a caller with a connection of its own.
type guest struct {
	*fixture
	upsv1connect.SessionServiceClient
}

// newGuests returns a server with limits, and two callers of it.
func newGuests(t *testing.T, limits Limits) (f *fixture, one, other *guest) {
	t.Helper()
	f = newFixture(t, func(o *Options) {
		o.Limits = limits
		o.Peer = users(1, 2)
		o.Identify = identify(func(p Peer) (Identity, error) {
			id, err := known(p)
			id.Name = fmt.Sprint("uid ", p.Unix.UID)
			return id, err
		})
	})
	return f, f.newGuest(), f.newGuest()
}

// newGuest connects as the next user.
func (f *fixture) newGuest() *guest {
	f.t.Helper()
	h := overSocket(f.socket, true)
	f.t.Cleanup(h.CloseIdleConnections)
	status := upsv1connect.NewStatusServiceClient(h, "http://ups")
	if _, err := status.Version(f.t.Context(), connect.NewRequest(&upsv1.VersionRequest{})); err != nil {
		f.t.Fatal(err)
	}
	return &guest{f, upsv1connect.NewSessionServiceClient(h, "http://ups")}
}

// connect opens a session, which hangUp ends.
func (g *guest) connect() (id []byte, hangUp func(), err error) {
	ctx, hangUp := context.WithCancel(g.t.Context())
	g.t.Cleanup(hangUp)
	stream, err := g.Connect(ctx, connect.NewRequest(&upsv1.ConnectRequest{}))
	if err != nil {
		return nil, hangUp, err
	}
	if !stream.Receive() {
		return nil, hangUp, stream.Err()
	}
	return stream.Msg().Session, hangUp, nil
}

func (g *guest) open(session []byte) (uint64, error) {
	r, err := g.OpenSubsession(g.t.Context(), connect.NewRequest(&upsv1.OpenSubsessionRequest{Session: session, Client: &upsv1.Client{Sid: 1}}))
	if err != nil {
		return 0, err
	}
	return r.Msg.Subsession, nil
}

func (g *guest) close(session []byte, id uint64) error {
	_, err := g.CloseSubsession(g.t.Context(), connect.NewRequest(&upsv1.CloseSubsessionRequest{Session: session, Subsession: id}))
	return err
}

// authorise asks without a session.
func (g *guest) authorise() error {
	_, err := g.Authorise(g.t.Context(), connect.NewRequest(&upsv1.AuthoriseRequest{
		Client: &upsv1.Client{Sid: 1}, Query: &upsv1.Query{Service: theService},
	}))
	return err
}

func expectCode(t *testing.T, what string, err error, want connect.Code) {
	t.Helper()
	if connect.CodeOf(err) != want {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

func expectNone(t *testing.T, what string, err error) {
	t.Helper()
	if err != nil {
		t.Errorf("%s: %v", what, err)
	}
}

// held returns how many of a resource a caller has.
func (f *fixture) held(name string, r resource) int {
	c := f.server.callers
	c.mu.Lock()
	defer c.mu.Unlock()
	if k := c.byName[name]; k != nil {
		return k.held[r]
	}
	return 0
}

func (s *sessions) count() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.byID)
}

// A caller has no more sessions than the limit; another has its own; and a session that
// has ended counts no more.
func TestSessionsOfACaller(t *testing.T) {
	f, one, other := newGuests(t, Limits{Sessions: 2})
	_, hangUp, err := one.connect()
	expectNone(t, "the first", err)
	_, _, err = one.connect()
	expectNone(t, "at the limit", err)
	_, _, err = one.connect()
	expectCode(t, "over the limit", err, connect.CodeResourceExhausted)
	_, _, err = other.connect()
	expectNone(t, "of another caller", err)
	expectNone(t, "a request beside the sessions", one.authorise())
	hangUp()
	f.await("the session counts no more", func() bool { return f.held("uid 1", aSession) == 1 })
	if n := f.server.sessions.count(); n != 2 {
		t.Errorf("%d sessions are kept, want 2", n)
	}
	_, _, err = one.connect()
	expectNone(t, "in its place", err)
}

// So it is with subsessions, in all sessions together.
func TestSubsessionsOfACaller(t *testing.T) {
	f, one, other := newGuests(t, Limits{Subsessions: 2})
	first, hangUp, err := one.connect()
	expectNone(t, "a session", err)
	second, _, err := one.connect()
	expectNone(t, "another", err)
	id, err := one.open(first)
	expectNone(t, "the first", err)
	last, err := one.open(second)
	expectNone(t, "at the limit", err)
	_, err = one.open(second)
	expectCode(t, "over the limit", err, connect.CodeResourceExhausted)
	others, _, err := other.connect()
	expectNone(t, "a session of another caller", err)
	_, err = other.open(others)
	expectNone(t, "of another caller", err)

	expectNone(t, "closing", one.close(second, last))
	expectCode(t, "closing again", one.close(second, last), connect.CodeNotFound)
	if n := f.held("uid 1", aSubsession); n != 1 {
		t.Errorf("%d subsessions count, want 1", n)
	}
	again, err := one.open(second)
	expectNone(t, "in its place", err)
	if again == last || again == id {
		t.Errorf("it has the id %d again", again)
	}
	hangUp()
	f.await("those of a session that has ended count no more", func() bool { return f.held("uid 1", aSubsession) == 1 })
	expectCode(t, "closing one of them", one.close(first, id), connect.CodeNotFound)
}

// A call that is under way counts, whatever it waits for.
func TestRequestsOfACaller(t *testing.T) {
	f, one, other := newGuests(t, Limits{Requests: 1})
	waits, send := io.Pipe()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://ups"+upsv1connect.SessionServiceAuthoriseProcedure, waits)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	h := overSocket(f.socket, true) // users says that it is uid 2, as the last
	defer h.CloseIdleConnections()
	answered := make(chan error, 1)
	go func() {
		answer, err := h.Do(r)
		if err == nil {
			err = answer.Body.Close()
		}
		answered <- err
	}()
	f.await("the call is under way", func() bool { return f.held("uid 2", aRequest) == 1 })
	expectCode(t, "over the limit", other.authorise(), connect.CodeResourceExhausted)
	expectNone(t, "of another caller", one.authorise())
	send.Write([]byte("{}"))
	send.Close()
	expectNone(t, "the call", <-answered)
	f.await("it counts no more", func() bool { return f.held("uid 2", aRequest) == 0 })
	expectNone(t, "afterwards", other.authorise())
}

// A caller that calls too often is refused, sessions among its calls, and others aren't.
func TestRateOfACaller(t *testing.T) {
	f, one, other := newGuests(t, Limits{Burst: 3, Rate: 0.001}) // one call was for the version
	expectNone(t, "the second", one.authorise())
	_, _, err := one.connect()
	expectNone(t, "the third", err)
	expectCode(t, "over the limit", one.authorise(), connect.CodeResourceExhausted)
	_, _, err = one.connect()
	expectCode(t, "a session over the limit", err, connect.CodeResourceExhausted)
	if n := f.held("uid 1", aSession); n != 1 {
		t.Errorf("%d sessions count, want 1", n)
	}
	expectNone(t, "of another caller", other.authorise())
}

// What is kept of a caller is forgotten once it has nothing, and might call as often as
// one that is new: by connecting anew nothing is gained, and nothing grows.
func TestCallersAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newCallers(Limits{Burst: 1, Rate: 50}.Filled())
		release, err := c.admit("a", aRequest)
		expectNone(t, "the first call", err)
		release()
		if _, ok := c.byName["a"]; !ok {
			t.Error("it is forgotten although it has called just now")
		}
		time.Sleep(50 * time.Millisecond)
		session, err := c.admit("a", aSession)
		expectNone(t, "a session", err)
		request, err := c.take("a", aSubsession)
		expectNone(t, "a subsession", err)
		time.Sleep(50 * time.Millisecond)
		request()
		if _, ok := c.byName["a"]; !ok {
			t.Error("it is forgotten although it has a session")
		}
		session()
		if len(c.byName) != 0 {
			t.Errorf("%d callers are kept", len(c.byName))
		}
	})
}

// A session is its caller's: to another it isn't there, with the right id too.
func TestSessionOfAnotherCaller(t *testing.T) {
	f, one, other := newGuests(t, Limits{})
	session, _, err := one.connect()
	expectNone(t, "a session", err)
	id, err := one.open(session)
	expectNone(t, "a subsession", err)
	_, err = other.open(session)
	expectCode(t, "another opens a subsession", err, connect.CodeNotFound)
	expectCode(t, "another closes one", other.close(session, id), connect.CodeNotFound)
	ask := &upsv1.AuthoriseRequest{Session: session, Subsession: id, Query: &upsv1.Query{Service: theService}}
	_, err = other.Authorise(t.Context(), connect.NewRequest(ask))
	expectCode(t, "another asks", err, connect.CodeNotFound)
	_, err = one.Authorise(t.Context(), connect.NewRequest(ask))
	expectNone(t, "the caller asks", err)
	ask.Subsession++
	_, err = one.Authorise(t.Context(), connect.NewRequest(ask))
	expectCode(t, "the caller asks in no subsession", err, connect.CodeNotFound)
	if n := f.held("uid 1", aSubsession); n != 1 {
		t.Errorf("%d subsessions, want 1", n)
	}
}

// Of several that close a subsession whose request is under way, all return once that
// has ended, and it is counted out once.
func TestSubsessionClosedBySeveral(t *testing.T) {
	a := newAttached(t, service.Limits{Grace: 300 * time.Millisecond})
	a.attach(evaluatorKind, theEvaluator, evaluating)
	shown := make(chan struct{}, 1)
	a.attach(creatorKind, theCreator, func(c *upsv1.PlugInCall) *upsv1.PlugInResult {
		if c.GetPrepare() != nil {
			return creating(c)
		}
		shown <- struct{}{}
		return nil // so that its end takes as long as Grace
	})
	s := &session{Session: a.session, owner: "a", callers: a.server.callers}
	_, err := s.callers.take("a", aSession) // so that it isn't forgotten
	expectNone(t, "a session", err)
	id, err := s.open(service.Client{SID: 1})
	expectNone(t, "a subsession", err)
	sub, err := s.subsession(id)
	expectNone(t, "found", err)
	var all sync.WaitGroup
	all.Go(func() { sub.ask(t.Context(), false, service.Query{Service: theService}) })
	<-shown
	var closed atomic.Int32
	for range 3 {
		all.Go(func() {
			if s.closeSubsession(id) == nil {
				closed.Add(1)
			}
		})
	}
	all.Wait()
	if n := a.held("a", aSubsession); n != 0 || closed.Load() != 1 {
		t.Errorf("%d subsessions count, want 0; %d closed it, want 1", n, closed.Load())
	}
}

// A subsession that is opened while its session closes isn't there, and doesn't count.
func TestSubsessionOfAClosedSession(t *testing.T) {
	f := newFixture(t)
	opened, err := f.service.Connect(t.Context(), service.Caller{SID: theServer})
	expectNone(t, "a session", err)
	s := &session{Session: opened, owner: "a", callers: f.server.callers}
	release, err := f.server.callers.take("a", aSubsession)
	expectNone(t, "counted", err)
	s.close()
	if id, err := s.add(&subsession{release: release}); !errors.Is(err, service.ErrClosed) || id != 0 {
		t.Errorf("%d, %v", id, err)
	}
	if _, err := s.open(service.Client{}); !errors.Is(err, service.ErrClosed) {
		t.Errorf("opened: %v", err)
	}
	other := &session{Session: opened, owner: "a", callers: f.server.callers} // not closed by its stream yet
	if id, err := other.open(service.Client{}); !errors.Is(err, service.ErrClosed) || id != 0 {
		t.Errorf("opened in what the service has closed: %d, %v", id, err)
	}
	if n := f.held("a", aSubsession); n != 0 {
		t.Errorf("%d subsessions count, want 0", n)
	}
}
