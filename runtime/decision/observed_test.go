package decision_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"ups/runtime/decision"
	"ups/runtime/decision/decisiontest"
)

func newObserved(testing.TB) decision.DB {
	return decision.Observe(decision.NewMemory(), func(context.Context, decision.Operation) {})
}

// It is a database as any other.
func TestObservedContract(t *testing.T) { decisiontest.Run(t, newObserved) }

// Each operation is told of once, with its time and its error.
func TestObserve(t *testing.T) {
	var got []decision.Operation
	db := decision.Observe(late{decision.NewMemory()}, func(_ context.Context, o decision.Operation) { got = append(got, o) })
	none := func(func(decision.Record, error) bool) {}
	ctx := t.Context()
	for _, c := range []struct {
		name string
		do   func() error
		want error
	}{
		{"lookup", func() error { _, _, err := db.Lookup(ctx, decision.Key{}); return err }, nil},
		{"store", func() error { _, err := db.Store(ctx, decisiontest.Sample(1)); return err }, nil},
		{"store", func() error { _, err := db.Store(ctx, decision.Record{Result: 99}); return err }, decision.ErrInvalidRecord},
		{"import", func() error { return db.StoreAll(ctx, none) }, nil},
		{"import", func() error { _, err := db.ReplaceAll(ctx, none); return err }, nil},
		{"count", func() error { _, err := db.Count(ctx, decision.Filter{}); return err }, nil},
		{"update", func() error { return db.UpdateResult(ctx, 77, 1) }, decision.ErrNotFound},
		{"update", func() error { return db.UpdateInfo(ctx, 77, 1) }, decision.ErrNotFound},
		{"uses", func() error { _, err := db.AddUses(ctx, 77, 1); return err }, decision.ErrNotFound},
		{"delete", func() error { return db.DeleteRecord(ctx, 77) }, decision.ErrNotFound},
		{"delete", func() error { _, err := db.Delete(ctx, decision.Filter{}); return err }, nil},
		{"purge", func() error { _, err := db.Purge(ctx, nil, nil); return err }, nil},
	} {
		got = nil
		err := c.do()
		if !errors.Is(err, c.want) || len(got) != 1 || got[0].Name != c.name || !errors.Is(got[0].Err, c.want) || (got[0].Err == nil) != (c.want == nil) {
			t.Errorf("%s: %v; %+v", c.name, err, got)
		}
		if c.name == "lookup" && got[0].Duration < lateBy {
			t.Errorf("a look-up of %v is said to take %v", lateBy, got[0].Duration)
		}
	}
	got = nil
	for range db.List(ctx, decision.Filter{}) {
		t.Error("a record is left")
	}
	if got != nil {
		t.Errorf("reading a list is told of: %+v", got)
	}
}

const lateBy = 5 * time.Millisecond

// late is a database whose answers take time.
type late struct{ decision.DB }

func (l late) Lookup(ctx context.Context, key decision.Key) (decision.Record, bool, error) {
	time.Sleep(lateBy)
	return l.DB.Lookup(ctx, key)
}
