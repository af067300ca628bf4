package scenario

import (
	"context"
	"errors"
	"fmt"
	"time"

	"ups/runtime/service"
)

// A step ends when the service is at rest: each request has ended, shows a
// dialog that a step will answer, or waits in line. So what the next step finds
// doesn't depend on timing, and no step has to sleep.

// errStuck says that the service didn't come to rest.
var errStuck = errors.New("the service didn't come to rest")

// settle waits until the service is at rest.
func (g *fixture) settle() error { return await(g.ctx, g.run.options.Guard, g.atRest) }

// atRest looks at the requests first: a dialog that waits for a step is still
// up when the service says what it is doing.
func (g *fixture) atRest() bool {
	begun, shown := g.underWay()
	return quiet(g.server.Status(), begun, shown)
}

// underWay returns how many requests haven't ended, and whether the dialog of
// one of them waits for a step.
func (g *fixture) underWay() (begun int, shown bool) {
	for _, p := range g.begun {
		switch p.state() {
		case "waiting":
			begun++
		case "prompt":
			begun++
			shown = true
		}
	}
	return begun, shown
}

// quiet reports whether a service is at rest, with so many requests begun, and
// a dialog shown that waits for a step or not.
func quiet(s service.Status, begun int, shown bool) bool {
	return s.AtRest() && s.Requests == begun && s.Dialog == shown
}

// The pauses between two looks at the service.
const (
	shortestPause = 5 * time.Microsecond
	longestPause  = time.Millisecond
)

// await returns when done says so; if that takes too long, it fails.
func await(ctx context.Context, guard time.Duration, done func() bool) error {
	ctx, stop := context.WithTimeoutCause(ctx, guard, fmt.Errorf("%w within %v", errStuck, guard))
	defer stop()
	for pause := shortestPause; !done(); pause = min(2*pause, longestPause) {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(pause):
		}
	}
	return nil
}
