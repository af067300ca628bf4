package servicetest

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ups/policy"
	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/service"
)

// world is where a test runs.
type world struct {
	Transport
	bubble bool // the test is in a bubble of testing/synctest
}

// run runs a test in a bubble, if the transport can be in one.
func (w world) run(t *testing.T, test func(*testing.T, world)) {
	if !w.Bubble {
		test(t, w)
		return
	}
	w.bubble = true
	synctest.Test(t, func(t *testing.T) { test(t, w) })
}

// elapses returns a time that a test lets elapse. It is what is documented in a bubble,
// where that takes no time; elsewhere it is shorter, and set makes the service keep to
// that.
func (w world) elapses(documented, shorter time.Duration, set func(*Setup, time.Duration)) (time.Duration, func(*Setup)) {
	if w.bubble {
		return documented, func(*Setup) {}
	}
	return shorter, func(of *Setup) { set(of, shorter) }
}

// took reports whether something took a time: exactly that in a bubble, elsewhere not
// less, and hardly more.
func (w world) took(d, want time.Duration) bool {
	return d == want || !w.bubble && d > want && d < want+patience
}

// fixture is a service and all that is around it.
type fixture struct {
	world
	t         testing.TB
	rom       string
	system    string
	store     *runtime.Store
	db        decision.DB
	server    *service.Server
	end       Endpoint
	session   Session
	user      *user
	evaluator *fakeEvaluator

	asking atomic.Int32 // requests that were begun, and have neither ended nor been cancelled
	mu     sync.Mutex
	said   service.Outcome // of the request that ended last
}

// newFixture makes a service with that policy file, nil for none, and a session.
func (w world) newFixture(t testing.TB, f *policy.File, change ...func(*Setup)) *fixture {
	t.Helper()
	g := &fixture{world: w, t: t, rom: t.TempDir(), system: t.TempDir(), db: decision.NewMemory(), user: newUser(), evaluator: &fakeEvaluator{}}
	if f != nil {
		putFile(t, g.rom, theService, f)
	}
	var err error
	if g.store, err = runtime.Open(g.rom, g.system, runtime.StoreOptions{Report: func(runtime.Problem) {}}); err != nil {
		t.Fatal(err)
	}
	of := Setup{
		Options: service.Options{Store: g.store, DB: g.db, OnOutcome: func(context.Context, service.Outcome, error) {}},
		Installed: service.Registry{
			Evaluators:     map[uint32]service.EvaluatorFactory{theEvaluator: g.evaluator.new},
			DialogCreators: map[uint32]service.DialogCreatorFactory{theCreator: g.user.new},
		},
	}
	if !w.bubble {
		of.Limits = service.Limits{Evaluate: patience, Prepare: patience} // a test lets plug-ins wait
	}
	for _, c := range change {
		c(&of)
	}
	g.server, g.end = w.Start(t, of)
	t.Cleanup(func() {
		g.server.Close()
		g.checkIdle()
	})
	if g.session, err = g.end.Connect(context.Background(), service.Caller{SID: theServer, Capabilities: service.ProtServ}); err != nil {
		t.Fatal(err)
	}
	return g
}

// wraps reports whether an error is, or wraps, another. One that the API doesn't
// know comes as its text.
func (g *fixture) wraps(err, want error) bool {
	return errors.Is(err, want) || g.Remote && err != nil && want != nil && strings.Contains(err.Error(), want.Error())
}

// checkIdle fails if anything is left of a request.
func (g *fixture) checkIdle() {
	g.t.Helper()
	if st := g.server.Status(); st.Requests != 0 || st.Waiting != 0 || st.Dialog || st.Round || st.Disputes != 0 {
		g.t.Errorf("left in the service: %+v", st)
	}
}

func equal[T comparable](t testing.TB, what string, got []T, want ...T) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}
