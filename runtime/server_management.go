package runtime

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"sync/atomic"

	"ups/runtime/decision"
)

// Management is a session of who manages stored answers, or reports what
// software installation has changed (ups-service.md, Management). Each
// operation asks for a capability of the caller, and fails with
// ErrPermissionDenied.
type Management struct {
	server  *Server
	caller  Caller
	viewing atomic.Bool
	closed  atomic.Bool
}

// ErrViewOpen says that the session has a view already.
var ErrViewOpen = errors.New("the session has a view open")

// Manage opens a session for management. It fails with ErrClosed if the
// service has ended.
func (s *Server) Manage(caller Caller) (*Management, error) {
	m := &Management{server: s, caller: caller}
	if err := s.enter(m); err != nil {
		return nil, err
	}
	return m, nil
}

// Close closes the session; a view of it ends with ErrClosed. A second Close
// gives ErrClosed.
func (m *Management) Close() error {
	if m.closed.Swap(true) {
		return ErrClosed
	}
	m.server.leave(m)
	return nil
}

// may fails unless the session is open and the caller has the capability.
func (m *Management) may(capability Capabilities, name string) error {
	if m.closed.Load() {
		return ErrClosed
	}
	return m.caller.need(capability, name)
}

// mayObserve fails unless the session is open and the caller is the
// software-install observer.
func (m *Management) mayObserve() error {
	if m.closed.Load() {
		return ErrClosed
	}
	return m.caller.mustObserve()
}

// Records is a view: the records that the filter selects, in the order of
// their ids, as decision.DB.List gives them. A session has one view at a time,
// from the first step of the loop to its end: one within it fails with
// ErrViewOpen. If the database is deleted or replaced meanwhile, the view is
// aborted with decision.ErrViewLost. An error is the last thing given. It
// needs ReadDeviceData.
func (m *Management) Records(ctx context.Context, f decision.Filter) iter.Seq2[decision.Record, error] {
	return func(yield func(decision.Record, error) bool) {
		if err := m.may(ReadDeviceData, "ReadDeviceData"); err != nil {
			yield(decision.Record{}, err)
			return
		}
		if m.viewing.Swap(true) {
			yield(decision.Record{}, ErrViewOpen)
			return
		}
		defer m.viewing.Store(false)
		m.view(ctx, f, yield)
	}
}

func (m *Management) view(ctx context.Context, f decision.Filter, yield func(decision.Record, error) bool) {
	mark := m.server.deletions.mark()
	for r, err := range m.server.opt.DB.List(ctx, f) {
		switch {
		case m.closed.Load():
			err = ErrClosed
		case m.server.deletions.since(mark):
			err = decision.ErrViewLost
		}
		if err != nil {
			yield(decision.Record{}, err)
			return
		}
		if !yield(r, nil) {
			return
		}
	}
	if m.server.deletions.since(mark) {
		yield(decision.Record{}, decision.ErrViewLost)
	}
}

// Delete deletes the records that the filter selects, and gives their number.
// Of an empty filter that is every record. It needs WriteDeviceData.
func (m *Management) Delete(ctx context.Context, f decision.Filter) (int, error) {
	if err := m.may(WriteDeviceData, "WriteDeviceData"); err != nil {
		return 0, err
	}
	return m.server.opt.DB.Delete(ctx, f)
}

// deletions counts how often the database was deleted: in the high half those
// that were begun, in the low half those that are under way.
type deletions struct{ atomic.Uint64 }

const oneBegun, oneUnderWay = 1 << 32, 1

func (d *deletions) begin() { d.Add(oneBegun + oneUnderWay) }

func (d *deletions) end() { d.Add(^uint64(oneUnderWay - 1)) }

// mark gives what since is asked with.
func (d *deletions) mark() uint64 { return d.Load() }

// since reports whether a deletion was under way at the mark, or has begun
// since: what was read after the mark may be a part of the records.
func (d *deletions) since(mark uint64) bool { return uint32(mark) != 0 || d.Load() != mark }

// DeleteDatabase deletes every record, and aborts the views of all sessions,
// even if it fails, and those that begin before it has ended. It needs
// WriteDeviceData.
func (m *Management) DeleteDatabase(ctx context.Context) error {
	if err := m.may(WriteDeviceData, "WriteDeviceData"); err != nil {
		return err
	}
	m.server.deletions.begin()
	defer m.server.deletions.end()
	n, err := decision.Clear(ctx, m.server.opt.DB)
	if err == nil {
		m.server.log(ctx, slog.LevelWarn, "decision database deleted", hex("caller", m.caller.SID), slog.Int("records", n))
	}
	return err
}

// UpdateResult changes the result of a record. It fails with
// decision.ErrNotFound. It needs AllFiles.
func (m *Management) UpdateResult(ctx context.Context, id uint64, result decision.Result) error {
	if err := m.may(AllFiles, "AllFiles"); err != nil {
		return err
	}
	return m.server.opt.DB.UpdateResult(ctx, id, result)
}

// ExecutableRemoved deletes the records of a client whose executable was
// removed, and gives their number. The caller must be the software-install
// observer.
func (m *Management) ExecutableRemoved(ctx context.Context, sid uint32) (int, error) {
	if err := m.mayObserve(); err != nil {
		return 0, err
	}
	n, err := decision.RemoveClient(ctx, m.server.opt.DB, sid)
	if err != nil {
		return n, fmt.Errorf("removing the decisions of SID 0x%08X: %w", sid, err)
	}
	m.server.log(ctx, slog.LevelInfo, "executable removed", m.server.mask(MaskClient, hex("client", sid)), slog.Int("records", n))
	return n, nil
}

// PlugInsChanged makes the service drop the plug-ins that are not in use: they
// may have changed. The caller must be the software-install observer.
func (m *Management) PlugInsChanged(ctx context.Context) error {
	if err := m.mayObserve(); err != nil {
		return err
	}
	n := m.server.evaluators.dropIdle() + m.server.creators.dropIdle()
	m.server.log(ctx, slog.LevelInfo, "plug-ins may have changed", slog.Int("dropped", n))
	return nil
}

// PolicyFilesChanged makes the service take up changed policy files
// (NotifyPolicyFilesChanged): requests under way finish with the policies that
// they began with, sessions fetch their configuration anew, and decisions that
// the change makes void are purged. If a folder of policies can't be listed,
// nothing changes, and the error says so. The caller must be the
// software-install observer.
func (m *Management) PolicyFilesChanged(ctx context.Context) error {
	if err := m.mayObserve(); err != nil {
		return err
	}
	return m.server.policyFilesChanged(ctx)
}
