// Package lifetime has what servers, sessions and subsessions have in common, in
// one process and over a connection: everything that runs in one begins and ends
// in its lifetime, so that they all close in the same way.
package lifetime

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sync"
)

// ErrClosed says that a lifetime was closed.
var ErrClosed = errors.New("closed")

// Lifetime is that of a server, of a session, or of a subsession.
//
// When a lifetime is closed, nothing more may begin in it, what is attached to
// it is cancelled, and once the last of what has begun has ended, it is done.
// Lifetimes are nested: one counts in its parent as something that runs until
// it is done. So a server's is done after all of its requests, however they were
// closed, and all that wait for a lifetime wait for one channel.
type Lifetime struct {
	parent *Lifetime     // nil for a server's
	onEnd  func()        // called once, when nothing runs any more, before it is done; may be nil
	done   chan struct{} // closed when it is done

	mu       sync.Mutex
	closed   bool
	running  int // begun, and not ended
	attached map[Canceler]struct{}
}

// Canceler is what ends early if a lifetime that it is attached to is closed.
// Cancel must not wait for that end. It reports whether it was the first call.
type Canceler interface{ Cancel() bool }

// New makes a lifetime within another, or one of its own if parent is nil. Its maker
// begins it in the parent, and attaches it there. OnEnd, which may be nil, is called
// once nothing runs in it any more.
func New(parent *Lifetime, onEnd func()) *Lifetime {
	return &Lifetime{parent: parent, onEnd: onEnd, done: make(chan struct{}), attached: map[Canceler]struct{}{}}
}

// Begin counts in something that runs, which must end. It fails with ErrClosed.
func (l *Lifetime) Begin() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return ErrClosed
	}
	l.running++
	return nil
}

// End counts out what has begun.
func (l *Lifetime) End() {
	l.mu.Lock()
	l.running--
	last := l.closed && l.running == 0
	l.mu.Unlock()
	if last {
		l.finish()
	}
}

// Close ends the lifetime, and returns when it is done. It fails with ErrClosed
// if another has closed it, and still returns no earlier.
func (l *Lifetime) Close() error {
	first := l.Cancel()
	<-l.done
	if !first {
		return ErrClosed
	}
	return nil
}

// Cancel is close without waiting.
func (l *Lifetime) Cancel() bool {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return false
	}
	l.closed = true
	attached := slices.Collect(maps.Keys(l.attached))
	last := l.running == 0
	l.mu.Unlock()
	for _, c := range attached { // they may call End
		c.Cancel()
	}
	if last {
		l.finish()
	}
	return true
}

// Done is closed when the lifetime is done.
func (l *Lifetime) Done() <-chan struct{} { return l.done }

// Closed reports whether the lifetime was closed.
func (l *Lifetime) Closed() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.closed
}

// Attached returns how many are attached.
func (l *Lifetime) Attached() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.attached)
}

// finish is called once: nothing can begin any more, and the last has ended.
func (l *Lifetime) finish() {
	if l.onEnd != nil {
		l.onEnd()
	}
	close(l.done)
	if l.parent != nil {
		l.parent.Detach(l)
		l.parent.End()
	}
}

// Attach has c cancelled when the lifetime is closed, or now if it is.
func (l *Lifetime) Attach(c Canceler) {
	l.mu.Lock()
	closed := l.closed
	if !closed {
		l.attached[c] = struct{}{}
	}
	l.mu.Unlock()
	if closed {
		c.Cancel()
	}
}

// Detach undoes Attach.
func (l *Lifetime) Detach(c Canceler) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.attached, c)
}

// contextCanceler cancels a context when a lifetime is closed.
type contextCanceler struct{ cancelCause context.CancelCauseFunc }

func (c *contextCanceler) Cancel() bool {
	c.cancelCause(ErrClosed)
	return true
}

// Context derives the context of something that has begun, and that may wait:
// its cause is ErrClosed once the lifetime is closed. Release must be called.
func (l *Lifetime) Context(ctx context.Context) (running context.Context, release func()) {
	running, cancel := context.WithCancelCause(ctx)
	c := &contextCanceler{cancel}
	l.Attach(c)
	return running, func() {
		l.Detach(c)
		cancel(nil)
	}
}

// ClosedOr returns the error of what has ended with err, in a context of a
// lifetime: ErrClosed if it was cancelled by that, whatever err is.
func ClosedOr(ctx context.Context, err error) error {
	if err != nil && context.Cause(ctx) == ErrClosed {
		return ErrClosed
	}
	return err
}

// Do runs f to its end, or until the lifetime is closed.
func (l *Lifetime) Do(ctx context.Context, f func(context.Context) error) error {
	if err := l.Begin(); err != nil {
		return err
	}
	defer l.End()
	ctx, release := l.Context(ctx)
	defer release()
	return ClosedOr(ctx, f(ctx))
}
