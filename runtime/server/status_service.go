package server

import (
	"context"
	"fmt"

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
