package service

import (
	"context"
	"maps"
	"slices"
	"sync"
)

// lifetime is that of a server, of a session of either kind, or of a
// subsession: everything that runs in one begins and ends here, so that they
// all close in the same way.
//
// When a lifetime is closed, nothing more may begin in it, what is attached to
// it is cancelled, and once the last of what has begun has ended, it is done.
// Lifetimes are nested: one counts in its parent as something that runs until
// it is done. So a server's is done after all of its requests, however they were
// closed, and all that wait for a lifetime wait for one channel.
type lifetime struct {
	parent *lifetime     // nil for a server's
	onEnd  func()        // called once, when nothing runs any more, before it is done; may be nil
	done   chan struct{} // closed when it is done

	mu       sync.Mutex
	closed   bool
	running  int // begun, and not ended
	attached map[canceler]struct{}
}

// canceler is what ends early if a lifetime that it is attached to is closed.
// cancel must not wait for that end. It reports whether it was the first call.
type canceler interface{ cancel() bool }

func newLifetime(parent *lifetime, onEnd func()) *lifetime {
	return &lifetime{parent: parent, onEnd: onEnd, done: make(chan struct{}), attached: map[canceler]struct{}{}}
}

// begin counts in something that runs, which must end. It fails with ErrClosed.
func (l *lifetime) begin() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return ErrClosed
	}
	l.running++
	return nil
}

func (l *lifetime) end() {
	l.mu.Lock()
	l.running--
	last := l.closed && l.running == 0
	l.mu.Unlock()
	if last {
		l.finish()
	}
}

// close ends the lifetime, and returns when it is done. It fails with ErrClosed
// if another has closed it, and still returns no earlier.
func (l *lifetime) close() error {
	first := l.cancel()
	<-l.done
	if !first {
		return ErrClosed
	}
	return nil
}

// cancel is close without waiting.
func (l *lifetime) cancel() bool {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return false
	}
	l.closed = true
	attached := slices.Collect(maps.Keys(l.attached))
	last := l.running == 0
	l.mu.Unlock()
	for _, c := range attached { // they may call end
		c.cancel()
	}
	if last {
		l.finish()
	}
	return true
}

// finish is called once: nothing can begin any more, and the last has ended.
func (l *lifetime) finish() {
	if l.onEnd != nil {
		l.onEnd()
	}
	close(l.done)
	if l.parent != nil {
		l.parent.detach(l)
		l.parent.end()
	}
}

// attach has c cancelled when the lifetime is closed, or now if it is.
func (l *lifetime) attach(c canceler) {
	l.mu.Lock()
	closed := l.closed
	if !closed {
		l.attached[c] = struct{}{}
	}
	l.mu.Unlock()
	if closed {
		c.cancel()
	}
}

func (l *lifetime) detach(c canceler) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.attached, c)
}

// contextCanceler cancels a context when a lifetime is closed.
type contextCanceler struct{ cancelCause context.CancelCauseFunc }

func (c *contextCanceler) cancel() bool {
	c.cancelCause(ErrClosed)
	return true
}

// context derives the context of something that has begun, and that may wait:
// its cause is ErrClosed once the lifetime is closed. Release must be called.
func (l *lifetime) context(ctx context.Context) (running context.Context, release func()) {
	running, cancel := context.WithCancelCause(ctx)
	c := &contextCanceler{cancel}
	l.attach(c)
	return running, func() {
		l.detach(c)
		cancel(nil)
	}
}

// closedOr returns the error of what has ended with err, in a context of a
// lifetime: ErrClosed if it was cancelled by that, whatever err is.
func closedOr(ctx context.Context, err error) error {
	if err != nil && context.Cause(ctx) == ErrClosed {
		return ErrClosed
	}
	return err
}

// do runs f to its end, or until the lifetime is closed.
func (l *lifetime) do(ctx context.Context, f func(context.Context) error) error {
	if err := l.begin(); err != nil {
		return err
	}
	defer l.end()
	ctx, release := l.context(ctx)
	defer release()
	return closedOr(ctx, f(ctx))
}
