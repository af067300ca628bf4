package service

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	goruntime "runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"ups/policy"
	"ups/runtime"
	"ups/runtime/decision"
)

func TestServerNeedsStoreAndDatabase(t *testing.T) {
	for _, opt := range []Options{{}, {DB: decision.NewMemory()}, {Store: newFixture(t, nil).store}} {
		if s, err := New(opt); s != nil || !errors.Is(err, runtime.ErrMissingArgument) {
			t.Errorf("%v, %v", s, err)
		}
	}
}

// One request outstanding in a subsession; others go on beside it.
func TestOneRequestOutstanding(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newFixture(t, list(offer(policy.Yes|policy.No)))
		sub := g.open(anApp)
		ctx, cancel := context.WithCancel(context.Background())
		go sub.Authorise(ctx, Query{Service: theService, Destination: "first", Passed: true})
		synctest.Wait()
		if d, err := decided(sub.Authorise(ctx, Query{Service: theService, Destination: "second", Passed: true})); d != policy.DecisionNo || !errors.Is(err, ErrInUse) {
			t.Errorf("%v, %v", d, err)
		}
		cancel()
		synctest.Wait()
		g.user.always(policy.Yes)
		if d, err := decided(sub.Authorise(context.Background(), Query{Service: theService, Destination: "third", Passed: true})); !d.Allows() || err != nil {
			t.Errorf("%v, %v", d, err)
		}
	})
}

// Closing a subsession, its session or the server fails what is under way.
func TestCloseWithRequestUnderWay(t *testing.T) {
	for name, closing := range map[string]func(*fixture, *Subsession) error{
		"subsession": func(_ *fixture, s *Subsession) error { return s.Close() },
		"session":    func(g *fixture, _ *Subsession) error { return g.session.Close() },
		"server":     func(g *fixture, _ *Subsession) error { return g.server.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := newFixture(t, list(offer(policy.Yes|policy.No)))
				sub := g.open(anApp)
				var got error
				go func() {
					_, got = sub.Authorise(context.Background(), Query{Service: theService, Destination: "x", Passed: true})
				}()
				synctest.Wait()
				if err := closing(g, sub); err != nil {
					t.Error(err)
				}
				synctest.Wait()
				if !errors.Is(got, ErrClosed) {
					t.Errorf("the request: %v", got)
				}
				if err := closing(g, sub); !errors.Is(err, ErrClosed) {
					t.Errorf("closed again: %v", err)
				}
				if d, err := decided(sub.Authorise(context.Background(), Query{Service: theService, Destination: "x", Passed: true})); d != policy.DecisionNo || !errors.Is(err, ErrClosed) {
					t.Errorf("after: %v, %v", d, err)
				}
				g.checkIdle()
			})
		})
	}
}

func TestClosedSessionOpensNothing(t *testing.T) {
	g := newFixture(t, nil)
	g.session.Close()
	if sub, err := g.session.Open(Client{}); sub != nil || !errors.Is(err, ErrClosed) {
		t.Errorf("%v, %v", sub, err)
	}
	g.server.Close()
	if s, err := g.server.Connect(context.Background(), Caller{}); s != nil || !errors.Is(err, ErrClosed) {
		t.Errorf("%v, %v", s, err)
	}
	if m, err := g.server.Manage(Caller{}); m != nil || !errors.Is(err, ErrClosed) {
		t.Errorf("%v, %v", m, err)
	}
}

// The service ends two seconds after its last session has closed, and not if
// another comes before.
func TestIdleEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newFixture(t, nil)
		time.Sleep(time.Hour) // with a session open
		g.session.Close()
		time.Sleep(2*time.Second - 1)
		again, err := g.server.Manage(Caller{})
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Hour)
		again.Close()
		closed := time.Now()
		<-g.server.Done()
		if d := time.Since(closed); d != 2*time.Second {
			t.Errorf("ended after %v", d)
		}
		if _, err := g.server.Connect(context.Background(), Caller{}); !errors.Is(err, ErrClosed) {
			t.Error(err)
		}
	})
}

// A timer that fires at the moment a session comes and goes ends nothing
// before its time.
func TestIdleEndThatComesLate(t *testing.T) {
	clock := &handClock{}
	g := newFixture(t, nil, func(o *Options) { o.Clock = clock; o.Idle = time.Minute })
	g.session.Close()
	late := clock.timers[len(clock.timers)-1]
	m, err := g.server.Manage(Caller{})
	if err != nil {
		t.Fatal(err)
	}
	late()
	m.Close()
	late()
	select {
	case <-g.server.Done():
		t.Error("ended by a timer that was stopped")
	default:
	}
	clock.timers[len(clock.timers)-1]()
	<-g.server.Done()
}

// handClock has timers that go off when the test calls them.
type handClock struct {
	timers  []func()
	stopped int
}

func (c *handClock) Now() time.Time { return time.Time{} }
func (c *handClock) AfterFunc(_ time.Duration, f func()) func() bool {
	c.timers = append(c.timers, f)
	return func() bool {
		c.stopped++
		return true
	}
}

// Closing leaves no timer behind, which would keep the server in memory.
func TestCloseStopsTheIdleTimer(t *testing.T) {
	clock := &handClock{}
	g := newFixture(t, nil, func(o *Options) { o.Clock = clock })
	g.session.Close()
	g.server.Close()
	if len(clock.timers) != 1 || clock.stopped != 1 {
		t.Errorf("%d timers, %d stopped", len(clock.timers), clock.stopped)
	}
}

func TestServerThatNeverEnds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newFixture(t, nil, func(o *Options) { o.Idle = -1 })
		g.session.Close()
		time.Sleep(time.Hour)
		if _, err := g.server.Connect(context.Background(), Caller{}); err != nil {
			t.Error(err)
		}
	})
}

// What reaches the service needs ProtServ, and a client that is there; what
// doesn't reach it needs neither, since the system server would be asking
// itself.
func TestWhoMayAsk(t *testing.T) {
	f := list(offer(policy.Yes))
	f.Header.AuthorisationPolicy = policy.CheckIfFailed
	g := newFixture(t, f)
	yes := func() bool { return true }
	for _, c := range []struct {
		caller Caller
		client Client
		want   error
	}{
		{Caller{theServer, ProtServ}, Client{}, nil},
		{Caller{theServer, 0}, Client{}, ErrPermissionDenied},
		{Caller{theServer, ^ProtServ}, Client{}, ErrPermissionDenied},
		{Caller{theServer, ProtServ}, Client{ProcessGone: yes}, runtime.ErrBadClientProcessID},
	} {
		session, err := g.server.Connect(context.Background(), c.caller)
		if err != nil {
			t.Fatal(err)
		}
		sub, _ := session.Open(c.client)
		for range 2 {
			if d, err := decided(sub.Authorise(context.Background(), Query{Service: theService, Destination: "x", Passed: true})); d != policy.DecisionYes || err != nil || sub.created {
				t.Errorf("%+v %+v: passed: %v, %v, created %v", c.caller, c.client, d, err, sub.created)
			}
		}
		d, err := decided(sub.Authorise(context.Background(), Query{Service: theService, Destination: "x"}))
		if !errors.Is(err, c.want) || d.Allows() != (c.want == nil) || sub.created != (c.want == nil) {
			t.Errorf("%+v %+v: failed: %v, %v, created %v", c.caller, c.client, d, err, sub.created)
		}
		session.Close()
	}
}

// The errors of policy files, and of a destination that is no text.
func TestErrorsOfPolicies(t *testing.T) {
	g := newFixture(t, list(offer(policy.Yes)))
	bad := filepath.Join(g.rom, policy.Service{Server: theServer, Service: 7}.FileName(policy.CompiledExt))
	if err := os.WriteFile(bad, []byte("no policy file"), 0o600); err != nil {
		t.Fatal(err)
	}
	g.store.Reload()
	sub := g.open(anApp)
	if d, err := decided(sub.Authorise(context.Background(), Query{Service: 7, Destination: "x", Passed: true})); d.Allows() || !errors.Is(err, runtime.ErrBadPolicyFile) {
		t.Errorf("bad file: %v, %v", d, err)
	}
	if d, err := decided(sub.Authorise(context.Background(), Query{Service: theService, Destination: "\xff", Passed: true})); d.Allows() || err == nil {
		t.Errorf("bad destination: %v, %v", d, err)
	}
	o := Outcome{Request: Request{Server: theServer, Query: Query{Service: 99}}}
	err := g.server.authorise(context.Background(), sub, &o) // one who asks all the same
	if !errors.Is(err, runtime.ErrMissingPolicyFile) {
		t.Errorf("no file: %v", err)
	}
	g.must(anApp, "x", policy.DecisionYes, SourceSilent)
}

// A request that waits for the configuration can be cancelled; one that isn't
// gets the configuration that holds now.
func TestCancelWhileConfigurationIsFetched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newFixture(t, list(offer(policy.Yes)))
		slow := make(chan struct{}) // a fetch that doesn't end
		g.session.mu.Lock()
		g.session.fetching = slow
		g.session.mu.Unlock()
		g.server.policies.change()
		victim, other := g.begin(anApp, "victim"), g.begin(anApp, "other")
		synctest.Wait()
		victim.cancel()
		synctest.Wait()
		if !victim.ended() || !errors.Is(victim.err, context.Canceled) || other.ended() {
			t.Errorf("ended %v, %v; the other %v", victim.ended(), victim.err, other.ended())
		}
		g.session.mu.Lock()
		g.session.fetching = nil
		g.session.mu.Unlock()
		close(slow) // it has fetched what is out of date
		synctest.Wait()
		expect(t, other, policy.DecisionYes)
	})
}

// Requests whose plug-ins don't return are given up together.
func TestCloseTakesOneTimeOfGrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newFixture(t, evaluated(policy.AllOptions))
		never := make(chan struct{})
		defer close(never)
		g.evaluator.fingerprints = func(context.Context, *Request) (Evaluation, error) {
			<-never
			return Evaluation{}, nil
		}
		other, err := g.server.Connect(context.Background(), Caller{SID: theServer, Capabilities: ProtServ})
		if err != nil {
			t.Fatal(err)
		}
		for range 5 {
			for _, session := range []*Session{g.session, other} {
				sub, err := session.Open(Client{SID: anApp})
				if err != nil {
					t.Fatal(err)
				}
				go sub.Authorise(context.Background(), Query{Service: theService, Destination: "x", Passed: true})
			}
		}
		synctest.Wait()
		begun := time.Now()
		g.server.Close()
		if d := time.Since(begun); d != defaultGrace {
			t.Errorf("closed after %v", d)
		}
	})
}

// Close doesn't leave a request behind that waits for the configuration.
func TestCloseWhileConfigurationIsFetched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newFixture(t, list(offer(policy.Yes)))
		slow := make(chan struct{}) // a fetch that doesn't end
		g.session.mu.Lock()
		g.session.fetching = slow
		g.session.mu.Unlock()
		g.server.policies.change()
		sub := g.open(anApp)
		var got error
		go func() {
			_, got = sub.Authorise(context.Background(), Query{Service: theService, Destination: "x", Passed: true})
		}()
		synctest.Wait()
		if err := sub.Close(); err != nil {
			t.Error(err)
		}
		synctest.Wait()
		if !errors.Is(got, ErrClosed) {
			t.Errorf("the request: %v", got)
		}
		g.session.mu.Lock()
		g.session.fetching = nil
		g.session.mu.Unlock()
		close(slow)
	})
}

// Status says where requests are, and when nothing goes on by itself.
func TestStatus(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newFixture(t, evaluated(policy.AllOptions))
		is := func(when string, want Status, atRest bool) {
			t.Helper()
			synctest.Wait()
			if got := g.server.Status(); got != want || got.AtRest() != atRest {
				t.Errorf("%s: %+v, at rest %v, want %+v, %v", when, got, got.AtRest(), want, atRest)
			}
		}
		is("idle", Status{Sessions: 1}, true)
		id := g.keep("", decision.Always, 0)
		g.evaluator.forcing(true, 0)
		a := g.begin(anApp, "a")
		is("asked", Status{Sessions: 1, Requests: 1, Dialog: true, Disputes: 1}, true)
		b := g.begin(anApp, "b")
		is("in the queue", Status{Sessions: 1, Requests: 2, Waiting: 1, Dialog: true, Disputes: 1}, true)
		goOn := g.evaluator.slow()
		a.cancel()
		is("looked up again", Status{Sessions: 1, Requests: 1, Waiting: 1, Round: true}, false)
		c := g.begin(anApp, "c")
		is("joined", Status{Sessions: 1, Requests: 2, Waiting: 2, Round: true}, false)
		goOn <- false
		is("the next", Status{Sessions: 1, Requests: 1, Waiting: 1, Round: true}, false)
		goOn <- false
		is("done", Status{Sessions: 1}, true)
		expect(t, b, policy.DecisionSessionYes)
		expect(t, c, policy.DecisionSessionYes)
		equal(t, "asked about", g.evaluator.asked(), id, id, id)
	})
}

// Connect can be cancelled while a file takes long to load, and then leaves no
// session behind.
func TestConnectIsCancelled(t *testing.T) {
	g := newFixture(t, nil, withSlowFile(t, 5))
	ctx, cancel := context.WithCancelCause(context.Background())
	why := errors.New("why")
	time.AfterFunc(time.Millisecond, func() { cancel(why) })
	s, err := g.server.Connect(ctx, Caller{SID: 5})
	if s != nil || !errors.Is(err, why) {
		t.Errorf("%v, %v", s, err)
	}
	if n := g.server.Status().Sessions; n != 1 {
		t.Errorf("%d sessions are open, want the fixture's alone", n)
	}
}

// A system server gets No, and the error.
func TestServiceRefusesLongDestinations(t *testing.T) {
	g := newFixture(t, list(offer(policy.Yes)))
	if d, err := g.ask(anApp, strings.Repeat("a", runtime.DefaultMaxDestination)); d != policy.DecisionYes || err != nil {
		t.Errorf("at the limit: %v, %v", d, err)
	}
	d, err := g.ask(anApp, strings.Repeat("a", runtime.DefaultMaxDestination+1))
	var platform runtime.Error
	if d != policy.DecisionNo || !errors.As(err, &platform) || platform.Name() != "KErrTooBig" {
		t.Errorf("over the limit: %v, %v", d, err)
	}
}

// A destination that isn't UTF-8 is refused, once it gets to the service.
func TestDestinationThatIsNotUTF8(t *testing.T) {
	g := newFixture(t, list(offer(policy.Yes)))
	d, err := g.ask(anApp, "\xff")
	if d != policy.DecisionNo || !errors.Is(err, runtime.ErrInvalidUTF8) {
		t.Errorf("%v, %v", d, err)
	}
}

// A client whose thread has ended, and whose process lives, is answered as
// ever: by the user, and then from what is stored.
func TestClientWhoseThreadHasEnded(t *testing.T) {
	g := newFixture(t, evaluated(policy.AllOptions))
	opened := make(chan *Subsession)
	go func() {
		goruntime.LockOSThread() // without an unlock the thread ends with the goroutine
		sub, err := g.session.Open(Client{SID: anApp, Drive: 'C', ProcessGone: func() bool { return false }})
		if err != nil {
			t.Error(err)
		}
		opened <- sub
	}()
	sub := <-opened
	defer sub.Close()
	g.user.always(policy.Always)
	for _, from := range []Source{SourcePrompt, SourceStored} {
		d, err := decided(sub.Authorise(t.Context(), Query{Service: theService, Destination: "x", Passed: true}))
		if o := g.last(); d != policy.DecisionSessionYes || err != nil || o.Source != from {
			t.Errorf("%v from %v, %v, want it from %v", d, o.Source, err, from)
		}
	}
}
