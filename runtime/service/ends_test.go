package service

import (
	"context"
	"errors"
	"iter"
	"math/rand/v2"
	goruntime "runtime"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ups/policy"
	"ups/runtime"
	"ups/runtime/decision"
)

// closedDB is a database that its owner closes when the service is done: what
// is called after that, or still is under way, fails the test.
type closedDB struct {
	decision.DB
	t      testing.TB
	using  atomic.Int32
	closed atomic.Bool
}

func (d *closedDB) use() (done func()) {
	d.using.Add(1)
	if d.closed.Load() {
		d.t.Error("the database is used after Done")
	}
	goruntime.Gosched()
	return func() { d.using.Add(-1) }
}

// close is called once the service is done.
func (d *closedDB) close() {
	d.closed.Store(true)
	if n := d.using.Load(); n != 0 {
		d.t.Errorf("%d operations of the database are under way after Done", n)
	}
}

func (d *closedDB) Lookup(ctx context.Context, k decision.Key) (decision.Record, bool, error) {
	defer d.use()()
	return d.DB.Lookup(ctx, k)
}

func (d *closedDB) Store(ctx context.Context, r decision.Record) (uint64, error) {
	defer d.use()()
	return d.DB.Store(ctx, r)
}

func (d *closedDB) Delete(ctx context.Context, f decision.Filter) (int, error) {
	defer d.use()()
	return d.DB.Delete(ctx, f)
}

func (d *closedDB) Purge(ctx context.Context, active map[decision.Service]uint16, spared []decision.Service) (int, error) {
	defer d.use()()
	return d.DB.Purge(ctx, active, spared)
}

func (d *closedDB) List(ctx context.Context, f decision.Filter) iter.Seq2[decision.Record, error] {
	return func(yield func(decision.Record, error) bool) {
		for r, err := range d.DB.List(ctx, f) {
			done := d.use()
			done()
			if !yield(r, err) {
				return
			}
		}
	}
}

// ending is one service after another at one store, each closed while all that
// can be done with it is done at once.
type ending struct {
	*fixture
	db     *closedDB
	ends   atomic.Int64 // of requests that were cut off
	answer atomic.Int64 // of those that weren't
}

const endings, endingClients = 60, 8

// Everything at once, until the service is closed from two sides: nothing but
// ErrClosed and what the caller did itself comes of it, Done is last, and the
// store can have the next server.
func TestEverythingWhileClosing(t *testing.T) {
	before := goruntime.NumGoroutine()
	e := &ending{fixture: newFixture(t, evaluated(policy.AllOptions))}
	e.user.answers = func(s *shownDialog) (Choice, error) {
		return Choice{Option: []policy.Options{policy.Always, policy.Never, policy.Yes}[rand.IntN(3)]}, nil
	}
	e.evaluator.fingerprints = byDestination
	var others sync.WaitGroup
	for i := range endings {
		e.round(i)
		others.Go(e.replace)
	}
	others.Wait()
	if e.ends.Load() == 0 || e.answer.Load() == 0 {
		t.Errorf("%d requests were cut off, %d answered", e.ends.Load(), e.answer.Load())
	}
	e.server.Close()
	checkGoroutines(t, before)
}

// replace makes a server and ends it, beside others of the same store.
func (e *ending) replace() {
	s, err := New(Options{Store: e.store, DB: decision.NewMemory()})
	if err != nil {
		e.t.Error(err)
		return
	}
	s.Close()
}

func (e *ending) round(n int) {
	e.db = &closedDB{DB: decision.NewMemory(), t: e.t}
	opt := e.server.opt
	opt.DB, opt.OnOutcome, opt.Idle = e.db, nil, time.Duration(1+n%3)*time.Millisecond
	sessions := &lastSessions{}
	opt.Metrics = sessions
	s, err := New(opt)
	if err != nil {
		e.t.Fatal(err)
	}
	var all sync.WaitGroup
	for range endingClients {
		all.Go(func() { e.connect(s) })
	}
	all.Go(func() { e.manage(s) })
	all.Go(func() { e.reload(n, s) })
	all.Go(func() {
		for !isDone(s) {
			s.Status()
			goruntime.Gosched()
		}
	})
	time.Sleep(time.Duration(rand.IntN(5000)) * time.Microsecond)
	for range 2 {
		all.Go(func() {
			s.Close()
			if !isDone(s) {
				e.t.Error("Close returned before Done")
			}
		})
	}
	<-s.Done()
	e.db.close()
	all.Wait()
	if st := s.Status(); st != (Status{}) {
		e.t.Errorf("left after Done: %+v", st)
	}
	if n := sessions.open; n != 0 {
		e.t.Errorf("%d sessions are open after Done", n)
	}
}

// lastSessions keeps the last number of sessions, which it gets under a lock of
// the server.
type lastSessions struct{ open int }

func (m *lastSessions) Sessions(open int)                { m.open = open }
func (*lastSessions) Waiting(int)                        {}
func (*lastSessions) PlugIn(context.Context, PlugInCall) {}
func (*lastSessions) Fault(string, error)                {}

// connect opens sessions, and asks, until the service is closed.
func (e *ending) connect(s *Server) {
	for {
		session, err := s.Connect(context.Background(), Caller{SID: theServer, Capabilities: ProtServ})
		if e.over("Connect", err) {
			return
		}
		sub, err := session.Open(Client{SID: 1 + rand.Uint32N(3)})
		if e.over("Open", err) {
			return
		}
		var all sync.WaitGroup
		for range 2 { // of which one may find the other outstanding
			all.Go(func() { e.authorise(sub) })
		}
		if rand.IntN(2) == 0 {
			all.Go(func() { sub.Close() })
		}
		if rand.IntN(2) == 0 {
			all.Go(func() { session.Close() })
		}
		all.Wait()
		session.Close()
	}
}

func (e *ending) authorise(sub *Subsession) {
	for range 5 {
		_, err := sub.Authorise(context.Background(), Query{Service: theService, Destination: []string{"a", "b", "c"}[rand.IntN(3)], Passed: true})
		switch {
		case errors.Is(err, ErrInUse):
		case err == nil:
			e.answer.Add(1)
		case e.over("Authorise", err):
			e.ends.Add(1)
			return
		}
	}
}

// manage does what a control panel does, in sessions of its own.
func (e *ending) manage(s *Server) {
	for {
		m, err := s.Manage(Caller{SoftwareInstallObserver, ^Capabilities(0)})
		if e.over("Manage", err) {
			return
		}
		var all sync.WaitGroup
		all.Go(func() {
			for _, err := range m.Records(context.Background(), decision.Filter{}) {
				if !errors.Is(err, decision.ErrViewLost) {
					e.over("Records", err)
				}
			}
		})
		all.Go(func() { e.over("DeleteDatabase", m.DeleteDatabase(context.Background())) })
		all.Go(func() { e.over("PlugInsChanged", m.PlugInsChanged(context.Background())) })
		all.Go(func() { m.Close() })
		all.Wait()
	}
}

// reload changes the policies, by the store and by the service.
func (e *ending) reload(n int, s *Server) {
	for i := 0; !isDone(s); i++ {
		f := evaluated(policy.AllOptions)
		f.Header.MinorVersion = uint16(n<<8 + i)
		putFile(e.t, e.rom, theService, f)
		if err := e.store.Reload(); err != nil {
			e.t.Error(err)
		}
		if m, err := s.Manage(Caller{SID: SoftwareInstallObserver}); err == nil {
			e.over("PolicyFilesChanged", m.PolicyFilesChanged(context.Background()))
			m.Close()
		}
	}
}

// over reports whether something was closed. Any other error fails the test.
func (e *ending) over(what string, err error) bool {
	if err == nil {
		return false
	}
	if !errors.Is(err, ErrClosed) || errors.Is(err, context.Canceled) {
		e.t.Errorf("%s: %v", what, err)
	}
	return true
}

// A session that comes at the moment of the idle end is refused, or keeps the
// service: never is it opened and then closed.
func TestSessionAtTheIdleEnd(t *testing.T) {
	g := newFixture(t, nil)
	kept := 0
	for range 1000 {
		if sessionAtTheIdleEnd(t, g.store, g.db) {
			kept++
		}
	}
	if kept == 0 {
		t.Error("no session was in time to keep its service")
	}
}

func sessionAtTheIdleEnd(t *testing.T, store *runtime.Store, db decision.DB) (kept bool) {
	clock := &handClock{}
	s, err := New(Options{Store: store, DB: db, Clock: clock})
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	g := &fixture{t: t, server: s}
	g.observer().Close()
	var fired sync.WaitGroup
	fired.Go(clock.timers[0])
	m, err := s.Manage(Caller{SID: SoftwareInstallObserver})
	if err != nil {
		cut(t, "Manage", err)
		<-s.Done()
	}
	fired.Wait()
	if err == nil {
		if err := m.PlugInsChanged(context.Background()); err != nil || isDone(s) {
			t.Errorf("a session that was opened: %v, Done %v", err, isDone(s))
		}
	}
	return err == nil
}
