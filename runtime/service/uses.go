package service

import (
	"context"
	"errors"
	"maps"
	"sync"

	"ups/runtime/decision"
)

// uses are the uses of answers that were taken from the database in advance, so
// that not every use has to be written down. After a crash those that weren't given
// count as given: an answer never answers more often than it may.
type uses struct {
	mu   sync.Mutex
	byID map[uint64]*allowance // of records
	kept int                   // how many the last sweep left
}

// allowance is what may be used of one answer.
type allowance struct {
	mu    sync.Mutex
	known bool
	total uint32 // uses that the database has, those that are left included
	left  uint32
}

// inAdvance is the part of the uses that is taken from the database at once.
const inAdvance = 16

// take counts a use of an answer that may answer as often as the limit says. It
// reports whether there was one.
func (u *uses) take(ctx context.Context, db decision.DB, rec *decision.Record, limit uint32) (bool, error) {
	a := u.allowance(rec.ID)
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.spent(rec, limit) {
		return false, nil
	}
	if a.left == 0 {
		if err := a.reserve(ctx, db, rec.ID, limit); err != nil {
			return false, err
		}
		if a.spent(rec, limit) {
			return false, nil
		}
	}
	a.left--
	return true, nil
}

// spent reports whether an answer has answered as often as the limit says.
func (u *uses) spent(rec *decision.Record, limit uint32) bool {
	a := u.allowance(rec.ID)
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.spent(rec, limit)
}

// spent is uses.spent, of its answer, with the lock held.
func (a *allowance) spent(rec *decision.Record, limit uint32) bool {
	if !a.known {
		a.total = rec.Uses // as it was when it was found: corrected with the first reservation
	}
	return a.total-a.left >= limit
}

// reserve takes uses from the database.
func (a *allowance) reserve(ctx context.Context, db decision.DB, id uint64, limit uint32) error {
	n := min(max(limit/inAdvance, 1), limit-a.total)
	total, err := db.AddUses(ctx, id, int64(n))
	if err == nil {
		a.known, a.total, a.left = true, total, n
	}
	return err
}

func (u *uses) allowance(id uint64) *allowance {
	u.mu.Lock()
	defer u.mu.Unlock()
	a := u.byID[id]
	if a == nil {
		if u.byID == nil {
			u.byID = map[uint64]*allowance{}
		}
		a = &allowance{}
		u.byID[id] = a
	}
	return a
}

// replacing calls store, which is to store an answer in the place of that key. If
// there is a record already, nobody takes a use of it meanwhile, and what was taken
// in advance is void: the uses of the new answer are those that store stores.
func (u *uses) replacing(ctx context.Context, db decision.DB, key decision.Key, store func() (uint64, error)) (uint64, error) {
	rec, found, err := db.Lookup(ctx, key)
	switch {
	case err != nil:
		return 0, err
	case !found:
		return store()
	}
	a := u.allowance(rec.ID)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.known, a.left = false, 0
	return store()
}

// forget is for a record that was deleted: its id isn't used again.
func (u *uses) forget(id uint64) {
	u.mu.Lock()
	defer u.mu.Unlock()
	delete(u.byID, id)
}

// sweepFrom is how many allowances may come before a sweep.
const sweepFrom = 64

// sweep is called when records were deleted, nobody knows which: it forgets the
// allowances of those that the database hasn't any more. It waits until there are twice
// as many as the last one left, since it reads all the records. If that fails, a later
// one forgets them.
func (u *uses) sweep(ctx context.Context, db decision.DB) {
	deleted := u.toSweep()
	if deleted == nil {
		return
	}
	for r, err := range db.List(ctx, decision.Filter{}) {
		if err != nil {
			return
		}
		delete(deleted, r.ID)
	}
	u.mu.Lock()
	defer u.mu.Unlock()
	for id := range deleted {
		delete(u.byID, id)
	}
	u.kept = len(u.byID)
}

// toSweep returns the records that there are allowances of, nil if they are too few.
func (u *uses) toSweep() map[uint64]*allowance {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.byID) < 2*u.kept+sweepFrom {
		return nil
	}
	return maps.Clone(u.byID)
}

// giveBack gives back what is left, when nothing uses it any more.
func (u *uses) giveBack(ctx context.Context, db decision.DB) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	var errs []error
	for id, a := range u.byID {
		if a.left == 0 {
			continue
		}
		if _, err := db.AddUses(ctx, id, -int64(a.left)); err != nil && !errors.Is(err, decision.ErrNotFound) {
			errs = append(errs, err)
		}
	}
	u.byID = nil
	return errors.Join(errs...)
}
