package client

import (
	"context"
	"errors"
	"io"
	"sync"
	"time"

	"connectrpc.com/connect"

	"ups/runtime/api/upsv1"
	"ups/runtime/internal/messages"
	"ups/runtime/service"
)

// attachStream is the connection to the service. Receive is for one goroutine.
type attachStream = connect.BidiStreamForClient[upsv1.AttachRequest, upsv1.AttachResponse]

// serving is an attachment: a goroutine for each call, and what was made for each
// request.
type serving struct {
	ctx    context.Context
	stream *attachStream
	create func() (plugIn, error)

	sending  sync.Mutex // is held to send
	mu       sync.Mutex
	requests map[uint64]*servedRequest
	calls    map[uint64]context.CancelFunc // those under way
	running  sync.WaitGroup
}

// servedRequest is a request that the plug-in was called for.
type servedRequest struct {
	ctx  context.Context // done when the request is over
	over context.CancelFunc
	made func() (plugIn, error) // what is made for it, once
}

func newServing(ctx context.Context, stream *attachStream, create func() (plugIn, error)) *serving {
	return &serving{
		ctx: ctx, stream: stream, create: create,
		requests: map[uint64]*servedRequest{}, calls: map[uint64]context.CancelFunc{},
	}
}

// attach says as what, and waits for the answer.
func (s *serving) attach(as *upsv1.Attachment) error {
	first := &upsv1.AttachRequest{Message: &upsv1.AttachRequest_Attachment{Attachment: as}}
	if err := s.stream.Send(first); err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	m, err := s.stream.Receive() // has the reason, if it could not be sent
	if err == nil && m.GetAttached() == nil {
		err = messages.ErrInvalid
	}
	return err
}

// run takes what the service says, to the end of the stream.
func (s *serving) run() error {
	for {
		m, err := s.stream.Receive()
		if err != nil {
			return err
		}
		switch m := m.GetMessage().(type) {
		case *upsv1.AttachResponse_Call:
			s.begin(m.Call)
		case *upsv1.AttachResponse_Cancel:
			s.cancel(m.Cancel.GetId())
		case *upsv1.AttachResponse_End:
			s.endRequest(m.End.GetRequest())
		}
	}
}

// begin begins a call.
func (s *serving) begin(call *upsv1.PlugInCall) {
	s.mu.Lock()
	defer s.mu.Unlock()
	r := s.request(call.GetRequest())
	ctx, cancel := context.WithCancel(service.WithRequest(r.ctx, r.ctx))
	s.calls[call.GetId()] = cancel
	s.running.Go(func() {
		defer s.cancel(call.GetId())
		answer(ctx, r, call, s.send)
	})
}

// request returns the request of that id, and makes it with its first call. The
// caller holds mu.
func (s *serving) request(id uint64) *servedRequest {
	r := s.requests[id]
	if r == nil {
		r = &servedRequest{made: sync.OnceValues(s.create)}
		r.ctx, r.over = context.WithCancel(s.ctx)
		s.requests[id] = r
	}
	return r
}

func (s *serving) cancel(call uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if cancel := s.calls[call]; cancel != nil {
		delete(s.calls, call)
		cancel()
	}
}

func (s *serving) endRequest(id uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r := s.requests[id]; r != nil {
		delete(s.requests, id)
		r.over()
	}
}

// send sends a result. If that fails, the stream is at its end, and run learns why.
func (s *serving) send(result *upsv1.PlugInResult) {
	s.sending.Lock()
	defer s.sending.Unlock()
	_ = s.stream.Send(&upsv1.AttachRequest{Message: &upsv1.AttachRequest_Result{Result: result}})
}

// end ends the stream and all that is under way, and waits for that, so that a
// dialog has vanished before another one comes over the next stream; but no longer
// than grace for what doesn't return.
func (s *serving) end(grace time.Duration) {
	s.mu.Lock()
	for _, r := range s.requests {
		r.over()
	}
	s.mu.Unlock()
	// What is at its end can't fail.
	_ = s.stream.CloseRequest()
	_ = s.stream.CloseResponse()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		s.running.Wait()
	}()
	select {
	case <-ended:
	case <-time.After(grace):
	}
}
