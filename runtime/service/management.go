package service

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"sync/atomic"
	"ups/runtime/internal/lifetime"

	"ups/runtime/decision"
)

// Management is a session that manages stored answers, or reports what software
// installation has changed (docs/service.md, Management). Each
// operation asks for a capability of the caller, and fails with
// ErrPermissionDenied.
type Management struct {
	server  *Server
	caller  Caller
	life    *lifetime.Lifetime // operations, and steps of views, run in it
	viewing atomic.Bool
}

// ErrViewOpen says that the session has a view already.
var ErrViewOpen = errors.New("the session has a view open")

// Manage opens a session for management. It fails with ErrClosed if the
// service has ended.
func (s *Server) Manage(caller Caller) (*Management, error) {
	m := &Management{server: s, caller: caller}
	m.life = lifetime.New(s.life, s.leave)
	if err := s.enter(m.life); err != nil {
		return nil, err
	}
	return m, nil
}

// Close closes the session. Operations under way, and its view, fail with
// ErrClosed, unless what they change is changed already. Close returns when they
// have; it doesn't wait for the body of a loop over a view, and may be called in
// it. A second Close returns ErrClosed, and no earlier (see Server).
func (m *Management) Close() error { return m.life.Close() }

// do runs an operation of the session, unless denied isn't nil.
func (m *Management) do(ctx context.Context, denied error, operation func(context.Context) error) error {
	return m.life.Do(ctx, func(ctx context.Context) error {
		if denied != nil {
			return denied
		}
		return operation(ctx)
	})
}

// Records is a view: the records that the filter selects, in the order of
// their ids, as decision.DB.List returns them. A session has one view at a time,
// from the first step of the loop to its end: one within it fails with
// ErrViewOpen. If the database is deleted or replaced meanwhile, the view is
// aborted with decision.ErrViewLost. An error is the last thing yielded. It
// needs ReadDeviceData.
func (m *Management) Records(ctx context.Context, f decision.Filter) iter.Seq2[decision.Record, error] {
	return func(yield func(decision.Record, error) bool) {
		denied := m.caller.need(ReadDeviceData, "ReadDeviceData")
		if err := m.do(ctx, denied, m.openView); err != nil {
			yield(decision.Record{}, err)
			return
		}
		defer m.viewing.Store(false)
		m.view(ctx, f, yield)
	}
}

func (m *Management) openView(context.Context) error {
	if m.viewing.Swap(true) {
		return ErrViewOpen
	}
	return nil
}

// view runs in the session's lifetime from step to step: between two of them
// the loop's body does as it likes.
func (m *Management) view(ctx context.Context, f decision.Filter, yield func(decision.Record, error) bool) {
	ctx, release := m.life.Context(ctx)
	defer release()
	mark := m.server.deletions.mark()
	next, stop := iter.Pull2(m.server.opt.DB.List(ctx, f))
	defer stop()
	for {
		r, more, err := m.step(ctx, next)
		if m.server.deletions.since(mark) && !errors.Is(err, ErrClosed) {
			r, more, err = decision.Record{}, true, decision.ErrViewLost
		}
		if more && err == nil && m.server.isVoid(&r) {
			continue
		}
		if !more || !yield(r, err) || err != nil {
			return
		}
	}
}

// step reads a record. More is set if there is one, or an error.
func (m *Management) step(ctx context.Context, next func() (decision.Record, error, bool)) (r decision.Record, more bool, err error) {
	if err := m.life.Begin(); err != nil {
		return r, true, err
	}
	defer m.life.End()
	r, err, more = next()
	return r, more, lifetime.ClosedOr(ctx, err)
}

// Delete deletes the records that the filter selects, and returns their number.
// Of an empty filter that is every record. It needs WriteDeviceData.
func (m *Management) Delete(ctx context.Context, f decision.Filter) (n int, err error) {
	denied := m.caller.need(WriteDeviceData, "WriteDeviceData")
	err = m.do(ctx, denied, func(ctx context.Context) error {
		n, err = m.server.opt.DB.Delete(ctx, f)
		m.server.ageing.sweep(ctx, m.server.opt.DB)
		return err
	})
	return n, err
}

// deletions counts how often the database was deleted: in the high half those
// that were begun, in the low half those that are under way.
type deletions struct{ atomic.Uint64 }

const oneBegun, oneUnderWay = 1 << 32, 1

func (d *deletions) begin() { d.Add(oneBegun + oneUnderWay) }

func (d *deletions) end() { d.Add(^uint64(oneUnderWay - 1)) }

// mark returns the argument for a later call of since.
func (d *deletions) mark() uint64 { return d.Load() }

// since reports whether a deletion was under way at the mark, or has begun
// since: what was read after the mark may be a part of the records.
func (d *deletions) since(mark uint64) bool { return uint32(mark) != 0 || d.Load() != mark }

// DeleteDatabase deletes every record, and aborts the views of all sessions,
// even if it fails, and those that begin before it has ended. It needs
// WriteDeviceData.
func (m *Management) DeleteDatabase(ctx context.Context) error {
	return m.do(ctx, m.caller.need(WriteDeviceData, "WriteDeviceData"), m.deleteDatabase)
}

func (m *Management) deleteDatabase(ctx context.Context) error {
	m.server.deletions.begin()
	defer m.server.deletions.end()
	n, err := decision.Clear(ctx, m.server.opt.DB)
	if err == nil {
		m.server.ageing.sweep(ctx, m.server.opt.DB)
		m.server.log(ctx, slog.LevelWarn, "decision database deleted", hex("caller", m.caller.SID), slog.Int("records", n))
	}
	return err
}

// UpdateResult changes the result of a record. It fails with
// decision.ErrNotFound. It needs AllFiles.
func (m *Management) UpdateResult(ctx context.Context, id uint64, result decision.Result) error {
	return m.do(ctx, m.caller.need(AllFiles, "AllFiles"), func(ctx context.Context) error {
		if err := m.server.checkVoid(ctx, id); err != nil {
			return err
		}
		return m.server.opt.DB.UpdateResult(ctx, id, result)
	})
}

// checkVoid fails with decision.ErrNotFound for a record that is void.
func (s *Server) checkVoid(ctx context.Context, id uint64) error {
	if !s.undeleted() {
		return nil
	}
	for r, err := range s.opt.DB.List(ctx, decision.Filter{ID: decision.Number{Comparison: decision.Equal, Value: id}}) {
		if err != nil {
			return err
		}
		if s.isVoid(&r) {
			return fmt.Errorf("record %d: %w", id, decision.ErrNotFound)
		}
	}
	return nil
}

// ExecutableRemoved deletes the records of a client whose executable was
// removed, and returns their number. The caller must be the software-install
// observer.
func (m *Management) ExecutableRemoved(ctx context.Context, sid uint32) (n int, err error) {
	err = m.do(ctx, m.caller.mustObserve(), func(ctx context.Context) error {
		n, err = m.removeClient(ctx, sid)
		return err
	})
	return n, err
}

func (m *Management) removeClient(ctx context.Context, sid uint32) (int, error) {
	n, err := decision.RemoveClient(ctx, m.server.opt.DB, sid)
	if err != nil {
		return n, fmt.Errorf("removing the decisions of SID 0x%08X: %w", sid, err)
	}
	m.server.ageing.sweep(ctx, m.server.opt.DB)
	m.server.log(ctx, slog.LevelInfo, "executable removed", m.server.opt.Mask.field(MaskClient, hex("client", sid)), slog.Int("records", n))
	return n, nil
}

// PlugInsChanged makes the service drop the plug-ins, which may have changed:
// those that are not in use at once, the others with their last use. The caller
// must be the software-install observer.
func (m *Management) PlugInsChanged(ctx context.Context) error {
	return m.do(ctx, m.caller.mustObserve(), func(ctx context.Context) error {
		n := m.server.evaluators.invalidate() + m.server.creators.invalidate()
		m.server.log(ctx, slog.LevelInfo, "plug-ins may have changed", slog.Int("dropped", n))
		return nil
	})
}

// PolicyFilesChanged makes the service take up changed policy files
// (NotifyPolicyFilesChanged): requests under way finish with the policies that
// they began with, sessions fetch their configuration anew, and decisions that
// the change makes void are purged. If a folder of policies can't be listed,
// nothing changes, and the error says so. The caller must be the
// software-install observer.
func (m *Management) PolicyFilesChanged(ctx context.Context) error {
	return m.do(ctx, m.caller.mustObserve(), m.server.policyFilesChanged)
}
