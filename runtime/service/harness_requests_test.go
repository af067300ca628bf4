package service

import (
	"context"
	"testing"

	"ups/policy"
	"ups/runtime/decision"
)

// slow makes the evaluator of records wait until it is let go on, one record
// at a time, in the order in which they ask.
func (m *fakeEvaluator) slow() (goOn chan bool) {
	goOn = make(chan bool)
	m.force = func(ctx context.Context, rec decision.Record) (bool, uint32, error) {
		select {
		case force := <-goOn:
			return force, rec.Info, nil
		case <-ctx.Done():
			return false, 0, context.Cause(ctx)
		}
	}
	return goOn
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

// forcing makes the evaluator force a prompt for records of that id, or leave
// them, and set the info.
func (m *fakeEvaluator) forcing(force bool, info uint32) {
	m.force = func(context.Context, decision.Record) (bool, uint32, error) { return force, info, nil }
}

func expect(t *testing.T, p *pending, want policy.Decision) {
	t.Helper()
	if !p.ended() || p.got != want || p.err != nil {
		t.Errorf("%s: ended %v, %v, error %v, want %v", p.name, p.ended(), p.got, p.err, want)
	}
}
