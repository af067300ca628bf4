package server

import (
	"context"

	"connectrpc.com/connect"

	"ups/runtime/api/upsv1"
	"ups/runtime/decision"
	"ups/runtime/internal/messages"
	"ups/runtime/service"
)

// managementService is ManagementService. Each call is a session of its own:
// what a session has of a view, its stream has.
type managementService struct{ *Server }

// manage runs a call in a session for management.
func (s *managementService) manage(ctx context.Context, do func(*service.Management) error) error {
	if s.closed() {
		return failed(errClosing)
	}
	m, err := s.opt.Service.Manage(identityOf(ctx).Caller)
	if err != nil {
		return failed(err)
	}
	defer m.Close()
	err = do(m)
	if err != nil && ctx.Err() != nil {
		err = context.Cause(ctx) // the database doesn't know it
	}
	return failedUnlessNil(err)
}

func failedUnlessNil(err error) error {
	if err == nil {
		return nil
	}
	return failed(err)
}

// List streams records.
func (s *managementService) List(ctx context.Context, r *connect.Request[upsv1.ListRequest], stream *connect.ServerStream[upsv1.Record]) error {
	return s.manage(ctx, func(m *service.Management) error {
		filter, err := decision.ParseFilter(r.Msg.Filter...)
		if err != nil {
			return err
		}
		for record, err := range m.Records(ctx, filter) {
			if err != nil {
				return err
			}
			if err := stream.Send(messages.EncodeRecord(record)); err != nil {
				return err
			}
		}
		return nil
	})
}

// Delete deletes records.
func (s *managementService) Delete(ctx context.Context, r *connect.Request[upsv1.DeleteRequest]) (*connect.Response[upsv1.DeleteResponse], error) {
	return answer(func(out *upsv1.DeleteResponse) error {
		return s.manage(ctx, func(m *service.Management) error {
			filter, err := decision.ParseFilter(r.Msg.Filter...)
			if err != nil {
				return err
			}
			n, err := m.Delete(ctx, filter)
			out.Deleted = int64(n)
			return err
		})
	})
}

// answer returns the message that fill has filled in.
func answer[M any](fill func(*M) error) (*connect.Response[M], error) {
	m := new(M)
	if err := fill(m); err != nil {
		return nil, err
	}
	return connect.NewResponse(m), nil
}

// DeleteDatabase deletes all records.
func (s *managementService) DeleteDatabase(ctx context.Context, _ *connect.Request[upsv1.DeleteDatabaseRequest]) (*connect.Response[upsv1.DeleteDatabaseResponse], error) {
	return answer(func(*upsv1.DeleteDatabaseResponse) error {
		return s.manage(ctx, func(m *service.Management) error { return m.DeleteDatabase(ctx) })
	})
}

// UpdateResult changes the result of a record.
func (s *managementService) UpdateResult(ctx context.Context, r *connect.Request[upsv1.UpdateResultRequest]) (*connect.Response[upsv1.UpdateResultResponse], error) {
	return answer(func(*upsv1.UpdateResultResponse) error {
		return s.manage(ctx, func(m *service.Management) error {
			result, err := messages.DecodeResult(r.Msg.Result)
			if err != nil {
				return err
			}
			return m.UpdateResult(ctx, r.Msg.Id, result)
		})
	})
}

// Restore stores a record that was deleted.
func (s *managementService) Restore(ctx context.Context, r *connect.Request[upsv1.RestoreRequest]) (*connect.Response[upsv1.RestoreResponse], error) {
	return answer(func(out *upsv1.RestoreResponse) error {
		return s.manage(ctx, func(m *service.Management) error {
			record, err := messages.DecodeRecord(r.Msg.Record)
			if err != nil {
				return err
			}
			out.Id, err = m.Restore(ctx, record)
			return err
		})
	})
}

// ExecutableRemoved deletes the records of a client.
func (s *managementService) ExecutableRemoved(ctx context.Context, r *connect.Request[upsv1.ExecutableRemovedRequest]) (*connect.Response[upsv1.ExecutableRemovedResponse], error) {
	return answer(func(out *upsv1.ExecutableRemovedResponse) error {
		return s.manage(ctx, func(m *service.Management) error {
			n, err := m.ExecutableRemoved(ctx, r.Msg.Sid)
			out.Deleted = int64(n)
			return err
		})
	})
}

// PlugInsChanged drops plug-ins.
func (s *managementService) PlugInsChanged(ctx context.Context, _ *connect.Request[upsv1.PlugInsChangedRequest]) (*connect.Response[upsv1.PlugInsChangedResponse], error) {
	return answer(func(*upsv1.PlugInsChangedResponse) error {
		return s.manage(ctx, func(m *service.Management) error { return m.PlugInsChanged(ctx) })
	})
}

// PolicyFilesChanged takes up changed policy files.
func (s *managementService) PolicyFilesChanged(ctx context.Context, _ *connect.Request[upsv1.PolicyFilesChangedRequest]) (*connect.Response[upsv1.PolicyFilesChangedResponse], error) {
	return answer(func(*upsv1.PolicyFilesChangedResponse) error {
		return s.manage(ctx, func(m *service.Management) error { return m.PolicyFilesChanged(ctx) })
	})
}
