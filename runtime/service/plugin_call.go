package service

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"time"
)

// Limits bound how long a plug-in may take: what takes longer fails its
// request. A zero field is its default, a negative one no limit.
type Limits struct {
	Evaluate time.Duration // each call of a policy evaluator; 5 seconds
	Prepare  time.Duration // DialogCreator.Prepare; 10 seconds
	Display  time.Duration // DialogCreator.Display: the user's time; 2 minutes
	// Grace is how long the service waits for a plug-in to return once its
	// context is done, 1 second. After it, the plug-in's goroutine is abandoned,
	// and that is logged. There is always such a limit.
	Grace time.Duration
}

const (
	defaultEvaluate = 5 * time.Second
	defaultPrepare  = 10 * time.Second
	defaultDisplay  = 2 * time.Minute
	defaultGrace    = time.Second
)

func (l Limits) filled() Limits {
	l.Evaluate = cmp.Or(l.Evaluate, defaultEvaluate)
	l.Prepare = cmp.Or(l.Prepare, defaultPrepare)
	l.Display = cmp.Or(l.Display, defaultDisplay)
	if l.Grace <= 0 {
		l.Grace = defaultGrace
	}
	return l
}

var (
	// ErrPlugInTime says that a plug-in outstayed its time (Limits).
	ErrPlugInTime = errors.New("the plug-in took too long")
	// ErrPlugInPanic says that a plug-in panicked, or ended its goroutine.
	ErrPlugInPanic = errors.New("the plug-in panicked")
	// ErrPlugInGone is for plug-ins that are programs of their own: it has
	// disconnected, or ended, before it answered.
	ErrPlugInGone = errors.New("the plug-in has disconnected")
)

// panicError is the error of a plug-in that panicked.
type panicError struct {
	value string // text of the panic's value, or its type
	stack []byte // of debug.Stack; it is logged, and not part of the message
}

func (e *panicError) Error() string { return ErrPlugInPanic.Error() + ": " + e.value }

func (e *panicError) Unwrap() error { return ErrPlugInPanic }

// plugCall is one call of a plug-in.
type plugCall struct {
	what  string // "policy evaluator" or "dialog creator"
	uid   uint32
	name  string // of the function
	limit time.Duration
}

// calling is a call under way. The value and err may be read once done is closed.
type calling[T any] struct {
	value T
	err   error
	done  chan struct{}
}

// call calls f, of a plug-in, in a goroutine of its own: whatever f does, it
// can only fail the request that needs it. It doesn't return before f has,
// or Limits.Grace is over. With an error the value is the zero one.
func call[T any](ctx context.Context, s *Server, p plugCall, f func(context.Context) (T, error)) (value T, err error) {
	called, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	start := s.opt.Clock.Now()
	if p.limit > 0 {
		stop := s.opt.Clock.AfterFunc(p.limit, func() { cancel(ErrPlugInTime) })
		defer stop()
	}
	c := &calling[T]{done: make(chan struct{})}
	go c.run(called, f)
	select {
	case <-c.done:
	case <-called.Done():
		s.awaitEnd(ctx, p, c.done)
	}
	// What a plug-in returns after its time, or once the request is cancelled, is
	// no answer.
	if called.Err() != nil {
		err = context.Cause(called)
	} else {
		value, err = c.value, c.err
	}
	if err != nil {
		err = fmt.Errorf("%s 0x%08X: %s: %w", p.what, p.uid, p.name, err)
	}
	s.observeCall(ctx, PlugInCall{p.what, p.uid, p.name, s.opt.Clock.Now().Sub(start), err})
	return value, err
}

// requestKey is the key of the context of a request, in that of a call.
type requestKey struct{}

// RequestContext returns the context of the request that a plug-in is called for;
// ctx is that of the call, or made from it. It is done when the request is over, and
// no earlier, so that context.AfterFunc can drop what was kept for it from one call
// to the next. The context of anything else is returned as it is.
func RequestContext(ctx context.Context) context.Context {
	if request, ok := ctx.Value(requestKey{}).(context.Context); ok {
		return request
	}
	return ctx
}

// WithRequest returns a context that is made from ctx, and of which RequestContext
// returns request. It is for what calls plug-ins in the service's place.
func WithRequest(ctx, request context.Context) context.Context {
	return context.WithValue(ctx, requestKey{}, request)
}

// errEnded is the error of a call as long as no other is known.
var errEnded = fmt.Errorf("%w: it ended its goroutine", ErrPlugInPanic)

// run calls f, which may panic or end the goroutine, as may the methods of what
// it returns or panics with. An error is set before each such call, so that there
// is one however the goroutine ends.
func (c *calling[T]) run(ctx context.Context, f func(context.Context) (T, error)) {
	defer close(c.done)
	c.err = errEnded
	defer func() {
		if value := recover(); value != nil {
			panicked := &panicError{value: fmt.Sprintf("of type %T", value), stack: debug.Stack()}
			c.err = panicked
			panicked.describe(value)
		}
	}()
	value, err := f(ctx)
	if c.err = takeError(err); c.err == nil {
		c.value = value
	}
}

// awaitEnd waits for a plug-in whose context is done, for Limits.Grace at most.
func (s *Server) awaitEnd(ctx context.Context, p plugCall, done <-chan struct{}) {
	over := make(chan struct{})
	stop := s.opt.Clock.AfterFunc(s.opt.Limits.Grace, func() { close(over) })
	defer stop()
	select {
	case <-done:
	case <-over:
		s.log(ctx, slog.LevelError, "plug-in does not return, and is left to itself",
			slog.String("plugin", p.what), hex("uid", p.uid), slog.String("call", p.name))
	}
}
