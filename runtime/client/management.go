package client

import (
	"context"
	"fmt"
	"iter"
	"sync/atomic"
	"unicode/utf8"

	"connectrpc.com/connect"

	"ups/runtime/api/upsv1"
	"ups/runtime/decision"
	"ups/runtime/internal/lifetime"
	"ups/runtime/internal/messages"
	"ups/runtime/service"
)

// Management manages stored answers, or reports what software installation has
// changed, as service.Management does, with the same errors, and ErrUnavailable and
// ErrInterrupted.
type Management struct {
	client  *Client
	life    *lifetime.Lifetime // operations, and views, run in it
	viewing atomic.Bool
}

// Manage opens a session for management. It fails with service.ErrClosed if the
// client is closed.
func (c *Client) Manage() (*Management, error) {
	if err := c.life.Begin(); err != nil {
		return nil, err
	}
	m := &Management{client: c, life: lifetime.New(c.life, nil)}
	c.life.Attach(m.life)
	return m, nil
}

// Close closes the session, as service.Management.Close does. Whether an operation
// that it cut off was done isn't known.
func (m *Management) Close() error { return m.life.Close() }

// Records is a view, as service.Management.Records is.
func (m *Management) Records(ctx context.Context, f decision.Filter) iter.Seq2[decision.Record, error] {
	return func(yield func(decision.Record, error) bool) {
		if err := m.life.Do(ctx, m.openView); err != nil {
			yield(decision.Record{}, err)
			return
		}
		defer m.viewing.Store(false)
		ctx, release := m.life.Context(ctx)
		defer release()
		m.view(ctx, f, yield)
	}
}

func (m *Management) openView(context.Context) error {
	if m.viewing.Swap(true) {
		return service.ErrViewOpen
	}
	return nil
}

// view reads a stream. Between two records the body of the loop does as it likes.
func (m *Management) view(ctx context.Context, f decision.Filter, yield func(decision.Record, error) bool) {
	ctx, hangUp := context.WithCancel(ctx)
	defer hangUp()
	stream, err := m.list(ctx, f)
	if err != nil {
		yield(decision.Record{}, err)
		return
	}
	defer stream.Close()
	for {
		r, more, err := m.step(ctx, stream)
		if !more || !yield(r, err) || err != nil {
			return
		}
	}
}

func (m *Management) list(ctx context.Context, f decision.Filter) (*connect.ServerStreamForClient[upsv1.Record], error) {
	filter, err := terms(f)
	if err != nil {
		return nil, err
	}
	stream, err := m.client.management.List(ctx, connect.NewRequest(&upsv1.ListRequest{Filter: filter}))
	if err != nil {
		return nil, failure(ctx, err)
	}
	return stream, nil
}

// step reads a record. More is set if there is one, or an error.
func (m *Management) step(ctx context.Context, stream *connect.ServerStreamForClient[upsv1.Record]) (r decision.Record, more bool, err error) {
	if err := m.life.Begin(); err != nil {
		return r, true, err
	}
	defer m.life.End()
	if stream.Receive() {
		r, err = messages.DecodeRecord(stream.Msg())
		return r, true, err
	}
	if err := stream.Err(); err != nil {
		return r, true, failure(ctx, err)
	}
	return r, false, nil
}

// terms are those of a filter, which may have texts that no message can hold.
func terms(f decision.Filter) ([]string, error) {
	if _, err := f.Conditions(); err != nil {
		return nil, err
	}
	if !utf8.ValidString(f.Description.Value) {
		return nil, decision.ErrInvalidFilter
	}
	return f.Terms(), nil
}

// call makes one call of the API, in the session's lifetime.
func call[Q, A any](ctx context.Context, m *Management, method func(context.Context, *connect.Request[Q]) (*connect.Response[A], error), message *Q) (answer *A, err error) {
	err = m.life.Do(ctx, func(ctx context.Context) error {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		r, err := method(ctx, connect.NewRequest(message))
		if err != nil {
			return failure(ctx, err)
		}
		answer = r.Msg
		return nil
	})
	return answer, err
}

// Delete deletes the records that the filter selects, and returns their number. Of an
// empty filter that is every record. It needs WriteDeviceData.
func (m *Management) Delete(ctx context.Context, f decision.Filter) (n int, err error) {
	filter, err := terms(f)
	if err != nil {
		return 0, err
	}
	answer, err := call(ctx, m, m.client.management.Delete, &upsv1.DeleteRequest{Filter: filter})
	return int(answer.GetDeleted()), err
}

// DeleteDatabase deletes every record, and aborts all views. It needs
// WriteDeviceData.
func (m *Management) DeleteDatabase(ctx context.Context) error {
	_, err := call(ctx, m, m.client.management.DeleteDatabase, &upsv1.DeleteDatabaseRequest{})
	return err
}

// UpdateResult changes the result of a record. It fails with decision.ErrNotFound. It
// needs AllFiles.
func (m *Management) UpdateResult(ctx context.Context, id uint64, result decision.Result) error {
	if result > decision.Always {
		return fmt.Errorf("%w: %v is neither never nor always", decision.ErrInvalidRecord, result)
	}
	_, err := call(ctx, m, m.client.management.UpdateResult, &upsv1.UpdateResultRequest{Id: id, Result: messages.EncodeResult(result)})
	return err
}

// Restore stores a record that the caller has deleted, and returns its new id. It
// fails with service.ErrSuperseded. It needs AllFiles.
func (m *Management) Restore(ctx context.Context, rec decision.Record) (id uint64, err error) {
	if err := rec.Validate(); err != nil {
		return 0, err
	}
	answer, err := call(ctx, m, m.client.management.Restore, &upsv1.RestoreRequest{Record: messages.EncodeRecord(rec)})
	return answer.GetId(), err
}

// ExecutableRemoved deletes the records of a client whose executable was removed, and
// returns their number. The caller must be the software-install observer, as for what
// follows.
func (m *Management) ExecutableRemoved(ctx context.Context, sid uint32) (n int, err error) {
	answer, err := call(ctx, m, m.client.management.ExecutableRemoved, &upsv1.ExecutableRemovedRequest{Sid: sid})
	return int(answer.GetDeleted()), err
}

// PlugInsChanged makes the service drop the plug-ins, which may have changed.
func (m *Management) PlugInsChanged(ctx context.Context) error {
	_, err := call(ctx, m, m.client.management.PlugInsChanged, &upsv1.PlugInsChangedRequest{})
	return err
}

// PolicyFilesChanged makes the service take up changed policy files.
func (m *Management) PolicyFilesChanged(ctx context.Context) error {
	_, err := call(ctx, m, m.client.management.PolicyFilesChanged, &upsv1.PolicyFilesChangedRequest{})
	return err
}
