package decisions

import (
	"context"
	"iter"

	"ups/runtime/decision"
)

// selection is the part of a database that has some ids, to be listed.
type selection struct {
	decision.DB
	ids []uint64
}

// List returns the records in the order of ids.
func (s *selection) List(ctx context.Context, _ decision.Filter) iter.Seq2[decision.Record, error] {
	return func(yield func(decision.Record, error) bool) {
		for _, id := range s.ids {
			for r, err := range s.DB.List(ctx, withID(id)) {
				if !yield(r, err) || err != nil {
					return
				}
			}
		}
	}
}
