package service

import (
	"context"
	"errors"
	"testing"

	"ups/policy"
	"ups/runtime"
	"ups/runtime/decision"
)

// undeletable is a database that deletes no single record, the first times.
type undeletable struct {
	decision.DB
	fails int
}

func (d *undeletable) DeleteRecord(ctx context.Context, id uint64) error {
	if d.fails > 0 {
		d.fails--
		return errors.New("it does not delete")
	}
	return d.DB.DeleteRecord(ctx, id)
}

// A forced prompt whose record can't be deleted is answered by the user all the
// same: the old Always never answers again.
func TestRecordOfForcedPromptThatCantBeDeleted(t *testing.T) {
	for _, c := range []struct {
		choice policy.Options
		later  policy.Decision
		from   Source
	}{
		{policy.No, policy.DecisionYes, SourcePrompt}, // the user is asked again
		{policy.Never, policy.DecisionSessionNo, SourceStored},
		{policy.Never | 1<<9, policy.DecisionSessionNo, SourceStored},
		{policy.Always | policy.Yes, policy.DecisionSessionYes, SourceStored},
	} {
		db := &undeletable{fails: 1}
		g := newFixture(t, evaluated(policy.AllOptions), func(o *Options) { db.DB, o.DB = o.DB, db })
		g.keep("", decision.Always, 5)
		g.evaluator.forcing(true, 5)
		g.user.always(c.choice)
		if _, err := g.ask(anApp, "x"); err != nil || db.fails != 0 {
			t.Errorf("%v: %v, %d failures left", c.choice, err, db.fails)
		}
		g.evaluator.forcing(false, 5)
		g.user.always(policy.Yes)
		g.must(anApp, "x", c.later, c.from)
		if n := len(g.records()); (n == 0) != (c.choice == policy.No) {
			t.Errorf("%v: %d records in the end", c.choice, n)
		}
	}
}

// A mistake of the dialog creator keeps the answer from being stored, and the
// record that it was to replace is gone all the same.
func TestForcedNeverUnderNoFingerprint(t *testing.T) {
	g := newFixture(t, evaluated(policy.AllOptions))
	g.keep("", decision.Always, 5)
	g.evaluator.forcing(true, 5)
	g.user.answers = func(*shownDialog) (Choice, error) { return Choice{Option: policy.Never, Fingerprint: 7}, nil }
	if d, err := g.ask(anApp, "x"); d != policy.DecisionNo || !errors.Is(err, runtime.ErrMissingArgument) {
		t.Errorf("%v, %v", d, err)
	}
	equal(t, "stored", g.results())
}

func TestChoicesOfSeveralBits(t *testing.T) {
	for _, c := range []struct {
		offers, choice policy.Options
		want           policy.Decision
		stored         []string
	}{
		{policy.Yes | policy.Never, policy.Never | policy.Always, policy.DecisionNo, []string{"never"}},
		{policy.AllOptions, policy.Yes | policy.Always, policy.DecisionSessionYes, []string{"always"}},
		{policy.AllOptions, policy.SessionNo | policy.Always, policy.DecisionSessionNo, nil},
		{policy.Yes | policy.No, policy.SessionYes, policy.DecisionNo, nil},
	} {
		g := newFixture(t, list(offer(c.offers)))
		g.user.always(c.choice)
		g.must(anApp, "x", c.want, SourcePrompt)
		equal(t, "stored", g.results(), c.stored...)
	}
}
