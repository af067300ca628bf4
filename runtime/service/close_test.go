package service

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ups/policy"
	"ups/runtime/decision"
)

// heldDB holds back one kind of operation until goOn is closed. If it heeds
// contexts it gives up when one is done, with an error of its own that derives
// from context.Canceled, as drivers have.
type heldDB struct {
	decision.DB
	held  string
	heeds bool
	goOn  chan struct{}
}

func (d *heldDB) hold(ctx context.Context, operation string) error {
	if operation != d.held {
		return nil
	}
	var done <-chan struct{}
	if d.heeds {
		done = ctx.Done()
	}
	select {
	case <-d.goOn:
		return nil
	case <-done:
		return fmt.Errorf("interrupted: %w", ctx.Err())
	}
}

func (d *heldDB) Lookup(ctx context.Context, k decision.Key) (decision.Record, bool, error) {
	if err := d.hold(ctx, "lookup"); err != nil {
		return decision.Record{}, false, err
	}
	return d.DB.Lookup(ctx, k)
}

func (d *heldDB) Store(ctx context.Context, r decision.Record) (uint64, error) {
	if err := d.hold(ctx, "store"); err != nil {
		return 0, err
	}
	return d.DB.Store(ctx, r)
}

func (d *heldDB) UpdateResult(ctx context.Context, id uint64, r decision.Result) error {
	if err := d.hold(ctx, "update"); err != nil {
		return err
	}
	return d.DB.UpdateResult(ctx, id, r)
}

func (d *heldDB) Delete(ctx context.Context, f decision.Filter) (int, error) {
	if err := d.hold(ctx, "delete"); err != nil {
		return 0, err
	}
	return d.DB.Delete(ctx, f)
}

func (d *heldDB) Purge(ctx context.Context, active map[decision.Service]uint16, spared []decision.Service) (int, error) {
	if err := d.hold(ctx, "purge"); err != nil {
		return 0, err
	}
	return d.DB.Purge(ctx, active, spared)
}

func (d *heldDB) List(ctx context.Context, f decision.Filter) iter.Seq2[decision.Record, error] {
	return func(yield func(decision.Record, error) bool) {
		if err := d.hold(ctx, "list"); err != nil {
			yield(decision.Record{}, err)
			return
		}
		d.DB.List(ctx, f)(yield)
	}
}

// newHeldFixture is a fixture whose database is held back.
func newHeldFixture(t *testing.T, f *policy.File, held string, heeds bool) (*fixture, *heldDB) {
	db := &heldDB{held: held, heeds: heeds, goOn: make(chan struct{})}
	return newFixture(t, f, func(o *Options) { db.DB, o.DB = o.DB, db }), db
}

// closings are three calls of Close at once.
type closings struct {
	returned atomic.Int32
	errs     [3]error
}

// closeAtOnce closes from several goroutines; ended is asked whenever one of
// the calls returns, and must be true.
func closeAtOnce(t *testing.T, closing func() error, ended func() bool) *closings {
	c := &closings{}
	for i := range c.errs {
		go func() {
			c.errs[i] = closing()
			if !ended() {
				t.Error("Close returned before the request has ended")
			}
			c.returned.Add(1)
		}()
	}
	synctest.Wait()
	return c
}

// check fails unless all calls have returned, and all but one with ErrClosed.
func (c *closings) check(t *testing.T) {
	t.Helper()
	synctest.Wait()
	first, closed := 0, 0
	for _, err := range c.errs {
		switch {
		case err == nil:
			first++
		case errors.Is(err, ErrClosed):
			closed++
		}
	}
	if c.returned.Load() != 3 || first != 1 || closed != 2 {
		t.Errorf("%d calls of Close have returned: %v", c.returned.Load(), c.errs)
	}
}

func isDone(s *Server) bool {
	select {
	case <-s.Done():
		return true
	default:
		return false
	}
}

// cut fails unless the error says that a request was cut off, and nothing else
// that would have it taken for a request that its own caller has cancelled.
func cut(t *testing.T, what string, err error) {
	t.Helper()
	if !errors.Is(err, ErrClosed) || errors.Is(err, context.Canceled) {
		t.Errorf("%s: %v, want %v", what, err, ErrClosed)
	}
}

// ways are what closes a request in a subsession, from the inside out.
var ways = []struct {
	name    string
	closing func(*fixture, *Subsession) error
	ends    bool // the service
}{
	{"subsession", func(_ *fixture, s *Subsession) error { return s.Close() }, false},
	{"session", func(g *fixture, _ *Subsession) error { return g.session.Close() }, false},
	{"server", func(g *fixture, _ *Subsession) error { return g.server.Close() }, true},
}

// In every state of a request, however often and on whichever level Close is
// called, it returns when the request has ended, and Done is closed after that.
func TestCloseWaitsForTheLastRequest(t *testing.T) {
	for _, state := range []struct {
		name   string
		held   string
		heeds  bool
		stored bool // the answer stands
	}{
		{"a database that heeds contexts is read", "lookup", true, false},
		{"a database is read", "lookup", false, false},
		{"an answer is stored", "store", false, true},
		{"an answer is stored by a database that heeds contexts", "store", true, true},
	} {
		for _, way := range ways {
			t.Run(state.name+"/"+way.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					g, db := newHeldFixture(t, list(offer(policy.AllOptions)), state.held, state.heeds)
					g.user.always(policy.Always)
					sub := g.open(anApp)
					p := authorising(sub)
					c := closeAtOnce(t, func() error { return way.closing(g, sub) }, func() bool { return g.noted() == 1 })
					if waits := !state.heeds || state.stored; waits && (c.returned.Load() != 0 || isDone(g.server)) {
						t.Errorf("%d calls of Close have returned, Done %v, with a request under way", c.returned.Load(), isDone(g.server))
					}
					close(db.goOn)
					c.check(t)
					if isDone(g.server) != way.ends {
						t.Errorf("Done %v", isDone(g.server))
					}
					if !state.stored {
						cut(t, "the request", p.err)
						equal(t, "stored", g.results())
						return
					}
					expect(t, p, policy.DecisionSessionYes)
					equal(t, "stored", g.results(), "always")
				})
			})
		}
	}
}

// authorising is a request under way in a subsession.
func authorising(sub *Subsession) *pending {
	p := &pending{name: "x", done: make(chan struct{})}
	go func() {
		defer close(p.done)
		p.got, p.err = decided(sub.Authorise(context.Background(), Query{Service: theService, Destination: "x", Passed: true}))
	}()
	synctest.Wait()
	return p
}

func (g *fixture) noted() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.outcomes)
}

// A request that is closed fails with ErrClosed in every state, whatever a
// plug-in makes of it, and never as if its caller had cancelled it.
func TestPlugInsCutOffByClose(t *testing.T) {
	rude := func(ctx context.Context) error {
		<-ctx.Done()
		return fmt.Errorf("of its own: %w", ctx.Err())
	}
	for name, be := range map[string]func(*fixture){
		"fingerprints": func(g *fixture) {
			g.evaluator.fingerprints = func(ctx context.Context, _ *Request) (Evaluation, error) { return Evaluation{}, rude(ctx) }
		},
		"force prompt": func(g *fixture) {
			g.keep("", decision.Always, 0)
			g.evaluator.force = func(ctx context.Context, _ decision.Record) (bool, uint32, error) { return false, 0, rude(ctx) }
		},
		"prepare": func(g *fixture) { g.user.prepare = func(ctx context.Context, _ *Prompt) error { return rude(ctx) } },
		"display": func(g *fixture) {
			g.user.answers = func(s *shownDialog) (Choice, error) { return Choice{}, rude(s.ctx) }
		},
		"in the queue": func(g *fixture) { g.begin(anApp, "before") },
	} {
		for _, way := range ways {
			t.Run(name+"/"+way.name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					g := newFixture(t, evaluated(policy.AllOptions))
					be(g)
					synctest.Wait()
					sub := g.open(anApp)
					p := authorising(sub)
					c := closeAtOnce(t, func() error { return way.closing(g, sub) }, func() bool { return g.noted() >= 1 })
					c.check(t)
					cut(t, "the request", p.err)
				})
			})
		}
	}
}

// holdFetch makes the session's fetch of its configuration last until the end
// of the test.
func (g *fixture) holdFetch() (goOn func()) {
	slow := make(chan struct{})
	g.session.mu.Lock()
	g.session.fetching = slow
	g.session.mu.Unlock()
	g.server.policies.change()
	return func() {
		g.session.mu.Lock()
		g.session.fetching = nil
		g.session.mu.Unlock()
		close(slow)
	}
}

// Closing doesn't wait for a configuration: calls that wait for it fail.
func TestCloseWhileConfigurationIsFetchedFor(t *testing.T) {
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := newFixture(t, list(offer(policy.Yes)))
				defer g.holdFetch()()
				sub := g.open(anApp)
				p := authorising(sub)
				var config error
				configured := make(chan struct{})
				go func() {
					defer close(configured)
					_, config = g.session.Config(context.Background(), theService)
				}()
				synctest.Wait()
				closeAtOnce(t, func() error { return way.closing(g, sub) }, func() bool { return g.noted() == 1 }).check(t)
				cut(t, "the request", p.err)
				g.session.Close()
				<-configured
				cut(t, "Session.Config", config)
				_, err := g.session.Config(context.Background(), theService)
				cut(t, "Session.Config afterwards", err)
			})
		})
	}
}

// Closing the server ends a Connect under way, and leaves no session.
func TestCloseWhileConnecting(t *testing.T) {
	g := newFixture(t, nil, withSlowFile(t, 5))
	connected := make(chan error)
	go func() {
		session, err := g.server.Connect(context.Background(), Caller{SID: 5})
		if session != nil {
			t.Error("a session of a server that is closed")
		}
		connected <- err
	}()
	for g.server.Status().Sessions != 2 {
		time.Sleep(time.Millisecond)
	}
	time.Sleep(10 * time.Millisecond) // it waits for the file
	if err := g.server.Close(); err != nil || g.server.Status().Sessions != 0 {
		t.Errorf("%v, %d sessions", err, g.server.Status().Sessions)
	}
	cut(t, "Connect", <-connected)
}

// Operations of a management session are cut off as requests are. What doesn't
// heed its context is waited for.
func TestCloseWhileManaging(t *testing.T) {
	for _, op := range []struct {
		held string
		do   func(context.Context, *Management) error
	}{
		{"list", func(ctx context.Context, m *Management) (last error) {
			for _, last = range m.Records(ctx, decision.Filter{}) {
			}
			return last
		}},
		{"delete", func(ctx context.Context, m *Management) error { _, err := m.Delete(ctx, decision.Filter{}); return err }},
		{"delete", func(ctx context.Context, m *Management) error { return m.DeleteDatabase(ctx) }},
		{"update", func(ctx context.Context, m *Management) error { return m.UpdateResult(ctx, 1, decision.Never) }},
		{"delete", func(ctx context.Context, m *Management) error { _, err := m.ExecutableRemoved(ctx, anApp); return err }},
		{"purge", func(ctx context.Context, m *Management) error { return m.PolicyFilesChanged(ctx) }},
	} {
		for _, heeds := range []bool{true, false} {
			for _, whole := range []bool{true, false} {
				t.Run(fmt.Sprint(op.held, heeds, whole), func(t *testing.T) {
					synctest.Test(t, func(t *testing.T) { closeWhileManaging(t, op.held, op.do, heeds, whole) })
				})
			}
		}
	}
}

func closeWhileManaging(t *testing.T, held string, do func(context.Context, *Management) error, heeds, whole bool) {
	g, db := newHeldFixture(t, askingFile(0, 0), held, heeds)
	g.keepFor(1, 0)
	m, err := g.server.Manage(Caller{SoftwareInstallObserver, ^Capabilities(0)})
	if err != nil {
		t.Fatal(err)
	}
	var got error
	var ended atomic.Bool
	go func() {
		got = do(context.Background(), m)
		ended.Store(true)
	}()
	synctest.Wait()
	closing := m.Close
	if whole {
		closing = g.server.Close
	}
	c := closeAtOnce(t, closing, func() bool { return true })
	lastTry := whole && held == "purge" // what was cut off is tried once more, before the last to run returns
	if heeds && !lastTry {
		if !ended.Load() {
			t.Error("the operation has not ended")
		}
	} else if c.returned.Load() != 0 || isDone(g.server) {
		t.Error("closed with an operation under way")
	}
	close(db.goOn)
	c.check(t)
	if heeds {
		cut(t, "the operation", got)
	}
	if !ended.Load() || isDone(g.server) != whole {
		t.Errorf("ended %v, Done %v", ended.Load(), isDone(g.server))
	}
	cut(t, "the operation afterwards", do(context.Background(), m))
}

// A purge that a change of policies asks for ends before Done, also if the time
// of the idle end comes meanwhile.
func TestDoneWaitsForPurge(t *testing.T) {
	for name, closing := range map[string]func(*Server){
		"closed": func(s *Server) { s.Close() },
		"idle":   func(*Server) { time.Sleep(time.Hour) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g, db := newHeldFixture(t, askingFile(1, 0), "purge", true)
				g.keepFor(theService, 0)
				g.session.Close()
				if err := os.Remove(filepath.Join(g.rom, policy.Service{Server: theServer, Service: theService}.FileName(policy.CompiledExt))); err != nil {
					t.Fatal(err)
				}
				go g.store.Reload()
				synctest.Wait()
				go closing(g.server)
				time.Sleep(2 * time.Hour)
				if isDone(g.server) {
					t.Error("Done before the purge")
				}
				if _, err := g.server.Manage(Caller{}); !errors.Is(err, ErrClosed) {
					t.Errorf("a session is opened in a service that is closed: %v", err)
				}
				close(db.goOn)
				<-g.server.Done()
				equal(t, "left", g.results())
			})
		})
	}
}

// The idle end comes after the last request of a session that is closing, not
// two seconds after Close was called.
func TestIdleTimeBeginsWithTheLastRequestsEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, db := newHeldFixture(t, list(offer(policy.AllOptions)), "store", true)
		g.user.always(policy.Never)
		p := authorising(g.open(anApp))
		go g.session.Close()
		time.Sleep(time.Hour)
		if n := g.server.Status().Sessions; n != 1 || isDone(g.server) {
			t.Errorf("%d sessions, Done %v, while an answer is stored", n, isDone(g.server))
		}
		close(db.goOn)
		ended := time.Now()
		<-g.server.Done()
		if d := time.Since(ended); d != 2*time.Second {
			t.Errorf("Done %v after the end", d)
		}
		expect(t, p, policy.DecisionSessionNo)
		equal(t, "stored", g.results(), "never")
	})
}

// A plug-in that closes what its request runs in is given up after its time of
// grace; then Close returns.
func TestPlugInThatCloses(t *testing.T) {
	for _, way := range ways {
		t.Run(way.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := newFixture(t, evaluated(policy.AllOptions))
				sub := g.open(anApp)
				var closed error
				g.evaluator.fingerprints = func(context.Context, *Request) (Evaluation, error) {
					closed = way.closing(g, sub)
					return prints(""), nil
				}
				begun := time.Now()
				p := authorising(sub)
				<-p.done
				synctest.Wait()
				cut(t, "the request", p.err)
				if d := time.Since(begun); closed != nil || d != defaultGrace {
					t.Errorf("Close: %v after %v", closed, d)
				}
			})
		})
	}
}

// OnOutcome may start a goroutine that closes.
func TestObserverThatCloses(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var g *fixture
		g = newFixture(t, list(offer(policy.Yes)), func(o *Options) {
			o.OnOutcome = func(context.Context, Outcome, error) { go g.server.Close() }
		})
		expect(t, authorising(g.open(anApp)), policy.DecisionYes)
		synctest.Wait()
		if !isDone(g.server) {
			t.Error("not closed")
		}
	})
}

// The body of a loop over a view may take its time, while the service closes.
func TestCloseInLoopOverView(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newFixture(t, askingFile(0, 0))
		g.keepFor(1, 0)
		g.keepFor(2, 0)
		var steps []error
		for _, err := range g.manager().Records(context.Background(), decision.Filter{}) {
			if steps = append(steps, err); len(steps) == 1 {
				closeAtOnce(t, g.server.Close, func() bool { return true }).check(t)
			}
		}
		if len(steps) != 2 || steps[0] != nil {
			t.Fatalf("steps %v", steps)
		}
		cut(t, "the view", steps[1])
	})
}

// What is opened while what is around it closes is closed.
func TestOpenWhileClosing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, db := newHeldFixture(t, list(offer(policy.AllOptions)), "lookup", false)
		p := authorising(g.open(anApp))
		idle := g.open(anApp) // closed as well, though nothing runs in it
		go g.server.Close()
		synctest.Wait()
		_, opened := g.session.Open(Client{})
		cut(t, "Open", opened)
		_, connected := g.server.Connect(context.Background(), Caller{})
		cut(t, "Connect", connected)
		_, asked := idle.Authorise(context.Background(), Query{Service: theService, Destination: "x", Passed: true})
		cut(t, "Authorise", asked)
		cut(t, "Close", idle.Close())
		if p.ended() {
			t.Error("the request doesn't wait for its database")
		}
		close(db.goOn)
		<-p.done
		cut(t, "the request", p.err)
	})
}

// A request whose caller has cancelled it before fails with that, not with
// ErrClosed.
func TestCancelBeforeClose(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, db := newHeldFixture(t, list(offer(policy.AllOptions)), "lookup", false)
		p := g.begin(anApp, "x")
		synctest.Wait()
		p.cancel()
		go g.server.Close()
		synctest.Wait()
		close(db.goOn)
		<-p.done
		if !errors.Is(p.err, context.Canceled) {
			t.Errorf("the request: %v", p.err)
		}
	})
}

// Nothing of what has come and gone stays attached.
func TestLifetimeForgets(t *testing.T) {
	g := newFixture(t, evaluated(policy.AllOptions))
	g.user.always(policy.Yes)
	sub := g.open(anApp)
	for range 3 {
		if _, err := sub.Authorise(context.Background(), Query{Service: theService, Destination: "x", Passed: true}); err != nil {
			t.Fatal(err)
		}
	}
	sub.Close()
	g.manager().Close()
	got := []int{sub.life.Attached(), g.session.life.Attached(), g.server.life.Attached()}
	if !slices.Equal(got, []int{0, 0, 1}) {
		t.Errorf("attached: %v, want nothing but the fixture's session", got)
	}
}
