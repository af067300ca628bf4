package runtime

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"

	"ups/runtime/decision"
)

// revocations are the records of forced prompts that the database failed to
// delete. The user has answered anew, so they must not answer any more: to
// requests they aren't there. What changes them holds the gate, so no answer is
// stored while a deletion is tried again.
type revocations struct {
	mu          sync.Mutex
	ids         map[uint64]bool
	overwritten uint64 // how many were overwritten by a new answer
}

// remove deletes the record, or revokes it if that fails.
func (v *revocations) remove(ctx context.Context, s *Server, id uint64) {
	err := s.opt.DB.DeleteRecord(ctx, id)
	v.mu.Lock()
	if err == nil || errors.Is(err, decision.ErrNotFound) {
		delete(v.ids, id)
		v.mu.Unlock()
		return
	}
	if v.ids == nil {
		v.ids = map[uint64]bool{}
	}
	v.ids[id] = true
	v.mu.Unlock()
	s.fault(ctx, "deleting the record of a forced prompt", err)
}

// retry tries again to delete what is revoked.
func (v *revocations) retry(ctx context.Context, s *Server) {
	v.mu.Lock()
	ids := slices.Sorted(maps.Keys(v.ids))
	v.mu.Unlock()
	for _, id := range ids {
		v.remove(ctx, s, id)
	}
}

// replaced ends the revocation of a record that holds a new answer.
func (v *revocations) replaced(id uint64) {
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ids[id] {
		delete(v.ids, id)
		v.overwritten++
	}
}

// lookUp is DB.Lookup without what is revoked. If a revoked record was
// overwritten meanwhile, what was read may be the old one.
func (v *revocations) lookUp(ctx context.Context, db decision.DB, key decision.Key) (decision.Record, bool, error) {
	for before := v.state(0); ; {
		rec, found, err := db.Lookup(ctx, key)
		after := v.state(rec.ID)
		switch {
		case err != nil || !found:
			return rec, found, err
		case after.revoked:
			return decision.Record{}, false, nil
		case after.overwritten == before.overwritten:
			return rec, true, nil
		}
		before = after
	}
}

type revocationState struct {
	revoked     bool
	overwritten uint64
}

func (v *revocations) state(id uint64) revocationState {
	v.mu.Lock()
	defer v.mu.Unlock()
	return revocationState{v.ids[id], v.overwritten}
}
