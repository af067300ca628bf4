package server

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"connectrpc.com/connect"

	"ups/runtime/api/upsv1"
)

// attachTime is how long a program may take to say which plug-in it is.
const attachTime = 10 * time.Second

// attachStream is the connection to a plug-in that is a program. One goroutine
// may send while another receives.
type attachStream = connect.BidiStream[upsv1.AttachRequest, upsv1.AttachResponse]

// Attach is PlugInService.Attach, for a caller that is identified: it returns when
// the program hangs up, says what it must not, or takes nothing any more, and when
// ctx is done, then with its cause. That it is attached, why it is no more, or why it
// can't be, is logged.
func (p *PlugIns) Attach(ctx context.Context, identity Identity, stream *attachStream, log *slog.Logger) error {
	plugIn, err := attaching(ctx, stream)
	if err != nil {
		return err
	}
	events := plugInLog{log, plugIn, identity.Name}
	a, err := p.add(identity, plugIn)
	if err != nil {
		events.refused(ctx, err)
		return err
	}
	defer p.remove(plugIn, a)
	events.attached(ctx)
	err = p.serve(ctx, plugIn, a, stream)
	events.detached(ctx, err)
	if errors.Is(err, errHungUp) {
		return nil
	}
	return err
}

// serve lets the service call a program that was attached, until it is no more, and
// returns why.
func (p *PlugIns) serve(ctx context.Context, plugIn PlugIn, a *attachment, stream *attachStream) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go func() {
		err := a.receive(stream)
		p.remove(plugIn, a) // at once: to send may take its time
		cancel(err)
	}()
	attached := &upsv1.AttachResponse{Message: &upsv1.AttachResponse_Attached{Attached: &upsv1.Attached{}}}
	if err := stream.Send(attached); err != nil {
		return err
	}
	return a.send(ctx, stream)
}

// attaching returns what the first message says.
func attaching(ctx context.Context, stream *attachStream) (PlugIn, error) {
	type received struct {
		message *upsv1.AttachRequest
		err     error
	}
	first := make(chan received, 1)
	go func() {
		message, err := stream.Receive()
		first <- received{message, err}
	}()
	late := time.NewTimer(attachTime)
	defer late.Stop()
	select {
	case r := <-first:
		if r.err != nil {
			return PlugIn{}, r.err
		}
		return attachedAs(r.message.GetAttachment())
	case <-late.C:
		return PlugIn{}, connect.NewError(connect.CodeDeadlineExceeded, errors.New("nothing was attached for ten seconds"))
	case <-ctx.Done():
		return PlugIn{}, context.Cause(ctx)
	}
}

func attachedAs(m *upsv1.Attachment) (PlugIn, error) {
	switch m.GetKind() {
	case upsv1.PlugInKind_PLUG_IN_KIND_POLICY_EVALUATOR:
		return PlugIn{PolicyEvaluator, m.GetUid()}, nil
	case upsv1.PlugInKind_PLUG_IN_KIND_DIALOG_CREATOR:
		return PlugIn{DialogCreator, m.GetUid()}, nil
	}
	return PlugIn{}, connect.NewError(connect.CodeInvalidArgument, errors.New("the first message must say which plug-in to attach"))
}

// errHungUp says that the program has closed its side of the stream.
var errHungUp = errors.New("the plug-in has hung up")

// receive takes results until the stream ends.
func (a *attachment) receive(stream *attachStream) error {
	for {
		m, err := stream.Receive()
		if errors.Is(err, io.EOF) {
			return errHungUp
		}
		if err != nil {
			return err
		}
		result := m.GetResult()
		if result == nil {
			return connect.NewError(connect.CodeInvalidArgument, errors.New("after the first message there must be results alone"))
		}
		a.take(result)
	}
}

// send sends what there is to send until ctx is done, and returns its cause.
func (a *attachment) send(ctx context.Context, stream *attachStream) error {
	for {
		m := a.next()
		if m == nil {
			select {
			case <-a.more:
				continue
			case <-ctx.Done():
				return context.Cause(ctx)
			}
		}
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if err := stream.Send(m); err != nil {
			return err
		}
	}
}
