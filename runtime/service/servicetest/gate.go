package servicetest

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"ups/policy"
	"ups/runtime/decision"
	"ups/runtime/service"
)

// One dialog at a time, in the order in which requests came.
func (w world) oneDialogAtATimeInOrder(t *testing.T) {
	w.run(t, func(t *testing.T, w world) {
		g := w.newFixture(t, list(offer(policy.Yes|policy.No)))
		var all []*pending
		for i := range 10 {
			all = append(all, g.begin(anApp, fmt.Sprint(i)))
			g.settle()
		}
		for i, p := range all {
			s := g.next(fmt.Sprint(i))
			g.quiet()
			s.choose(policy.Yes)
			g.settle()
			expect(t, p, policy.DecisionYes)
		}
		if g.user.most.Load() != 1 {
			t.Errorf("%d dialogs at once", g.user.most.Load())
		}
	})
}

// The answer just stored settles those that wait for the same, wherever in
// the queue they are; the first of the others gets the dialog.
func (w world) storedAnswerAnswersTheQueue(t *testing.T) {
	w.run(t, func(t *testing.T, w world) {
		g := w.newFixture(t, list(offer(policy.AllOptions)))
		var all []*pending
		for i, sid := range []uint32{1, 2, 1, 3, 1, 2} {
			all = append(all, g.begin(sid, fmt.Sprint(i)))
			g.settle()
		}
		g.next("0").choose(policy.Always)
		g.settle()
		for _, i := range []int{0, 2, 4} {
			expect(t, all[i], policy.DecisionSessionYes)
		}
		g.next("1").choose(policy.Never)
		g.settle()
		expect(t, all[1], policy.DecisionSessionNo)
		expect(t, all[5], policy.DecisionSessionNo)
		g.next("3").choose(policy.Yes)
		g.settle()
		expect(t, all[3], policy.DecisionYes)
	})
}

// slow makes the evaluator of records wait until it is let go on, one record
// at a time, in the order in which they ask.
func (g *fixture) slow() (goOn func(force bool)) {
	let := make(chan bool)
	g.evaluator.force = func(ctx context.Context, rec decision.Record) (bool, uint32, error) {
		select {
		case force := <-let:
			return force, rec.Info, nil
		case <-ctx.Done():
			return false, 0, context.Cause(ctx)
		}
	}
	return func(force bool) {
		g.t.Helper()
		select {
		case let <- force:
		case <-time.After(patience):
			g.t.Fatal("the evaluator isn't asked")
		}
	}
}

// While those that wait are looked up again, a newer request waits for them.
func (w world) newerRequestsComeAfterTheRound(t *testing.T) {
	w.run(t, func(t *testing.T, w world) {
		g := w.newFixture(t, evaluated(policy.AllOptions))
		g.evaluator.fingerprints = byDestination
		up := g.begin(anApp, "up")
		g.settle()
		x, y := g.begin(anApp, "x"), (*pending)(nil)
		g.settle()
		y = g.begin(anApp, "y")
		g.settle()
		xID, newID := g.keep("x", decision.Always, 0), g.keep("new", decision.Always, 0)
		goOn := g.slow()
		g.next("up").choose(policy.Yes)
		g.settle() // x has the turn
		equal(t, "asked about", g.evaluator.asked(), xID)
		newer := g.begin(anApp, "new")
		g.settle()
		equal(t, "asked about", g.evaluator.asked())
		g.quiet() // y must not overtake x
		goOn(false)
		g.settle()
		expect(t, x, policy.DecisionSessionYes)
		equal(t, "asked about", g.evaluator.asked(), newID) // y has its dialog, the newer one its turn
		s := g.next("y")
		s.choose(policy.No) // a new round begins while the newer one has its turn
		g.settle()
		goOn(false)
		g.settle()
		expect(t, newer, policy.DecisionSessionYes)
		expect(t, up, policy.DecisionYes)
		expect(t, y, policy.DecisionNo)
	})
}

// A dialog that ends while a request looks up makes it look again: what it
// read may be out of date.
func (w world) staleLookIsRepeated(t *testing.T) {
	w.run(t, func(t *testing.T, w world) {
		slow := &slowDB{hold: map[uint32]chan struct{}{2: make(chan struct{})}}
		g := w.newFixture(t, list(offer(policy.AllOptions)), func(o *Setup) { slow.DB, o.DB = o.DB, slow })
		up := g.begin(1, "up")
		g.settle()
		late := g.begin(2, "late") // has read that there is no record, and not come to the gate
		g.settle()
		g.db.Store(context.Background(), decision.Record{
			Key: decision.Key{Client: 2, Service: theService, Server: theServer}, Result: decision.Always,
		})
		g.next("up").choose(policy.Yes)
		g.settle()
		close(slow.hold[2])
		g.settle()
		expect(t, up, policy.DecisionYes)
		expect(t, late, policy.DecisionSessionYes)
		g.quiet()
	})
}

// slowDB holds back what was looked up for some clients.
type slowDB struct {
	decision.DB
	hold map[uint32]chan struct{}
}

func (d *slowDB) Lookup(ctx context.Context, key decision.Key) (decision.Record, bool, error) {
	rec, found, err := d.DB.Lookup(ctx, key)
	if c := d.hold[key.Client]; c != nil {
		<-c
	}
	return rec, found, err
}

// cancelStates are the states that a request can be cancelled in. Each begins one that
// is to be cancelled, and the one that waits behind it.
var cancelStates = map[string]func(t *testing.T, g *fixture) (victim, next *pending){
	"fingerprints": func(t *testing.T, g *fixture) (v, n *pending) {
		g.evaluator.fingerprints = func(ctx context.Context, r *service.Request) (service.Evaluation, error) {
			if r.Destination == "victim" {
				<-ctx.Done()
			}
			return prints(r.Destination), nil
		}
		return g.pair()
	},
	"force prompt": func(t *testing.T, g *fixture) (v, n *pending) {
		g.keep("victim", decision.Always, 0)
		g.slow()
		return g.pair()
	},
	"in the queue": func(t *testing.T, g *fixture) (v, n *pending) {
		up := g.begin(anApp, "up")
		g.settle()
		v, n = g.pair()
		v.cancel()
		g.settle()
		g.next("up").choose(policy.Yes)
		g.settle()
		expect(t, up, policy.DecisionYes)
		return v, n
	},
	"last in the queue": func(t *testing.T, g *fixture) (v, n *pending) {
		n = g.begin(anApp, "next")
		g.settle()
		v = g.begin(anApp, "victim")
		g.settle()
		return v, n
	},
	"its turn in a round": func(t *testing.T, g *fixture) (v, n *pending) {
		up := g.begin(anApp, "up")
		g.settle()
		v, n = g.pair()
		g.keep("victim", decision.Always, 0)
		g.slow()
		g.next("up").choose(policy.Yes)
		g.settle()
		expect(t, up, policy.DecisionYes)
		return v, n
	},
	"prepare": func(t *testing.T, g *fixture) (v, n *pending) {
		g.user.prepare = func(ctx context.Context, p *service.Prompt) error {
			if p.Destination == "victim" {
				<-ctx.Done()
			}
			return nil
		}
		return g.pair()
	},
	"display": func(t *testing.T, g *fixture) (v, n *pending) {
		v, n = g.pair()
		g.next("victim")
		return v, n
	},
	"display of a forced prompt": func(t *testing.T, g *fixture) (v, n *pending) {
		g.keep("victim", decision.Always, 0)
		g.evaluator.forcing(true, 1)
		v, n = g.pair()
		g.next("victim")
		return v, n
	},
}

// Every state a request can be cancelled in: what it leaves behind is
// nothing, and who waits behind it goes on.
func (w world) cancelInEveryState(t *testing.T) {
	for name, state := range cancelStates {
		t.Run(name, func(t *testing.T) {
			w.run(t, func(t *testing.T, w world) { cancelIn(t, w, state) })
		})
	}
}

// pair begins the request that is to be cancelled, then the one behind it.
func (g *fixture) pair() (victim, next *pending) {
	victim = g.begin(anApp, "victim")
	g.settle()
	next = g.begin(anApp, "next")
	g.settle()
	return victim, next
}

func cancelIn(t *testing.T, w world, state func(t *testing.T, g *fixture) (victim, next *pending)) {
	g := w.newFixture(t, evaluated(policy.AllOptions))
	g.evaluator.fingerprints = byDestination
	victim, next := state(t, g)
	before := len(g.records())
	victim.cancel()
	g.settle()
	if !victim.arrived() || !errors.Is(victim.err, context.Canceled) || victim.got != policy.DecisionNo {
		t.Fatalf("ended %v, %v, %v", victim.ended(), victim.got, victim.err)
	}
	if n := len(g.records()); n != before {
		t.Errorf("%d records, %d before", n, before)
	}
	g.next("next").choose(policy.Yes)
	g.settle()
	expect(t, next, policy.DecisionYes)
	g.checkIdle()
}

// With ctx done beforehand nothing is asked.
func (w world) cancelledBefore(t *testing.T) {
	g := w.newFixture(t, list(offer(policy.Yes)))
	ctx, cancel := context.WithCancelCause(context.Background())
	why := errors.New("why")
	cancel(why)
	d, err := decided(g.authorise(ctx, g.open(anApp), service.Query{Service: theService, Destination: "x", Passed: true}))
	if d != policy.DecisionNo || err != why {
		t.Errorf("%v, %v", d, err)
	}
}

// A cancel that comes with the answer is either too early, and nothing is
// stored, or too late, and the answer is given.
func (w world) cancelAtTheAnswer(t *testing.T) {
	g := w.newFixture(t, list(offer(policy.AllOptions)))
	kept, dropped := 0, 0
	for i := range 300 {
		sid := uint32(i + 1)
		p := (*pending)(nil)
		begun := make(chan struct{})
		g.user.answers = func(*shownDialog) (service.Choice, error) {
			<-begun
			go p.cancel()
			return service.Choice{Option: policy.Always}, nil
		}
		p = g.begin(sid, "x")
		close(begun)
		<-p.done
		_, found, err := g.db.Lookup(context.Background(), decision.Key{Client: sid, Service: theService, Server: theServer})
		if err != nil || found != (p.err == nil) || found != p.got.Allows() {
			t.Fatalf("stored %v, answered %v, error %v", found, p.got, p.err)
		}
		if found {
			kept++
		} else {
			dropped++
		}
	}
	t.Logf("%d kept, %d dropped", kept, dropped)
}
