package service

import (
	"context"
	"errors"
	"fmt"
	"log/slog"

	"ups/runtime"
	"ups/runtime/decision"
)

// ErrSuperseded says that a deleted record can't be restored: another answer has
// come into its place, or the policies that it belonged to were replaced.
var ErrSuperseded = errors.New("superseded meanwhile")

// Restore stores a record that the caller has deleted, and returns its new id. It
// fails with ErrSuperseded if there is a record of the same key again, which is the
// newer answer, or if a purge would delete the record. It needs AllFiles, as
// UpdateResult does, since nothing shows that the record is as it was.
func (m *Management) Restore(ctx context.Context, rec decision.Record) (id uint64, err error) {
	denied := m.caller.need(AllFiles, "AllFiles")
	err = m.do(ctx, denied, func(ctx context.Context) error {
		return m.server.opt.Store.Hold(func(held *runtime.Snapshot) error {
			id, err = m.restore(ctx, held, rec)
			return err
		})
	})
	return id, err
}

// restore runs while the store holds the snapshot, so that no purge falls between
// the look at the versions and the end.
func (m *Management) restore(ctx context.Context, held *runtime.Snapshot, rec decision.Record) (uint64, error) {
	s := m.server
	if newPurge(held).voids(rec.Key) || s.unpurged.voids(rec.Key) {
		return 0, fmt.Errorf("the policies have changed: %w", ErrSuperseded)
	}
	id, err := s.revoked.restore(ctx, s.opt.DB, rec)
	if err == nil {
		s.log(ctx, slog.LevelInfo, "record restored", hex("caller", m.caller.SID), slog.Uint64("record", id))
	}
	return id, err
}

// restore stores a record unless there is one of its key that counts.
func (v *revocations) restore(ctx context.Context, db decision.DB, rec decision.Record) (uint64, error) {
	v.changing.Lock()
	defer v.changing.Unlock()
	_, found, err := v.lookUp(ctx, db, rec.Key)
	switch {
	case err != nil:
		return 0, err
	case found:
		return 0, fmt.Errorf("there is another answer: %w", ErrSuperseded)
	}
	return v.storeLocked(ctx, db, rec)
}
