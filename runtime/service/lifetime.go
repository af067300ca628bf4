package service

import (
	"context"
	"maps"
	"slices"
	"sync"
)

// lifetime is that of a server, of a session of either kind, or of a
// subsession: all that runs in one begins and ends here, and so they close in
// one way.
//
// To close a lifetime, nothing more may begin in it, what is attached to it is
// cut off, and once the last of what has begun has ended, it is over. Lifetimes
// are nested: one counts in the one around it as something that runs until it
// is over. So a server's is over after all of its requests, however they were
// closed, and whoever waits for any of them waits for one channel.
type lifetime struct {
	around *lifetime     // nil for a server's
	ending func()        // is called once, when nothing runs any more, before it is over; may be nil
	over   chan struct{} // closed when it is over

	mu       sync.Mutex
	closed   bool
	running  int // begun, and not ended
	attached map[cuttable]struct{}
}

// cuttable is what ends early if a lifetime that it is attached to is closed.
// Cut must not wait for that end.
type cuttable interface{ cut() bool }

func newLifetime(around *lifetime, ending func()) *lifetime {
	return &lifetime{around: around, ending: ending, over: make(chan struct{}), attached: map[cuttable]struct{}{}}
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

// close ends the lifetime, and returns when it is over. It fails with ErrClosed
// if another has closed it, and still returns no earlier.
func (l *lifetime) close() error {
	first := l.cut()
	<-l.over
	if !first {
		return ErrClosed
	}
	return nil
}

// cut is close without waiting. It reports whether it was the first.
func (l *lifetime) cut() bool {
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return false
	}
	l.closed = true
	attached := slices.Collect(maps.Keys(l.attached))
	last := l.running == 0
	l.mu.Unlock()
	for _, c := range attached { // they may come back, to end
		c.cut()
	}
	if last {
		l.finish()
	}
	return true
}

// finish is called once: nothing can begin any more, and the last has ended.
func (l *lifetime) finish() {
	if l.ending != nil {
		l.ending()
	}
	close(l.over)
	if l.around != nil {
		l.around.detach(l)
		l.around.end()
	}
}

// attach has c cut off when the lifetime is closed, or now if it is.
func (l *lifetime) attach(c cuttable) {
	l.mu.Lock()
	closed := l.closed
	if !closed {
		l.attached[c] = struct{}{}
	}
	l.mu.Unlock()
	if closed {
		c.cut()
	}
}

func (l *lifetime) detach(c cuttable) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.attached, c)
}

// cutting cancels a context when a lifetime is closed.
type cutting struct{ cancel context.CancelCauseFunc }

func (c *cutting) cut() bool {
	c.cancel(ErrClosed)
	return true
}

// context derives the context of something that has begun, and that may wait:
// its cause is ErrClosed once the lifetime is closed. Release must be called.
func (l *lifetime) context(ctx context.Context) (running context.Context, release func()) {
	running, cancel := context.WithCancelCause(ctx)
	c := &cutting{cancel}
	l.attach(c)
	return running, func() {
		l.detach(c)
		cancel(nil)
	}
}

// fate is the error of what has ended with err, in a context of a lifetime:
// ErrClosed if it was cut off, whatever it made of that.
func fate(ctx context.Context, err error) error {
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
	return fate(ctx, f(ctx))
}
