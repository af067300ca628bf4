package serve

import (
	"net"
	"net/http"
	"sync"
	"time"
)

// idle notices when nobody has used the server for a while. A connection counts as
// used while a request is under way on it: a session, a plug-in and an event stream
// are such requests.
type idle struct {
	after time.Duration
	over  chan struct{} // has a value once the time is over

	mu    sync.Mutex
	used  map[net.Conn]struct{}
	timer *time.Timer
}

// newIdle starts the time. With a negative one it never ends.
func newIdle(after time.Duration) *idle {
	i := &idle{after: after, over: make(chan struct{}, 1), used: map[net.Conn]struct{}{}}
	i.again()
	return i
}

// again starts the time anew unless the server is used.
func (i *idle) again() {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.start()
}

func (i *idle) start() {
	i.stop()
	if i.after > 0 && len(i.used) == 0 {
		i.timer = time.AfterFunc(i.after, i.expire)
	}
}

func (i *idle) stop() {
	if i.timer != nil {
		i.timer.Stop()
		i.timer = nil
	}
}

func (i *idle) expire() {
	select {
	case i.over <- struct{}{}:
	default:
	}
}

// unused reports whether no request is under way.
func (i *idle) unused() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	return len(i.used) == 0
}

// connState is http.Server.ConnState.
func (i *idle) connState(c net.Conn, state http.ConnState) {
	i.mu.Lock()
	defer i.mu.Unlock()
	switch state {
	case http.StateNew, http.StateActive:
		i.used[c] = struct{}{}
		i.stop()
	default:
		_, was := i.used[c]
		delete(i.used, c)
		if was {
			i.start()
		}
	}
}
