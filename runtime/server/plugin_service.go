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
	go func() { cancel(s.mayNoMore(ctx)) }()
	return failedUnlessNil(s.opt.PlugIns.Attach(ctx, identityOf(ctx), stream, s.opt.Log))
}

// mayNoMore waits until the caller of Attach may not be a plug-in any more, and
// returns why.
func (s *plugInService) mayNoMore(ctx context.Context) error {
	for {
		changed := s.identities.next() // before the identity: no change is missed
		before := identityOf(ctx)
		if now, err := s.opt.Identify.Identify(peerIn(ctx)); err != nil || before.lost(&now) {
			return fmt.Errorf("%w: the configuration doesn't let %s be this plug-in any more", service.ErrPermissionDenied, before.Name)
		}
		select {
		case <-changed:
		case <-s.closing:
			return errClosing
		case <-ctx.Done():
			return nil
		}
	}
}
