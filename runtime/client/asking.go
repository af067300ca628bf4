package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	goruntime "runtime"
	"slices"
	"sync"
	"time"

	"connectrpc.com/connect"
	"google.golang.org/protobuf/proto"

	"ups/runtime/api/upsv1"
	"ups/runtime/api/upsv1/upsv1connect"
)

// requestStream is a stream of AuthoriseMany.
type requestStream = connect.BidiStreamForClient[upsv1.AuthoriseManyRequest, upsv1.AuthoriseManyResponse]

// maxStreamed is how many bytes of requests go into one message of a stream: a server
// ends a stream whose messages are too large for it, and with it all requests in it. What
// is larger alone has a call of its own.
const maxStreamed = 4 << 10

// asking is the stream in which a session asks. One goroutine sends, and one receives:
// the requests that come while a message is sent go into the next, and share what it
// costs.
type asking struct {
	session []byte // the server's
	stream  *requestStream
	written writtenBytes
	ctx     context.Context // done when the stream is over
	hangUp  context.CancelFunc
	begun   chan struct{} // closed when the server has taken the stream
	ended   chan struct{} // closed when both goroutines have ended
	more    chan struct{} // gets one when there is something to send

	mu        sync.Mutex
	over      bool   // nothing more is asked
	err       error  // once nothing more is received
	last      uint64 // id of a request
	size      int64  // of all messages so far, as they are written
	waiting   map[uint64]*streamed
	queue     []*upsv1.StreamedRequest
	cancelled []uint64
}

// streamed is a request that waits for its answer.
type streamed struct {
	end    int64                      // where its message ends in the stream; 0 until it has one
	answer chan *upsv1.StreamedAnswer // gets one, or is closed when the stream is over
}

var (
	// errOver says that nothing more is asked in a stream.
	errOver = errors.New("the stream of requests is over")
	// errUnsent says that a request can't have come to the service.
	errUnsent = errors.New("the request wasn't sent")
	// errLate says that the server didn't end a request that was cancelled.
	errLate = errors.New("the request hasn't ended")
)

// newAsking opens a stream, which ends with ctx.
func (c *Client) newAsking(ctx context.Context, session []byte) *asking {
	ctx, hangUp := context.WithCancel(ctx)
	a := &asking{
		session: session, ctx: ctx, hangUp: hangUp,
		begun: make(chan struct{}), ended: make(chan struct{}), more: make(chan struct{}, 1), waiting: map[uint64]*streamed{},
	}
	a.stream = connect.NewClient[upsv1.AuthoriseManyRequest, upsv1.AuthoriseManyResponse](
		&countingClient{c.http, &a.written}, c.url+upsv1connect.SessionServiceAuthoriseManyProcedure,
	).CallBidiStream(ctx)
	go a.run()
	return a
}

// run sends and receives until the stream is over.
func (a *asking) run() {
	defer close(a.ended)
	// Go's HTTP/2 looks at a context until the answer begins, and then no more.
	stop := context.AfterFunc(a.ctx, func() { _ = a.stream.CloseResponse() })
	defer stop()
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		a.send()
	}()
	err := a.receive()
	_ = a.stream.CloseResponse() // returns when nothing is written any more
	a.fail(err)
	a.hangUp()
	<-sent
}

// ask asks, and returns the answer. When ctx is done the server is told, and has some
// time to end the request.
func (a *asking) ask(ctx context.Context, r *upsv1.StreamedRequest, grace time.Duration) (*upsv1.StreamedAnswer, error) {
	s, err := a.put(r)
	if err != nil {
		return nil, err
	}
	select {
	case answer := <-s.answer:
		return a.answered(s, answer)
	case <-ctx.Done():
	}
	if !a.cancel(r.Id, s) {
		return nil, errUnsent
	}
	late := time.NewTimer(grace)
	defer late.Stop()
	select {
	case answer := <-s.answer:
		return a.answered(s, answer)
	case <-late.C:
		a.forget(r.Id)
		return nil, errLate
	}
}

// answered returns an answer, or if there is none why the stream is over.
func (a *asking) answered(s *streamed, answer *upsv1.StreamedAnswer) (*upsv1.StreamedAnswer, error) {
	if answer != nil {
		return answer, nil
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if s.end == 0 || s.end > a.written.count() {
		return nil, fmt.Errorf("%w: %w", errUnsent, a.err)
	}
	return nil, a.err
}

// put puts a request into the queue.
func (a *asking) put(r *upsv1.StreamedRequest) (*streamed, error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.over {
		return nil, errOver
	}
	a.last++
	r.Id = a.last
	s := &streamed{answer: make(chan *upsv1.StreamedAnswer, 1)}
	a.waiting[r.Id] = s
	a.queue = append(a.queue, r)
	a.wake()
	return s, nil
}

// wake wakes the goroutine that sends. The caller holds mu.
func (a *asking) wake() {
	select {
	case a.more <- struct{}{}:
	default:
	}
}

// cancel tells the server that nobody waits for a request, and reports whether there
// was anything to tell: one that isn't in a message yet leaves the queue.
func (a *asking) cancel(id uint64, s *streamed) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s.end == 0 {
		delete(a.waiting, id)
		a.queue = slices.DeleteFunc(a.queue, func(r *upsv1.StreamedRequest) bool { return r.Id == id })
		return false
	}
	a.cancelled = append(a.cancelled, id)
	a.wake()
	return true
}

func (a *asking) forget(id uint64) {
	a.mu.Lock()
	defer a.mu.Unlock()
	delete(a.waiting, id)
}

// send sends what there is to send, until the stream is over. If that fails, receive
// learns why. Nothing is asked before the server has taken the stream: one that is about
// to end may not look at it any more.
func (a *asking) send() {
	if !a.open() {
		return
	}
	for {
		message, over := a.next()
		switch {
		case message != nil:
			if a.stream.Send(message) != nil {
				return
			}
		case over:
			_ = a.stream.CloseRequest()
			return
		default:
			select {
			case <-a.more:
				goruntime.Gosched() // who is about to ask is in the message too
			case <-a.ctx.Done():
				return
			}
		}
	}
}

// open opens the stream, and reports whether the server has taken it.
func (a *asking) open() bool {
	first := &upsv1.AuthoriseManyRequest{Session: a.session}
	a.size = envelope + int64(proto.Size(first))
	if a.stream.Send(first) != nil {
		return false
	}
	select {
	case <-a.begun:
		return true
	case <-a.ctx.Done():
		return false
	}
}

// envelope is how many bytes the protocol puts before a message.
const envelope = 5

// next takes a message's worth of requests from the queue; over is whether there will
// be no more.
func (a *asking) next() (m *upsv1.AuthoriseManyRequest, over bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(a.queue) == 0 && len(a.cancelled) == 0 {
		return nil, a.over
	}
	n := fitting(a.queue)
	m = &upsv1.AuthoriseManyRequest{Session: a.session, Requests: a.queue[:n:n], Cancelled: a.cancelled}
	a.queue, a.cancelled = a.queue[n:], nil
	a.size += envelope + int64(proto.Size(m))
	for _, r := range m.Requests {
		a.waiting[r.Id].end = a.size
	}
	return m, false
}

// fitting returns how many of the requests go into a message: at least one.
func fitting(queue []*upsv1.StreamedRequest) int {
	size := 0
	for i, r := range queue {
		if size += proto.Size(r); i > 0 && size > maxStreamed {
			return i
		}
	}
	return len(queue)
}

// receive takes answers, to the end of the stream.
func (a *asking) receive() error {
	for begun := false; ; {
		m, err := a.stream.Receive()
		if errors.Is(err, io.EOF) {
			return fmt.Errorf("%w: %w", ErrInterrupted, io.EOF)
		}
		if err != nil {
			return failure(context.Background(), err)
		}
		if !begun {
			begun = true
			close(a.begun)
		}
		a.take(m)
	}
}

// take hands answers to those who wait for them.
func (a *asking) take(m *upsv1.AuthoriseManyResponse) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, answer := range m.Answers {
		if s := a.waiting[answer.GetId()]; s != nil && s.end > 0 { // else it answers nothing
			delete(a.waiting, answer.GetId())
			s.answer <- answer
		}
	}
	if m.Ending {
		a.over = true
		a.wake()
	}
}

// fail ends what waits.
func (a *asking) fail(err error) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.over, a.err, a.queue, a.cancelled = true, err, nil, nil
	for id, s := range a.waiting {
		delete(a.waiting, id)
		close(s.answer)
	}
}

// finish lets nothing more be asked: the stream is over when all is answered.
func (a *asking) finish() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.over = true
	a.wake()
}

// is reports whether requests of a session of the server can be asked.
func (a *asking) is(session []byte) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return !a.over && string(a.session) == string(session)
}
