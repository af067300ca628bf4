package servicetest

import (
	"context"
	"errors"
	"testing"

	"ups/policy"
	"ups/runtime/decision"
	"ups/runtime/service"
)

// forcing makes the evaluator force a prompt for records of that id, or leave
// them, and set the info.
func (m *fakeEvaluator) forcing(force bool, info uint32) {
	m.force = func(context.Context, decision.Record) (bool, uint32, error) { return force, info, nil }
}

func (w world) forcePrompt(t *testing.T) {
	for _, c := range []struct {
		name     string
		force    bool
		info     uint32 // the evaluator's; the record has 5
		choice   policy.Options
		want     policy.Decision
		from     service.Source
		wantInfo uint32   // that the dialog gets
		stored   []string // afterwards
		recInfo  uint32   // of what is stored
	}{
		{"not forced, info kept", false, 5, 0, policy.DecisionSessionNo, service.SourceStored, 0, []string{"never"}, 5},
		{"not forced, info changed", false, 6, 0, policy.DecisionSessionNo, service.SourceStored, 0, []string{"never"}, 6},
		{"forced, once", true, 5, policy.Yes, policy.DecisionYes, service.SourcePrompt, 5, nil, 0},
		{"forced, info changed, no", true, 6, policy.No, policy.DecisionNo, service.SourcePrompt, 6, nil, 0},
		{"forced, info changed, always", true, 6, policy.Always, policy.DecisionSessionYes, service.SourcePrompt, 6, []string{"always"}, 77},
		{"forced, never again", true, 5, policy.Never, policy.DecisionSessionNo, service.SourcePrompt, 5, []string{"never"}, 77},
		{"forced, nonsense", true, 5, 1 << 9, policy.DecisionNo, service.SourcePrompt, 5, nil, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			g := w.newFixture(t, evaluated(policy.AllOptions))
			old := g.keep("", decision.Never, 5)
			g.evaluator.forcing(c.force, c.info)
			g.user.answers = func(s *shownDialog) (service.Choice, error) {
				if !s.Forced || s.info != c.wantInfo {
					t.Errorf("the dialog: forced %v, info %d, want %d", s.Forced, s.info, c.wantInfo)
				}
				return service.Choice{Option: c.choice, Info: 77}, nil
			}
			g.must(anApp, "x", c.want, c.from)
			equal(t, "stored", g.results(), c.stored...)
			for _, r := range g.records() {
				if r.Info != c.recInfo || (r.ID == old) == c.force {
					t.Errorf("record %d has info %d, want %d; the old one was %d", r.ID, r.Info, c.recInfo, old)
				}
			}
			equal(t, "asked about", g.evaluator.asked(), old)
		})
	}
}

// A forced prompt that isn't answered leaves the record as it was.
func (w world) forcedWithoutAnswer(t *testing.T) {
	g := w.newFixture(t, evaluated(policy.AllOptions))
	old := g.keep("", decision.Always, 5)
	g.evaluator.forcing(true, 6)
	g.user.answers = func(*shownDialog) (service.Choice, error) { return service.Choice{}, service.ErrNoAnswer }
	if d, err := g.ask(anApp, "x"); d != policy.DecisionNo || !errors.Is(err, service.ErrNoAnswer) {
		t.Errorf("%v, %v", d, err)
	}
	if r := g.records(); len(r) != 1 || r[0].ID != old || r[0].Info != 5 {
		t.Errorf("stored: %+v", r)
	}
}

// Without a record the dialog gets the info 0, and no evaluator is asked
// whether to force it.
func (w world) infoWithoutRecord(t *testing.T) {
	g := w.newFixture(t, evaluated(policy.AllOptions))
	g.user.answers = func(s *shownDialog) (service.Choice, error) {
		if s.info != 0 || s.Forced {
			t.Errorf("info %d, forced %v", s.info, s.Forced)
		}
		return service.Choice{Option: policy.Always, Info: 9}, nil
	}
	g.must(anApp, "x", policy.DecisionSessionYes, service.SourcePrompt)
	if r := g.records(); len(r) != 1 || r[0].Info != 9 {
		t.Errorf("stored: %+v", r)
	}
	equal(t, "asked about", g.evaluator.asked())
}

// The records of fingerprints are looked for in order; the first found counts.
func (w world) fingerprintsInOrder(t *testing.T) {
	g := w.newFixture(t, evaluated(policy.AllOptions))
	g.evaluator.fingerprints = func(context.Context, *service.Request) (service.Evaluation, error) {
		return prints("one", "two", "three"), nil
	}
	third := g.keep("three", decision.Never, 0)
	g.must(anApp, "x", policy.DecisionSessionNo, service.SourceStored)
	second := g.keep("two", decision.Always, 0)
	g.must(anApp, "x", policy.DecisionSessionYes, service.SourceStored)
	equal(t, "asked about", g.evaluator.asked(), third, second)
	g.evaluator.forcing(true, 0)
	g.user.answers = func(*shownDialog) (service.Choice, error) {
		return service.Choice{Option: policy.Never, Fingerprint: 0}, nil
	}
	g.must(anApp, "x", policy.DecisionSessionNo, service.SourcePrompt)
	equal(t, "stored", g.results(), "never", "never")
	if r := g.records(); r[1].Fingerprint != "one" || r[1].Description != "of one" || r[0].ID != third {
		t.Errorf("stored: %+v", r)
	}
}

// Dispute, with one request behind the one that forced: it goes to the queue
// without the evaluator being asked, and when the record is gone it is asked
// for a prompt of its own, which isn't forced.
func (w world) disputeWithTwo(t *testing.T) {
	w.run(t, func(t *testing.T, w world) {
		g := w.newFixture(t, evaluated(policy.AllOptions))
		id := g.keep("", decision.Always, 5)
		g.evaluator.forcing(true, 6)
		a := g.begin(anApp, "a")
		g.settle()
		b := g.begin(anApp, "b")
		g.settle()
		equal(t, "asked about", g.evaluator.asked(), id)
		g.next("a").choose(policy.Yes)
		g.settle()
		s := g.next("b")
		if s.Forced || s.info != 0 {
			t.Errorf("b: forced %v, info %d", s.Forced, s.info)
		}
		s.choose(policy.No)
		g.settle()
		expect(t, a, policy.DecisionYes)
		expect(t, b, policy.DecisionNo)
		equal(t, "stored", g.results())
		equal(t, "asked about", g.evaluator.asked())
	})
}

// Two requests with disputes wait behind another dialog, and a third finds their
// records disputed. The answer to the first is that to all for the same record.
func (w world) disputeWithThree(t *testing.T) {
	w.run(t, func(t *testing.T, w world) {
		g := w.newFixture(t, evaluated(policy.AllOptions))
		g.evaluator.fingerprints = byDestination
		x, y := g.keep("x", decision.Never, 1), g.keep("y", decision.Never, 2)
		g.evaluator.forcing(true, 8)
		other := g.begin(anApp, "other")
		g.settle()
		x1, y1 := g.begin(anApp, "x"), (*pending)(nil)
		g.settle()
		y1 = g.begin(anApp, "y")
		g.settle()
		x2 := g.begin(anApp, "x")
		g.settle()
		equal(t, "asked about", g.evaluator.asked(), x, y)
		g.evaluator.forcing(false, 0) // from now on records answer
		g.next("other").choose(policy.Yes)
		g.settle()
		equal(t, "asked about, in the round", g.evaluator.asked())
		s := g.next("x")
		if !s.Forced || s.info != 8 {
			t.Errorf("x: forced %v, info %d", s.Forced, s.info)
		}
		s.choose(policy.Always)
		g.settle()
		expect(t, x1, policy.DecisionSessionYes)
		expect(t, x2, policy.DecisionSessionYes) // by what x1 stored, behind y1 as it stands
		if y1.ended() {
			t.Error("y did not wait for its dialog")
		}
		g.next("y").choose(policy.Never)
		g.settle()
		expect(t, y1, policy.DecisionSessionNo)
		expect(t, other, policy.DecisionYes)
		equal(t, "stored", g.results(), "always", "never")
	})
}

// A dispute ends with its request: the next to look up asks the evaluator.
func (w world) disputeLiftedByCancel(t *testing.T) {
	w.run(t, func(t *testing.T, w world) {
		g := w.newFixture(t, evaluated(policy.AllOptions))
		id := g.keep("", decision.Always, 5)
		g.evaluator.forcing(true, 6)
		a := g.begin(anApp, "a")
		g.settle()
		b, c := g.begin(anApp, "b"), (*pending)(nil)
		g.settle()
		c = g.begin(anApp, "c")
		g.settle()
		equal(t, "asked about", g.evaluator.asked(), id)
		g.next("a")
		a.cancel()
		g.settle()
		equal(t, "asked about", g.evaluator.asked(), id) // by b; c finds it disputed
		if s := g.next("b"); !s.Forced || s.info != 6 {
			t.Errorf("b: forced %v, info %d", s.Forced, s.info)
		}
		g.evaluator.forcing(false, 7)
		b.cancel()
		g.settle()
		equal(t, "asked about", g.evaluator.asked(), id)
		expect(t, c, policy.DecisionSessionYes)
		if r := g.records(); len(r) != 1 || r[0].ID != id || r[0].Info != 7 {
			t.Errorf("stored: %+v", r)
		}
		for _, p := range []*pending{a, b} {
			if !errors.Is(p.err, context.Canceled) || p.got != policy.DecisionNo {
				t.Errorf("%s: %v, %v", p.name, p.got, p.err)
			}
		}
	})
}

// A dispute is lifted when another record is found, or none.
func (w world) disputeLiftedByAnotherRecord(t *testing.T) {
	w.run(t, func(t *testing.T, w world) {
		g := w.newFixture(t, evaluated(policy.AllOptions))
		g.evaluator.fingerprints = func(_ context.Context, r *service.Request) (service.Evaluation, error) {
			return prints(r.Destination, "all"), nil
		}
		all := g.keep("all", decision.Always, 0)
		first := g.begin(anApp, "x")
		g.settle()
		expect(t, first, policy.DecisionSessionYes)
		g.evaluator.asked()
		g.evaluator.forcing(true, 1)
		up := g.begin(aWildApp, "up") // another client's: no record
		g.settle()
		x := g.begin(anApp, "x") // disputes the record for all
		g.settle()
		y := g.begin(anApp, "y") // finds it disputed
		g.settle()
		equal(t, "asked about", g.evaluator.asked(), all)
		exact := g.keep("x", decision.Never, 0) // by way of management, say
		g.evaluator.forcing(false, 0)
		g.next("up").choose(policy.Yes)
		g.settle()
		equal(t, "asked about", g.evaluator.asked(), exact, all)
		expect(t, x, policy.DecisionSessionNo)
		expect(t, y, policy.DecisionSessionYes)
		expect(t, up, policy.DecisionYes)
		g.quiet()
	})
}

func expect(t *testing.T, p *pending, want policy.Decision) {
	t.Helper()
	if !p.arrived() {
		t.Errorf("%s has not ended, want %v", p.name, want)
		return
	}
	if p.got != want || p.err != nil {
		t.Errorf("%s: %v, error %v, want %v", p.name, p.got, p.err, want)
	}
}
