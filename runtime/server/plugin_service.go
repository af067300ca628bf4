package server

import (
	"context"
	"fmt"

	"connectrpc.com/connect"

	"ups/runtime/api/upsv1"
	"ups/runtime/service"
)

// plugInService is PlugInService.
type plugInService struct{ *Server }

// Attach makes the caller a plug-in, until it hangs up or the server is closed.
func (s *plugInService) Attach(ctx context.Context, stream *connect.BidiStream[upsv1.AttachRequest, upsv1.AttachResponse]) error {
	switch {
	case s.closed():
		return failed(errClosing)
	case s.opt.PlugIns == nil:
		return failed(fmt.Errorf("%w: no program may be a plug-in here", service.ErrPermissionDenied))
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		select {
		case <-s.closing:
			cancel(errClosing)
		case <-ctx.Done():
		}
	}()
	return failedUnlessNil(s.opt.PlugIns.Attach(ctx, identityOf(ctx), stream, s.opt.Log))
}
