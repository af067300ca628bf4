package client

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"

	"connectrpc.com/connect"

	"ups/policy"
	"ups/runtime/api/upsv1"
	"ups/runtime/internal/messages"
	"ups/runtime/service"
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
	if wrong := new(tls.CertificateVerificationError); errors.As(err, &wrong) {
		return fmt.Errorf("%w: %w", ErrUnavailable, wrong)
	}
	return fmt.Errorf("%w: %w", ErrInterrupted, err)
}

// answered returns an error that the server answered with. One without a detail is
// of the API: a limit, a caller who isn't known.
func answered(e *connect.Error) error {
	if m, ok := detail[*upsv1.ErrorDetail](e); ok {
		return messages.DecodeError(m, e.Message())
	}
	return e
}

// detail returns the first detail of a type.
func detail[M any](e *connect.Error) (m M, ok bool) {
	for _, d := range e.Details() {
		if v, err := d.Value(); err == nil {
			if m, ok = v.(M); ok {
				return m, true
			}
		}
	}
	return m, false
}

// decodeFailed adds what the server says of a request that failed to its outcome.
func decodeFailed(err error, o *service.Outcome) {
	e := new(connect.Error)
	if !errors.As(err, &e) {
		return
	}
	if m, ok := detail[*upsv1.AuthoriseResponse](e); ok && messages.DecodeOutcome(m, o) == nil {
		o.Decision = policy.DecisionNo
	}
}

// connectionLost reports whether an error says that the server's end of a session is
// gone.
func connectionLost(err error) bool {
	return errors.Is(err, messages.ErrNoSession) || errors.Is(err, ErrUnavailable) || errors.Is(err, ErrInterrupted)
}

// unavailable returns ErrUnavailable, with the reason if there is one.
func unavailable(reason error) error {
	if reason == nil {
		return ErrUnavailable
	}
	return fmt.Errorf("%w: %w", ErrUnavailable, reason)
}

// retried reports whether it makes sense to connect again after an error.
func retried(err error) bool {
	if errors.Is(err, service.ErrPermissionDenied) {
		return false
	}
	switch connect.CodeOf(err) {
	case connect.CodeUnauthenticated, connect.CodePermissionDenied, connect.CodeUnimplemented:
		return false
	}
	return true
}
