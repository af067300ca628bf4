package service

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	goruntime "runtime"
	"slices"
	"sync"
	"testing"
	"testing/synctest"

	"ups/policy"
	"ups/runtime/decision"
)

// contender is a request at a gate, as a goroutine that enters until it has the
// gate.
type contender struct {
	waiter
	turns chan chan bool // a turn: whether it needs a dialog is sent back
	got   bool
	err   error
	done  chan struct{}
}

func (g *gate) wait(ctx context.Context) *contender {
	w := &contender{turns: make(chan chan bool, 1), done: make(chan struct{})}
	go func() {
		defer close(w.done)
		for {
			if w.err = g.enter(ctx, &w.waiter); w.err != nil {
				return
			}
			needs := make(chan bool)
			w.turns <- needs
			if !<-needs {
				return
			}
			if w.got = g.acquire(&w.waiter, 0); w.got {
				return
			}
		}
	}()
	return w
}

// turn lets a contender that has looked up go on.
func (w *contender) turn(t *testing.T, needs bool) {
	t.Helper()
	synctest.Wait()
	select {
	case c := <-w.turns:
		c <- needs
		synctest.Wait()
	default:
		t.Fatal("it has no turn")
	}
}

func (w *contender) waits(t *testing.T) {
	t.Helper()
	synctest.Wait()
	if len(w.turns) != 0 {
		t.Fatal("it has the turn")
	}
}

// A dialog that ends in the middle of a round begins another: a request that had
// its turn looks again when it is its turn in the queue.
func TestRoundThatIsCutShort(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, ctx := &gate{}, context.Background()
		var all []*contender
		for range 5 {
			w := g.wait(ctx)
			w.turn(t, true)
			all = append(all, w)
		}
		a, b, c, d, e := all[0], all[1], all[2], all[3], all[4]
		g.leave(&a.waiter)
		b.turn(t, true) // has its dialog
		if !b.got {
			t.Fatal("the first of the queue did not get the gate")
		}
		c.turn(t, true)
		d.hasTurn(t)       // looks up, with the turn
		g.leave(&b.waiter) // a new round: from c on
		e.waits(t)
		d.turn(t, true) // what it saw is out of date
		d.waits(t)
		c.turn(t, true)
		if !c.got {
			t.Fatal("the first of the queue did not get the gate")
		}
		d.turn(t, true)
		e.turn(t, false)
		g.leave(&e.waiter)
		if d.got || g.turn != nil || g.head != &d.waiter || g.tail != &d.waiter {
			t.Error("d isn't alone in the queue")
		}
		g.leave(&c.waiter)
		d.turn(t, true)
		g.leave(&d.waiter)
		g.leave(&d.waiter) // no harm
		if !d.got || g.holder != nil || g.head != nil || g.turn != nil || g.waiting != 0 {
			t.Errorf("%+v", g)
		}
	})
}

// hasTurn makes sure that a contender has its turn, and leaves it.
func (w *contender) hasTurn(t *testing.T) {
	t.Helper()
	synctest.Wait()
	if len(w.turns) != 1 {
		t.Fatal("it has no turn")
	}
}

// Requests get the gate in the order in which they joined the queue, also when
// others cancel or are answered; and the queue is consistent after each change.
func TestQueueKeepsItsOrder(t *testing.T) {
	g := &gate{}
	joined, joins := map[*waiter]int{}, 0
	g.onWaiting = func(waiting int) { // under the mutex
		if waiting < 0 || (waiting == 0) != (g.head == nil) || (g.head == nil) != (g.tail == nil) {
			t.Errorf("%d wait, first %v, last %v", waiting, g.head, g.tail)
		}
		if p := g.tail; p != nil && joined[p] == 0 {
			joins++
			joined[p] = joins
		}
	}
	var granted []int // by who has the gate
	var all sync.WaitGroup
	for i := range 32 {
		all.Go(func() {
			r := rand.New(rand.NewPCG(uint64(i), 3))
			for range 200 {
				throughGate(g, r, func(p *waiter) {
					g.mu.Lock()
					defer g.mu.Unlock()
					if n := joined[p]; n > 0 {
						granted = append(granted, n)
					}
				})
			}
		})
	}
	all.Wait()
	if !slices.IsSorted(granted) || len(granted) < 100 {
		t.Errorf("the gate was given in the order %v", granted)
	}
	if g.holder != nil || g.head != nil || g.turn != nil || len(g.disputes) != 0 {
		t.Errorf("left: %+v", g)
	}
}

// A dispute is over one record at a time, and over none that isn't found any
// more.
func TestDisputeFollowsTheRecord(t *testing.T) {
	g, p, other := &gate{}, &waiter{}, &waiter{}
	g.acquire(p, 1)
	g.acquire(other, 1)
	if g.check(p, 1) != disputed || g.check(other, 2) != undisputed || g.check(p, 1) != disputed {
		t.Error("the dispute did not last as long as one of its requests")
	}
	if g.check(p, 0) != undisputed || len(g.disputes) != 0 {
		t.Errorf("disputes %v after the record was gone", g.disputes)
	}
	g.acquire(other, 3)
	g.acquire(other, 4)
	if g.disputes[3] != 0 || g.disputes[4] != 1 {
		t.Errorf("disputes %v", g.disputes)
	}
	g.leave(other)
	if len(g.disputes) != 0 {
		t.Errorf("disputes %v at the end", g.disputes)
	}
}

// throughGate is a request that cancels, is answered, disputes and gets the
// gate as it happens.
func throughGate(g *gate, r *rand.Rand, granted func(*waiter)) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	p := &waiter{}
	defer g.leave(p)
	if r.IntN(4) == 0 {
		go cancel()
	}
	for {
		if g.enter(ctx, p) != nil {
			return
		}
		id := r.Uint64N(3)
		switch g.check(p, id) {
		case stale:
			continue
		case disputed:
			id = 0
		default:
			if r.IntN(8) == 0 {
				return // answered
			}
		}
		if g.acquire(p, id) {
			granted(p)
			goruntime.Gosched() // let others come
			return
		}
	}
}

// A record that was found before a dialog ended is looked up again: the
// dispute over it, or the record, may be gone.
func TestStaleRecordIsNotUsed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newFixture(t, evaluated(policy.AllOptions), func(o *Options) {
			o.DB = &slowDB{DB: o.DB, hold: map[uint32]chan struct{}{}}
		})
		slow := g.server.opt.DB.(*slowDB)
		g.keep("", decision.Always, 2)
		g.evaluator.forcing(true, 2)
		up := g.begin(anApp, "up") // disputes the record
		synctest.Wait()
		slow.hold[anApp] = make(chan struct{})
		late := g.begin(anApp, "late") // finds it, and doesn't know yet that it is disputed
		synctest.Wait()
		g.evaluator.forcing(false, 2)
		g.next("up").choose(policy.Yes) // the record is gone
		synctest.Wait()
		close(slow.hold[anApp])
		synctest.Wait()
		expect(t, up, policy.DecisionYes)
		if late.ended() {
			t.Fatalf("answered by a record that is gone: %v", late.got)
		}
		g.next("late").choose(policy.No)
		synctest.Wait()
		expect(t, late, policy.DecisionNo)
	})
}

// A prompt that is forced over a record while a dialog ends is looked up again
// before it is shown.
func TestStaleForceIsRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newFixture(t, evaluated(policy.AllOptions))
		g.evaluator.fingerprints = func(_ context.Context, r *Request) (Evaluation, error) {
			return prints(r.Destination, "all"), nil
		}
		up := g.begin(anApp, "up")
		synctest.Wait()
		all := g.keep("all", decision.Always, 0)
		goOn := g.evaluator.slow()
		late := g.begin(anApp, "late")
		synctest.Wait()
		exact := g.keep("late", decision.Never, 0)
		g.next("up").choose(policy.Yes)
		synctest.Wait()
		goOn <- true // force, over the record for all
		synctest.Wait()
		g.quiet()
		equal(t, "asked about", g.evaluator.asked(), all, exact)
		goOn <- false
		synctest.Wait()
		expect(t, up, policy.DecisionYes)
		expect(t, late, policy.DecisionSessionNo)
	})
}

// A dialog creator that answers a request which it has just seen cancelled.
func TestAnswerAfterCancel(t *testing.T) {
	g := newFixture(t, list(offer(policy.AllOptions)))
	for i := range 100 {
		ctx, cancel := context.WithCancel(context.Background())
		g.user.answers = func(*shownDialog) (Choice, error) {
			cancel()
			return Choice{Option: policy.Always}, nil
		}
		d, err := decided(g.open(uint32(i)).Authorise(ctx, Query{Service: theService, Destination: fmt.Sprint(i), Passed: true}))
		if d != policy.DecisionNo || !errors.Is(err, context.Canceled) || len(g.records()) != 0 {
			t.Fatalf("%v, %v, %d records", d, err, len(g.records()))
		}
	}
}

// cancellingDB cancels the request that stores, in the middle of it.
type cancellingDB struct {
	decision.DB
	cancel func()
}

func (d *cancellingDB) Store(ctx context.Context, rec decision.Record) (uint64, error) {
	d.cancel()
	return d.DB.Store(ctx, rec)
}

// Once the user has answered, it is too late to cancel.
func TestCancelAfterAnswer(t *testing.T) {
	db := &cancellingDB{}
	g := newFixture(t, list(offer(policy.AllOptions)), func(o *Options) { db.DB, o.DB = o.DB, db })
	ctx, cancel := context.WithCancel(context.Background())
	db.cancel = cancel
	g.user.always(policy.Always)
	d, err := decided(g.open(anApp).Authorise(ctx, Query{Service: theService, Destination: "x", Passed: true}))
	if d != policy.DecisionSessionYes || err != nil || ctx.Err() == nil {
		t.Errorf("%v, %v", d, err)
	}
	equal(t, "stored", g.results(), "always")
}
