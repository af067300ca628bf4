package server

import (
	"context"
	"errors"

	"connectrpc.com/connect"

	"ups/runtime/api/upsv1"
)

// PlugIns are programs that attach themselves as plug-ins.
type PlugIns struct{}

// Attach lets none attach yet.
func (p *PlugIns) Attach(context.Context, Identity, *connect.BidiStream[upsv1.AttachRequest, upsv1.AttachResponse]) error {
	return connect.NewError(connect.CodeUnimplemented, errors.New("not implemented"))
}
