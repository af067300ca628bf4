package service

import (
	"context"
	"errors"
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

// Who waits for a change of the policies is told of one, though a report of changed files
// finds nothing new, and not of one that was before.
func TestSessionsAreToldOfChanges(t *testing.T) {
	g := newFixture(t, nil)
	told := func(changed <-chan struct{}) bool {
		select {
		case <-changed:
			return true
		default:
			return false
		}
	}
	for range 2 {
		_, changed, err := g.session.Services(t.Context())
		if err != nil || told(changed) {
			t.Fatalf("before: told %v, %v", told(changed), err)
		}
		if err := g.server.policyFilesChanged(t.Context()); err != nil {
			t.Fatal(err)
		}
		if !told(changed) {
			t.Error("nobody is told")
		}
	}
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

// Who asks the service although there is no policy file gets the platform's error.
func TestAskingWithoutPolicyFile(t *testing.T) {
	g := newFixture(t, nil)
	o := Outcome{Request: Request{Server: theServer, Query: Query{Service: 99}}}
	err := g.server.authorise(context.Background(), g.open(anApp), &o)
	if !errors.Is(err, runtime.ErrMissingPolicyFile) {
		t.Errorf("no file: %v", err)
	}
}
