package server

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/internal/messages"
	"ups/runtime/service"
)

// ErrNoSession says that the caller has no session, or the session no
// subsession, of that id.
var ErrNoSession = messages.ErrNoSession

// failed returns an error as the API returns it: with the platform's value, with the
// errors of the Go packages that it wraps, and with more that is known.
func failed(err error, more ...proto.Message) error {
	if already := new(connect.Error); errors.As(err, &already) {
		return err
	}
	e := connect.NewError(codeOf(err), named(err))
	for _, m := range append([]proto.Message{messages.EncodeError(err)}, more...) {
		if detail, err := connect.NewErrorDetail(m); err == nil {
			e.AddDetail(detail)
		}
	}
	return e
}

// named puts the platform's name of an error of the service, by which documents and
// people call it, into the text, which is all that many clients show.
func named(err error) error {
	platform := runtime.Error(0)
	if !errors.As(err, &platform) || platform.Name() == "" || strings.Contains(err.Error(), platform.Name()) {
		return err
	}
	return fmt.Errorf("%w (%s)", err, platform.Name())
}

// grpcCodes are the codes of gRPC for errors. The first that an error wraps
// counts.
var grpcCodes = []struct {
	err  error
	code connect.Code
}{
	{service.ErrClosed, connect.CodeUnavailable},
	{context.Canceled, connect.CodeCanceled},
	{context.DeadlineExceeded, connect.CodeDeadlineExceeded},
	{service.ErrPlugInTime, connect.CodeDeadlineExceeded},
	{service.ErrNoAnswer, connect.CodeCanceled},
	{service.ErrPlugInPanic, connect.CodeInternal},
	{service.ErrPlugInGone, connect.CodeUnavailable},
	{service.ErrPermissionDenied, connect.CodePermissionDenied},
	{service.ErrInUse, connect.CodeFailedPrecondition},
	{service.ErrViewOpen, connect.CodeFailedPrecondition},
	{service.ErrSuperseded, connect.CodeAborted},
	{ErrNoSession, connect.CodeNotFound},
	{messages.ErrInvalid, connect.CodeInvalidArgument},
	{runtime.ErrInvalidUTF8, connect.CodeInvalidArgument},
	{runtime.ErrDestinationTooLong, connect.CodeInvalidArgument},
	{runtime.ErrMissingArgument, connect.CodeInvalidArgument},
	{decision.ErrNotFound, connect.CodeNotFound},
	{decision.ErrInvalidRecord, connect.CodeInvalidArgument},
	{decision.ErrInvalidFilter, connect.CodeInvalidArgument},
	{decision.ErrViewLost, connect.CodeAborted},
	{decision.ErrClosed, connect.CodeUnavailable},
	{decision.ErrCorrupt, connect.CodeDataLoss},
	{decision.ErrReadOnly, connect.CodeFailedPrecondition},
	{decision.ErrLocked, connect.CodeFailedPrecondition},
	{decision.ErrFull, connect.CodeResourceExhausted},
}

func codeOf(err error) connect.Code {
	for _, c := range grpcCodes {
		if errors.Is(err, c.err) {
			return c.code
		}
	}
	if platform := runtime.Error(0); errors.As(err, &platform) {
		return connect.CodeFailedPrecondition
	}
	return connect.CodeUnknown
}

// errClosing ends what is under way when the server is closed.
var errClosing = fmt.Errorf("the server is shutting down: %w", service.ErrClosed)

// recovered is called with a panic of a handler, which fails its call alone.
func (s *Server) recovered(ctx context.Context, spec connect.Spec, _ http.Header, reason any) error {
	s.opt.Log.LogAttrs(ctx, slog.LevelError, "a call panicked", slog.String("procedure", spec.Procedure), slog.Any("reason", reason))
	return connect.NewError(connect.CodeInternal, errors.New("internal error"))
}
