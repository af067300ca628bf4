package msg

import (
	"context"

	"ups/policy"
	"ups/runtime/service"
)

// State is how far a message has come.
type State int

// The states, in their order. A message that is refused, or cancelled while
// authorising, is Done without Sending.
const (
	Authorising State = iota // the User Prompt Service is asked, which may take minutes
	Sending
	Done
)

// String returns "authorising", "sending" or "done".
func (s State) String() string {
	switch s {
	case Authorising:
		return "authorising"
	case Sending:
		return "sending"
	}
	return "done"
}

// Progress is a message that enters a state.
type Progress struct {
	Client uint32 // SID
	To     string
	State  State
	Err    error // that the client is about to get, when it is Done
}

// processor brings one message from its check to its reply. It has a goroutine
// of its own, so that nobody else waits while this client's user is asked.
type processor struct {
	from    *connection
	message Message
	passed  bool // the static check
}

// run returns the error that the client is to see, nil if the message was sent.
func (p *processor) run(ctx context.Context) (err error) {
	state := Authorising
	for state != Done {
		p.from.report(p.message, state, nil)
		switch state {
		case Authorising:
			state, err = p.authorise(ctx)
		case Sending:
			state, err = p.send(ctx)
		}
	}
	p.from.report(p.message, Done, err)
	return err
}

// authorise goes on to Sending only if the user, or a policy, allows it: any
// error of the service is a refusal.
func (p *processor) authorise(ctx context.Context) (State, error) {
	decision, err := p.decide(ctx)
	switch {
	case ctx.Err() != nil: // even if the answer came first: nothing is sent yet
		return Done, ErrCancelled
	case err != nil, !decision.Allows():
		return Done, ErrPermissionDenied
	}
	return Sending, nil
}

// decide asks the service, unless the session has an answer.
func (p *processor) decide(ctx context.Context) (policy.Decision, error) {
	config, err := p.from.server.session.Config(ctx, Service)
	if err != nil {
		return policy.DecisionNo, err
	}
	answers := &p.from.answers
	answers.under(config)
	if d, ok := answers.to(p.message.To); ok {
		return d, nil
	}
	o, err := p.from.subsession.Authorise(ctx, service.Query{Service: Service, Destination: p.message.To, Passed: p.passed})
	if err == nil {
		answers.keep(p.message.To, o.Decision)
	}
	return o.Decision, err
}

func (p *processor) send(ctx context.Context) (State, error) {
	err := p.from.server.radio.Send(ctx, p.message)
	switch {
	case err == nil:
		return Done, nil
	case ctx.Err() != nil:
		return Done, ErrCancelled
	}
	return Done, ErrNotSent
}
