package client

import (
	"context"
	"errors"
	"fmt"
	"net"

	"connectrpc.com/connect"

	"ups/runtime/api/upsv1"
	"ups/runtime/internal/messages"
)

// failure returns the error of a call as the service returned it: the cause of ctx
// if that is done, an error of the service, ErrUnavailable, or ErrInterrupted.
func failure(ctx context.Context, err error) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	e := new(connect.Error)
	if errors.As(err, &e) && connect.IsWireError(err) {
		return answered(e)
	}
	if dial := new(net.OpError); errors.As(err, &dial) && dial.Op == "dial" {
		return fmt.Errorf("%w: %w", ErrUnavailable, dial)
	}
	return fmt.Errorf("%w: %w", ErrInterrupted, err)
}

// answered returns an error that the server answered with. One without a detail is
// of the API: a limit, a caller who isn't known.
func answered(e *connect.Error) error {
	for _, d := range e.Details() {
		if m, err := d.Value(); err == nil {
			if detail, ok := m.(*upsv1.ErrorDetail); ok {
				return messages.DecodeError(detail, e.Message())
			}
		}
	}
	return e
}

// connectionLost reports whether an error says that the server's end of a session is
// gone.
func connectionLost(err error) bool {
	return errors.Is(err, messages.ErrNoSession) || errors.Is(err, ErrUnavailable) || errors.Is(err, ErrInterrupted)
}

// retried reports whether it makes sense to connect again after an error.
func retried(err error) bool {
	switch connect.CodeOf(err) {
	case connect.CodeUnauthenticated, connect.CodePermissionDenied, connect.CodeUnimplemented:
		return false
	}
	return true
}
