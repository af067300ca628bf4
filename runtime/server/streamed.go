package server

import (
	"context"
	"sync"
	"sync/atomic"

	"ups/runtime/api/upsv1"
)

// answersWaiting is how many answers wait for the goroutine that sends. While a caller
// takes none, the requests of the others keep what they hold of its limits, and it is
// read no further once that is all.
const answersWaiting = 256

// idleGoroutines is how many goroutines of a stream wait for another request.
const idleGoroutines = 64

// streamed are the requests of one stream, each in a goroutine.
type streamed struct {
	*Server
	open    context.Context // done when the stream is over
	over    context.CancelFunc
	answers chan streamedAnswer // closed by last

	work chan work    // for goroutines that wait for it
	idle atomic.Int32 // how many do

	running  sync.WaitGroup // requests, until they are answered
	mu       sync.Mutex
	ended    bool                          // no more requests begin
	underWay map[uint64]context.CancelFunc // by id
}

// work is a request that is admitted.
type work struct {
	ctx     context.Context
	cancel  context.CancelFunc
	in      *session
	request *upsv1.StreamedRequest
	release func()
}

// streamedAnswer is one that is to be sent.
type streamedAnswer struct {
	*upsv1.StreamedAnswer
	release   func() // gives back what the request holds of its caller's limits
	completed bool   // the request wasn't refused, nor taken back
}

func newStreamed(ctx context.Context, s *Server) *streamed {
	m := &streamed{
		Server: s, answers: make(chan streamedAnswer, answersWaiting),
		work: make(chan work), underWay: map[uint64]context.CancelFunc{},
	}
	m.open, m.over = context.WithCancel(ctx)
	return m
}

// close cancels what is under way, and returns when that has ended.
func (m *streamed) close() {
	m.over()
	m.end()
	m.running.Wait()
	for {
		select {
		case a, more := <-m.answers:
			if !more {
				return
			}
			a.release()
		default:
			return
		}
	}
}

// enter counts in a request, unless none begins any more.
func (m *streamed) enter() bool {
	m.mu.Lock()
	defer m.mu.Unlock()
	if !m.ended {
		m.running.Add(1)
	}
	return !m.ended
}

// end lets no more requests begin.
func (m *streamed) end() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.ended = true
}

// last lets no more requests begin, and closes answers after the last one.
func (m *streamed) last() {
	m.end()
	go func() {
		m.running.Wait()
		close(m.answers)
	}()
}

// start runs a request that was counted in, in a goroutine that waits for work if there
// is one.
func (m *streamed) start(in *session, r *upsv1.StreamedRequest, release func()) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.underWay[r.GetId()] != nil {
		return errSameID(r.GetId())
	}
	w := work{in: in, request: r, release: release}
	w.ctx, w.cancel = context.WithCancel(m.open)
	m.underWay[r.GetId()] = w.cancel
	select {
	case m.work <- w:
	default:
		go m.run(w)
	}
	return nil
}

// run runs a request, and then others: a goroutine that has run one has the stack that
// they need.
func (m *streamed) run(w work) {
	for {
		m.authorise(w)
		if m.idle.Add(1) > idleGoroutines {
			m.idle.Add(-1)
			return
		}
		select {
		case w = <-m.work:
			m.idle.Add(-1)
		case <-m.open.Done():
			return
		}
	}
}

func (m *streamed) authorise(w work) {
	defer m.running.Done()
	defer w.cancel()
	id := w.request.GetId()
	answer, err := m.outcome(w.ctx, w.in, w.request)
	m.forget(id) // before the answer: then it may be used again
	m.put(streamedAnswer{encodeAnswer(id, answer, err), w.release, w.ctx.Err() == nil})
}

func (m *streamed) forget(id uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	delete(m.underWay, id)
}

// cancelAll cancels the requests of some ids, as far as they are under way.
func (m *streamed) cancelAll(ids []uint64) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, id := range ids {
		if cancel := m.underWay[id]; cancel != nil {
			cancel()
		}
	}
}

// put has an answer sent, or drops it if the stream is over.
func (m *streamed) put(a streamedAnswer) {
	select {
	case m.answers <- a:
	case <-m.open.Done():
		a.release()
	}
}
