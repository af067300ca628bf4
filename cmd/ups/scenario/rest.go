package scenario

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"ups/runtime/decision"
	"ups/runtime/service"
)

// rest knows when a service is at rest: each request has ended, shows a dialog
// that the scenario will answer, or waits in line. A step ends when the service
// is at rest, so that what the next one finds doesn't depend on timing, and no
// step has to sleep.
//
// It is told by the service how long the line is, and counts the rest itself.
// With a dialog up, that the numbers add up isn't all: when a dialog ends, the
// requests in line look up again, and nobody is told how far they are. But the
// law says that they do so ahead of newer requests. So the stage then sends one
// more, to a service of its own: when that comes to look up, all others have.
type rest struct {
	mu      sync.Mutex
	waiting int // requests in line
	begun   int // requests that have begun, and not ended
	up      int // dialogs that wait for a reply
	endings int // requests that have ended, ever
	changed chan struct{}
}

func newRest() *rest { return &rest{changed: make(chan struct{})} }

// change changes a number, and wakes who waits.
func (r *rest) change(f func()) {
	r.mu.Lock()
	defer r.mu.Unlock()
	f()
	close(r.changed)
	r.changed = make(chan struct{})
}

// Line is told how many requests wait.
func (r *rest) Line(waiting int) { r.change(func() { r.waiting = waiting }) }

// Outcome, Sessions, PlugIn and Fault are what else the service counts.
func (r *rest) Outcome(service.Outcome)   {}
func (r *rest) Sessions(int)              {}
func (r *rest) PlugIn(service.PlugInCall) {}
func (r *rest) Fault(string, error)       {}

// quiet reports whether the numbers add up. A line without a dialog is on its
// way.
func (r *rest) quiet() bool {
	return r.begun == r.waiting+r.up && (r.up == 1 || r.waiting == 0)
}

// errStuck says that the service didn't come to rest.
var errStuck = errors.New("the service didn't come to rest")

// await waits until the numbers add up.
func (r *rest) await(ctx context.Context, guard time.Duration) (endings int, err error) {
	late := time.NewTimer(guard)
	defer late.Stop()
	for {
		r.mu.Lock()
		quiet, endings, changed := r.quiet(), r.endings, r.changed
		r.mu.Unlock()
		if quiet {
			return endings, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return 0, context.Cause(ctx)
		case <-late.C:
			return 0, fmt.Errorf("%w within %v", errStuck, guard)
		}
	}
}

// settle waits until the service is at rest.
func (g *stage) settle() error {
	guard := g.run.options.Guard
	for {
		before, err := g.rest.await(g.ctx, guard)
		if err != nil {
			return err
		}
		if err := g.probe(); err != nil {
			return err
		}
		after, err := g.rest.await(g.ctx, guard)
		if err != nil || after == before {
			return err
		}
	}
}

// errProbe ends a request that was sent to learn that its turn had come.
var errProbe = errors.New("probe")

// probeKey marks the context of such a request.
type probeKey struct{}

// probe returns when all requests in line have looked up.
func (g *stage) probe() error {
	s, err := g.session(probed.Server)
	if err != nil {
		return err
	}
	sub, err := s.Open(service.ClientIdentity{})
	if err != nil {
		return err
	}
	defer sub.Close()
	ctx, stop := context.WithTimeoutCause(g.ctx, g.run.options.Guard, errStuck)
	defer stop()
	opaque := make([]byte, 0, 1)
	_, err = sub.Authorise(context.WithValue(ctx, probeKey{}, true), true, probed.Service, "", opaque)
	if errors.Is(err, errProbe) {
		return nil
	}
	return err
}

// probing is a database that ends probes when they look up.
type probing struct{ decision.DB }

// Lookup gives errProbe to a probe.
func (p probing) Lookup(ctx context.Context, key decision.Key) (decision.Record, bool, error) {
	if ctx.Value(probeKey{}) != nil {
		return decision.Record{}, false, errProbe
	}
	return p.DB.Lookup(ctx, key)
}
