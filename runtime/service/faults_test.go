package service

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ups/policy"
	"ups/runtime/decision"
)

// faultKind is how an operation of a database fails.
type faultKind int

const (
	noEffect faultKind = iota
	effect             // it takes effect all the same
	blocks             // until its context is done, or the database itself gives up
	faultKinds
)

// faultyDB is a database whose operations fail by number, from 1.
type faultyDB struct {
	decision.DB
	mu    sync.Mutex
	calls int
	fail  func(call int) bool
	kind  faultKind
}

// does runs an operation, or fails.
func (db *faultyDB) does(ctx context.Context, operation func() error) error {
	db.mu.Lock()
	db.calls++
	fails := db.fail != nil && db.fail(db.calls)
	db.mu.Unlock()
	switch {
	case !fails:
		return operation()
	case db.kind == blocks:
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	case db.kind == effect:
		if err := operation(); err != nil {
			return err
		}
	}
	return errDisk
}

func (db *faultyDB) setFail(fail func(int) bool) {
	db.mu.Lock()
	defer db.mu.Unlock()
	db.calls, db.fail = 0, fail
}

func (db *faultyDB) Lookup(ctx context.Context, key decision.Key) (rec decision.Record, found bool, err error) {
	err = db.does(ctx, func() (err error) { rec, found, err = db.DB.Lookup(ctx, key); return err })
	return rec, found, err
}

func (db *faultyDB) Store(ctx context.Context, rec decision.Record) (id uint64, err error) {
	err = db.does(ctx, func() (err error) { id, err = db.DB.Store(ctx, rec); return err })
	return id, err
}

func (db *faultyDB) UpdateInfo(ctx context.Context, id uint64, info uint32) error {
	return db.does(ctx, func() error { return db.DB.UpdateInfo(ctx, id, info) })
}

func (db *faultyDB) DeleteRecord(ctx context.Context, id uint64) error {
	return db.does(ctx, func() error { return db.DB.DeleteRecord(ctx, id) })
}

func (db *faultyDB) Purge(ctx context.Context, active map[decision.Service]uint16, spare []decision.Service) (n int, err error) {
	err = db.does(ctx, func() (err error) { n, err = db.DB.Purge(ctx, active, spare); return err })
	return n, err
}

func (db *faultyDB) List(ctx context.Context, f decision.Filter) iter.Seq2[decision.Record, error] {
	return db.DB.List(ctx, f)
}

// newFaultyFixture is a fixture whose database may fail, in which the policy offers
// everything.
func newFaultyFixture(t testing.TB) (*fixture, *faultyDB) {
	db := &faultyDB{}
	g := newFixture(t, evaluated(policy.AllOptions), func(o *Options) { db.DB, o.DB = o.DB, db })
	return g, db
}

// TestFaultsInEveryState lets each operation of the database fail, once or for
// good, with and without having taken effect, or late, for each stored record, choice
// and force there is. What holds: a request isn't answered yes against the
// user's last word, what was said to be stored is, and once the database is
// sound nothing is left to delete.
func TestFaultsInEveryState(t *testing.T) {
	records := map[string]*decision.Result{"none": nil, "always": new(decision.Result), "never": new(decision.Result)}
	*records["always"], *records["never"] = decision.Always, decision.Never
	runs := 0
	for record, old := range records {
		for _, force := range []bool{false, true} {
			for _, choice := range []policy.Options{policy.Yes, policy.No, policy.Always, policy.Never} {
				for call := 1; call <= 6; call++ {
					for _, forGood := range []bool{false, true} {
						for kind := range faultKinds {
							name := fmt.Sprintf("%s, force %v, %v, call %d, for good %v, kind %d", record, force, choice, call, forGood, kind)
							synctest.Test(t, func(t *testing.T) {
								fault := func(n int) bool { return n == call || forGood && n > call }
								underFault(t, name, old, force, choice, fault, kind)
							})
							runs++
						}
					}
				}
			}
		}
	}
	if runs != 3*2*4*6*2*3 {
		t.Errorf("%d runs", runs)
	}
}

func underFault(t *testing.T, name string, old *decision.Result, force bool, choice policy.Options, fault func(int) bool, kind faultKind) {
	g, db := newFaultyFixture(t)
	if old != nil {
		g.keep("", *old, 5)
	}
	g.evaluator.forcing(force, 6)
	g.user.always(choice)
	db.kind = kind
	db.setFail(fault)
	start := time.Now()
	ctx, cancel := context.WithTimeout(t.Context(), time.Second/2)
	defer cancel()
	_, err := g.open(anApp).Authorise(ctx, Query{Service: theService, Destination: "x", Passed: true})
	first := g.last()
	if took := time.Since(start); took > 5*time.Second || !first.Prompted && took > time.Second/2 {
		t.Errorf("%s: the request took %v", name, took)
	}
	if first.Prompted && err == nil {
		refused := choice == policy.No || choice == policy.Never
		if first.Decision.Allows() == refused {
			t.Errorf("%s: the user chose %v and got %v", name, choice, first.Decision)
		}
		// The user is gone: only what is stored can answer.
		g.evaluator.forcing(false, 6)
		g.user.answers = func(*shownDialog) (Choice, error) { return Choice{}, ErrNoAnswer }
		if d, _ := g.ask(anApp, "x"); d.Allows() && refused {
			t.Errorf("%s: yes after the user's no, from %v", name, g.last().Source)
		}
	}
	db.setFail(nil)
	time.Sleep(3 * retryAfter)
	g.evaluator.forcing(false, 6)
	g.user.answers = func(*shownDialog) (Choice, error) { return Choice{}, ErrNoAnswer }
	d, _ := g.ask(anApp, "x")
	later := g.last()
	switch {
	case g.server.undeleted():
		t.Errorf("%s: something is left to delete although the database is sound", name)
	case first.Stored != 0 && (later.Source != SourceStored || d.Allows() != (choice == policy.Always)):
		t.Errorf("%s: stored as %d, and then %v from %v", name, first.Stored, d, later.Source)
	case first.Prompted && err == nil && (choice == policy.No || choice == policy.Never) && d.Allows():
		t.Errorf("%s: yes after the user's no, from %v", name, later.Source)
	}
}

// A service that has a record to delete doesn't end by itself, tries again, and
// meanwhile nobody sees the record.
func TestServiceStaysUntilAllIsDeleted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, db := newFaultyFixture(t)
		id := g.keep("", decision.Always, 5)
		g.evaluator.forcing(true, 5)
		g.user.always(policy.No)
		manager, err := g.server.Manage(Caller{Capabilities: ReadDeviceData | AllFiles})
		if err != nil {
			t.Fatal(err)
		}
		db.setFail(func(n int) bool { return n > 1 }) // all but the look-up
		g.must(anApp, "x", policy.DecisionNo, SourcePrompt)
		for r, err := range manager.Records(t.Context(), decision.Filter{}) {
			t.Errorf("listed: %+v, %v", r, err)
		}
		if err := manager.UpdateResult(t.Context(), id, decision.Always); !errors.Is(err, decision.ErrNotFound) {
			t.Errorf("changed: %v", err)
		}
		manager.Close()
		g.session.Close()
		time.Sleep(time.Minute)
		select {
		case <-g.server.Done():
			t.Fatal("the service has ended")
		default:
		}
		db.setFail(nil)
		time.Sleep(2 * retryAfter)
		<-g.server.Done()
		if r := g.records(); len(r) > 0 {
			t.Errorf("left: %+v", r)
		}
	})
}

// Close tries once more before Done is closed.
func TestCloseTriesOnceMore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, db := newFaultyFixture(t)
		g.keep("", decision.Always, 5)
		g.evaluator.forcing(true, 5)
		g.user.always(policy.No)
		db.setFail(func(n int) bool { return n == 2 })
		g.must(anApp, "x", policy.DecisionNo, SourcePrompt)
		if n := len(g.records()); n != 1 {
			t.Fatalf("%d records", n)
		}
		g.server.Close()
		if r := g.records(); len(r) > 0 {
			t.Errorf("left: %+v", r)
		}
	})
}

// A purge that fails is tried again.
func TestPurgeIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, db := newFaultyFixture(t)
		g.keepFor(99, 0) // a service without a policy file
		db.setFail(func(n int) bool { return n <= 2 })
		g.server.policyFilesChanged(t.Context())
		if n := len(g.records()); n != 1 {
			t.Fatalf("%d records", n)
		}
		time.Sleep(3 * retryAfter)
		if n := len(g.records()); n != 0 || g.server.undeleted() {
			t.Errorf("%d records", n)
		}
	})
}

// A database that fails for long is one fault for each operation, however often
// that is tried.
func TestFaultIsLoggedOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := &counter{}
		db := &faultyDB{}
		g := newFixture(t, evaluated(policy.AllOptions), func(o *Options) { db.DB, o.DB, o.Metrics = o.DB, db, c })
		g.keep("", decision.Always, 5)
		g.evaluator.forcing(true, 5)
		g.user.always(policy.No)
		db.setFail(func(n int) bool { return n > 1 }) // all but the look-up
		g.must(anApp, "x", policy.DecisionNo, SourcePrompt)
		putFile(t, g.rom, theService, evaluatedAs(1))
		if err := g.server.policyFilesChanged(t.Context()); !errors.Is(err, errDisk) {
			t.Error(err)
		}
		time.Sleep(10 * retryAfter)
		c.mu.Lock()
		defer c.mu.Unlock()
		equal(t, "faults", c.faults, "deleting the record of a forced prompt", "purging decisions")
	})
}
