package server

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"connectrpc.com/connect"

	"ups/runtime/api/upsv1"
	"ups/runtime/internal/messages"
	"ups/runtime/service"
)

// statusService is StatusService.
type statusService struct{ *Server }

// Version says what the server is.
func (s *statusService) Version(context.Context, *connect.Request[upsv1.VersionRequest]) (*connect.Response[upsv1.VersionResponse], error) {
	return connect.NewResponse(&upsv1.VersionResponse{Version: s.opt.Version, Api: "ups.v1"}), nil
}

// Status says what the service is doing, to those who may know.
func (s *statusService) Status(ctx context.Context, _ *connect.Request[upsv1.StatusRequest]) (*connect.Response[upsv1.StatusResponse], error) {
	if who := identityOf(ctx); !who.Status {
		return nil, failed(fmt.Errorf("%w: %s may not ask for the status", service.ErrPermissionDenied, who.Name))
	}
	return connect.NewResponse(messages.EncodeStatus(s.opt.Service.Status())), nil
}

// Reloaded is what came of reading the configuration again.
type Reloaded struct {
	Mistakes []string // what is wrong, and what stays as it was therefore
	Restart  []string // what has changed, and takes effect with the next start
}

// Reload makes the server read its configuration again, for those who may.
func (s *statusService) Reload(ctx context.Context, _ *connect.Request[upsv1.ReloadRequest]) (*connect.Response[upsv1.ReloadResponse], error) {
	who := identityOf(ctx)
	switch {
	case !who.Reload:
		return nil, failed(fmt.Errorf("%w: %s may not make the server read its configuration", service.ErrPermissionDenied, who.Name))
	case s.opt.Reload == nil:
		return nil, connect.NewError(connect.CodeUnimplemented, errors.New("the server has no configuration that it could read again"))
	case s.closed():
		return nil, failed(errClosing)
	}
	done, err := s.opt.Reload(ctx, who)
	if ctx.Err() != nil { // by what was read, for instance
		err = context.Cause(ctx)
	}
	if err != nil {
		return nil, failed(err)
	}
	return connect.NewResponse(&upsv1.ReloadResponse{Mistakes: valid(done.Mistakes), Restart: valid(done.Restart)}), nil
}

// valid returns texts as a message can hold them: they may have names of files.
func valid(texts []string) []string {
	all := make([]string, len(texts))
	for i, t := range texts {
		all[i] = strings.ToValidUTF8(t, "\ufffd")
	}
	return all
}
