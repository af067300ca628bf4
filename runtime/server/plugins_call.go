package server

import (
	"context"
	"slices"
	"sync"
	"time"

	"ups/runtime/api/upsv1"
	"ups/runtime/service"
)

// attachment is a program that is attached, and the calls of it that are under
// way. Calls wait in a queue for the goroutine that sends: a program that takes
// nothing keeps it, and no request, which then ends with its time. What is in the
// queue is bounded by the requests under way: a call that is over before it was
// sent leaves it.
type attachment struct {
	gone chan struct{} // closed when it is attached no more
	more chan struct{} // gets one when there is something to send

	mu       sync.Mutex
	queue    []outgoing
	calls    map[uint64]*plugInCall // by id; without those that are answered or over
	ids      uint64                 // the last id of a call
	requests uint64                 // the last id of a request
}

// outgoing is a message to send; call is nil if it isn't of a call.
type outgoing struct {
	message *upsv1.AttachResponse
	call    *plugInCall
}

// plugInCall is a call under way.
type plugInCall struct {
	id      uint64
	request *plugInRequest
	sent    bool
	result  chan *upsv1.PlugInResult // gets one
}

// plugInRequest is a request that a program is called for.
type plugInRequest struct {
	*attachment
	id   uint64
	sent bool // a call was, so that the program is told when the request is over
	once sync.Once
}

func newAttachment() *attachment {
	return &attachment{gone: make(chan struct{}), more: make(chan struct{}, 1), calls: map[uint64]*plugInCall{}}
}

func (a *attachment) newRequest() *plugInRequest {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.requests++
	return &plugInRequest{attachment: a, id: a.requests}
}

// cancelledTime is how long the result of a call is waited for that was cancelled.
// The service itself waits for service.Limits.Grace; this bounds what remains of a
// program that never answers.
const cancelledTime = 10 * time.Second

// call returns what the program answers. When ctx is done the program is told, and
// has some time to make its dialog vanish.
func (r *plugInRequest) call(ctx context.Context, m *upsv1.PlugInCall) (*upsv1.PlugInResult, error) {
	r.once.Do(func() { context.AfterFunc(service.RequestContext(ctx), r.end) })
	c := r.begin(m)
	defer r.forget(c)
	select {
	case result := <-c.result:
		return result, nil
	case <-r.gone:
		return nil, service.ErrPlugInGone
	case <-ctx.Done():
	}
	if r.cancel(c) {
		late := time.NewTimer(cancelledTime)
		defer late.Stop()
		select {
		case <-c.result:
		case <-r.gone:
		case <-late.C:
		}
	}
	return nil, context.Cause(ctx)
}

// begin puts a call into the queue.
func (r *plugInRequest) begin(m *upsv1.PlugInCall) *plugInCall {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.ids++
	m.Id, m.Request = r.ids, r.id
	c := &plugInCall{id: r.ids, request: r, result: make(chan *upsv1.PlugInResult, 1)}
	r.calls[c.id] = c
	r.put(outgoing{&upsv1.AttachResponse{Message: &upsv1.AttachResponse_Call{Call: m}}, c})
	return c
}

// cancel tells the program, and reports whether there was anything to tell: a call
// that wasn't sent leaves the queue.
func (r *plugInRequest) cancel(c *plugInCall) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if !c.sent {
		r.queue = slices.DeleteFunc(r.queue, func(o outgoing) bool { return o.call == c })
		return false
	}
	cancel := &upsv1.PlugInCancel{Id: c.id}
	r.put(outgoing{message: &upsv1.AttachResponse{Message: &upsv1.AttachResponse_Cancel{Cancel: cancel}}})
	return true
}

func (r *plugInRequest) forget(c *plugInCall) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.calls, c.id)
}

// end tells the program that the request is over, if it knows of it.
func (r *plugInRequest) end() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.sent {
		end := &upsv1.PlugInEnd{Request: r.id}
		r.put(outgoing{message: &upsv1.AttachResponse{Message: &upsv1.AttachResponse_End{End: end}}})
	}
}

// put wakes the goroutine that sends. The caller holds mu.
func (a *attachment) put(o outgoing) {
	a.queue = append(a.queue, o)
	select {
	case a.more <- struct{}{}:
	default:
	}
}

// next takes the first message from the queue; nil if there is none.
func (a *attachment) next() *upsv1.AttachResponse {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.queue) == 0 {
		return nil
	}
	first := a.queue[0]
	a.queue = slices.Delete(a.queue, 0, 1)
	if first.call != nil {
		first.call.sent, first.call.request.sent = true, true
	}
	return first.message
}

// take hands a result to the call that it is of. One that nobody waits for is late,
// or has an id that there never was: no request knows of it.
func (a *attachment) take(result *upsv1.PlugInResult) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if c := a.calls[result.GetId()]; c != nil {
		delete(a.calls, c.id)
		c.result <- result
	}
}
