package service

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"slices"
	"sync"

	"ups/runtime/decision"
)

// revocations are the records that the database failed to delete, and that must
// not answer any more: those of forced prompts, since the user has answered
// anew, and answers to policies that changed meanwhile. Requests and management
// don't see them. The deletion is tried again (retry.go) until it is done, or a
// new answer has the place of the record.
type revocations struct {
	// changing is held while a record is deleted, or an answer stored: a
	// deletion that is tried again must not hit the answer that has come into
	// the record's place.
	changing sync.Mutex
	uses     *uses // of stored answers; nil if they don't age

	mu          sync.Mutex
	ids         map[uint64]bool
	overwritten uint64 // how many were overwritten by a new answer
}

// remove deletes the record, or revokes it if that fails. The log says what
// that was.
func (v *revocations) remove(ctx context.Context, s *Server, id uint64, what string) {
	v.changing.Lock()
	defer v.changing.Unlock()
	err := v.delete(ctx, s.opt.DB, id)
	if err == nil {
		return
	}
	v.mu.Lock()
	if v.ids == nil {
		v.ids = map[uint64]bool{}
	}
	v.ids[id] = true
	v.mu.Unlock()
	s.fault(ctx, what, err)
	s.retryLater()
}

// delete deletes a record, which need not be there.
func (v *revocations) delete(ctx context.Context, db decision.DB, id uint64) error {
	err := db.DeleteRecord(ctx, id)
	if err != nil && !errors.Is(err, decision.ErrNotFound) {
		return err
	}
	if v.uses != nil {
		v.uses.forget(id)
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	delete(v.ids, id)
	return nil
}

// retry tries again to delete what is revoked.
func (v *revocations) retry(ctx context.Context, s *Server) {
	v.mu.Lock()
	ids := slices.Sorted(maps.Keys(v.ids))
	v.mu.Unlock()
	for _, id := range ids {
		v.changing.Lock()
		if v.has(id) && v.delete(ctx, s.opt.DB, id) == nil {
			s.log(ctx, slog.LevelInfo, "a record that was void is deleted at last")
		}
		v.changing.Unlock()
	}
}

// store stores an answer. If it has taken the place of a revoked record, that
// one is no more.
func (v *revocations) store(ctx context.Context, db decision.DB, rec decision.Record) (uint64, error) {
	v.changing.Lock()
	defer v.changing.Unlock()
	return v.storeLocked(ctx, db, rec)
}

// storeLocked is store, with changing locked.
func (v *revocations) storeLocked(ctx context.Context, db decision.DB, rec decision.Record) (uint64, error) {
	id, err := v.put(ctx, db, rec)
	if err != nil {
		return id, err
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	if v.ids[id] {
		delete(v.ids, id)
		v.overwritten++
	}
	return id, nil
}

// put is DB.Store. The uses of an answer in whose place the record comes are past.
func (v *revocations) put(ctx context.Context, db decision.DB, rec decision.Record) (uint64, error) {
	if v.uses == nil {
		return db.Store(ctx, rec)
	}
	return v.uses.replacing(ctx, db, rec.Key, func() (uint64, error) { return db.Store(ctx, rec) })
}

func (v *revocations) has(id uint64) bool { return v.state(id).revoked }

func (v *revocations) any() bool { return v.len() > 0 }

func (v *revocations) len() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.ids)
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
