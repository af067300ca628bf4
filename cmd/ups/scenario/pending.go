package scenario

import (
	"context"
	"fmt"

	"ups/runtime/service"
)

// pending is a request that has begun.
type pending struct {
	request  *request
	fixture  *fixture
	step     *startStep // that started it; nil for a request that isn't named
	cancel   context.CancelFunc
	done     chan struct{}
	replies  chan *answer
	checked  bool        // a step has looked at its end
	policies *policyFile // that it began with

	// What follows is written before done is closed, or under the fixture's
	// mutex.
	outcome service.Outcome
	err     error
	prompt  *service.Prompt // that the dialog creator got
	info    uint32          // evaluator info that the dialog got
	dialog  bool            // is up, and waits for a reply
	replied *answer
}

// states are what a request that was started can be in.
var states = []string{"prompt", "waiting", "ended"}

// pendingKey is what plug-ins find the request by, in their context.
type pendingKey struct{}

// begin begins a request, and returns when the service is at rest.
func (g *fixture) begin(q *request) (*pending, error) {
	session, err := g.session(q.service.Server)
	if err != nil {
		return nil, err
	}
	sub, err := session.Open(q.who.identity())
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithCancel(g.ctx)
	p := &pending{
		request: q, fixture: g, cancel: cancel, done: make(chan struct{}), replies: make(chan *answer, 1),
		policies: g.policiesFor(q),
	}
	g.begun = append(g.begun, p)
	go p.run(context.WithValue(ctx, pendingKey{}, p), sub)
	return p, g.settle()
}

func (p *pending) run(ctx context.Context, sub *service.Subsession) {
	defer close(p.done)
	q := p.request
	p.outcome, p.err = sub.Authorise(ctx, service.Query{
		Service: q.service.Service, Destination: q.destination, Passed: q.passed, Opaque: q.opaque,
	})
	sub.Close()
}

// identity returns the client as the system knows it.
func (c client) identity() service.Client {
	return service.Client{
		SID: c.sid, VendorID: c.vendor, Drive: c.drive,
		ProcessGone: func() bool { return c.gone },
	}
}

// policiesFor returns the policy file that a request will be decided by.
func (g *fixture) policiesFor(q *request) *policyFile {
	_, path, err := g.store.Find(q.service.Server, q.service.Service)
	if err != nil {
		return nil
	}
	for _, files := range g.drives {
		if f := files[path]; f != nil {
			return f
		}
	}
	return nil
}

// state is what a request is in.
func (p *pending) state() string {
	select {
	case <-p.done:
		return "ended"
	default:
	}
	p.fixture.mu.Lock()
	defer p.fixture.mu.Unlock()
	if p.dialog {
		return "prompt"
	}
	return "waiting"
}

// end returns what is known of a request that has ended.
func (p *pending) end() *ended {
	p.checked = true
	p.fixture.mu.Lock()
	defer p.fixture.mu.Unlock()
	e := &ended{Outcome: p.outcome, err: p.err, info: p.info, policies: p.policies, plain: p.fixture.plain}
	if a := p.replied; a != nil && a.option == 0 {
		e.left = true
	} else if a != nil && p.outcome.Policy.Policy.Options&a.option == 0 {
		e.unoffered = a.text
	}
	return e
}

// title says which request it is, for people.
func (q *request) title() string { return fmt.Sprintf("%q by %s", q.destination, q.client) }

// find returns the request that a step names.
func (g *fixture) find(name string) (*pending, error) {
	if p := g.requests[name]; p != nil {
		return p, nil
	}
	return nil, g.abort("request", "none was started as "+name, name)
}

// abort reports what makes the steps that follow meaningless.
func (g *fixture) abort(what, got, want string) error {
	g.differ(Difference{What: what, Got: got, Want: want})
	return errAborted
}

// unlooked reports requests that were started and that no step has looked at.
func (g *fixture) unlooked() {
	for _, p := range g.begun {
		if p.checked || p.step == nil {
			continue
		}
		g.at = p.step
		g.differ(Difference{p.step.name, stateText(p.state()), "a later step that waits for it, replies to it or cancels it", ""})
	}
}

func stateText(state string) string {
	return map[string]string{"prompt": "its dialog is up", "waiting": "it waits in line", "ended": "it has ended, unseen"}[state]
}
