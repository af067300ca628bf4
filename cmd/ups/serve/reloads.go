package serve

import (
	"context"
	"fmt"
	"sync"
	"time"

	"ups/runtime/server"
	"ups/runtime/service"
)

// reloadPause is how long after a reload for callers the next one begins.
const reloadPause = time.Second

// reloads are those that callers ask for. They run one at a time, with pauses; who asks
// while one runs, or in a pause, shares the next one with all others.
type reloads struct {
	wanted chan struct{} // has an element when one is to be run
	over   chan struct{} // closed when none is run any more

	mu      sync.Mutex
	next    *reload // that callers wait for
	running bool
	last    time.Time // when the last one ended
}

// reload is one that callers wait for.
type reload struct {
	by     string        // who asked first
	done   chan struct{} // closed when there is a result
	result server.Reloaded
}

func newReloads() *reloads {
	return &reloads{wanted: make(chan struct{}, 1), over: make(chan struct{})}
}

// ask waits for a reload that begins after this; by is who asks.
func (r *reloads) ask(ctx context.Context, by string) (server.Reloaded, error) {
	next := r.join(by)
	select {
	case <-next.done:
		return next.result, nil
	case <-ctx.Done():
		return server.Reloaded{}, context.Cause(ctx)
	case <-r.over:
		return server.Reloaded{}, fmt.Errorf("the server is about to end: %w", service.ErrClosed)
	}
}

func (r *reloads) join(by string) *reload {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.next == nil {
		r.next = &reload{by: by, done: make(chan struct{})}
		if !r.running {
			r.schedule()
		}
	}
	return r.next
}

// schedule makes next run once it may. The lock is held.
func (r *reloads) schedule() {
	time.AfterFunc(time.Until(r.last.Add(reloadPause)), func() { r.wanted <- struct{}{} })
}

// run runs the one that is wanted. It is told who asked for it.
func (r *reloads) run(read func(by string) server.Reloaded) {
	r.mu.Lock()
	now := r.next
	r.next, r.running = nil, true
	r.mu.Unlock()
	now.result = read(now.by)
	close(now.done)
	r.mu.Lock()
	defer r.mu.Unlock()
	r.running, r.last = false, time.Now()
	if r.next != nil {
		r.schedule()
	}
}

// end ends the waiting: none is run any more.
func (r *reloads) end() { close(r.over) }
