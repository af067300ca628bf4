package servicetest

import (
	"context"
	"sync"
	"time"

	"ups/policy"
	"ups/runtime/service"
)

// decided is the part of an outcome that most tests check.
func decided(o service.Outcome, err error) (policy.Decision, error) { return o.Decision, err }

// last returns the outcome of the request that ended last.
func (g *fixture) last() service.Outcome {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.said
}

// authorise asks in a subsession.
func (g *fixture) authorise(ctx context.Context, sub Subsession, q service.Query) (service.Outcome, error) {
	return g.request(ctx, sub, q)()
}

// request returns what asks in a subsession, maybe in another goroutine. The request
// counts as under way from now on until it has ended, or is cancelled, so that settle
// waits for it to begin, and to end.
func (g *fixture) request(ctx context.Context, sub Subsession, q service.Query) (authorise func() (service.Outcome, error)) {
	g.asking.Add(1)
	over := sync.OnceFunc(func() { g.asking.Add(-1) })
	notCancelled := context.AfterFunc(ctx, over)
	return func() (service.Outcome, error) {
		defer over()
		defer notCancelled()
		o, err := sub.Authorise(ctx, q)
		g.mu.Lock()
		defer g.mu.Unlock()
		g.said = o
		return o, err
	}
}

func (g *fixture) open(sid uint32) Subsession {
	g.t.Helper()
	sub, err := g.session.Open(service.Client{SID: sid, Drive: 'C'})
	if err != nil {
		g.t.Fatal(err)
	}
	return sub
}

// ask asks for a client, with a check that passed, and waits.
func (g *fixture) ask(sid uint32, destination string) (policy.Decision, error) {
	return decided(g.authorise(context.Background(), g.open(sid), service.Query{Service: theService, Destination: destination, Passed: true}))
}

// must asks, and fails unless the answer is as wanted.
func (g *fixture) must(sid uint32, destination string, want policy.Decision, from service.Source) {
	g.t.Helper()
	d, err := g.ask(sid, destination)
	if o := g.last(); d != want || err != nil || o.Source != from {
		g.t.Errorf("%q: %v from %v, error %v, want %v from %v", destination, d, o.Source, err, want, from)
	}
}

// pending is a request under way.
type pending struct {
	name   string
	remote bool // its answer takes a while to arrive
	cancel context.CancelFunc
	done   chan struct{}
	got    policy.Decision
	err    error
}

// begin asks for a client without waiting.
func (g *fixture) begin(sid uint32, destination string) *pending {
	ctx, cancel := context.WithCancel(context.Background())
	p := &pending{name: destination, remote: !g.bubble, cancel: cancel, done: make(chan struct{})}
	sub := g.open(sid)
	authorise := g.request(ctx, sub, service.Query{Service: theService, Destination: destination, Passed: true})
	go func() {
		defer close(p.done)
		defer cancel()
		p.got, p.err = decided(authorise())
		sub.Close()
	}()
	return p
}

func (p *pending) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// patience is how long an answer may take to arrive: other programs may run too.
const patience = time.Minute

// arrived reports whether the request has ended, and waits for its answer to arrive.
func (p *pending) arrived() bool {
	if !p.remote {
		return p.ended()
	}
	select {
	case <-p.done:
		return true
	case <-time.After(patience):
		return false
	}
}
