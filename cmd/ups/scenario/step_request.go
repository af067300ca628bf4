package scenario

import (
	"errors"
	"fmt"

	"ups/runtime/service"
)

// requestStep asks, and waits for the answer.
type requestStep struct {
	place
	request request
	expect  expected
}

func (s *requestStep) title() string { return "request " + s.request.title() }

func (s *requestStep) do(g *fixture) error {
	p, err := g.begin(&s.request)
	if err != nil {
		return err
	}
	switch p.state() {
	case "prompt":
		g.differ(Difference{"prompt", "one, with the options " + p.offered(), "none: the step has no answer",
			"give it an answer; or, if that doesn't matter, expect: prompt"})
		return g.drop(p)
	case "waiting":
		g.differ(Difference{"request", "it waits in line behind a dialog", "its end",
			"to go on without it, start: it and wait: for it later"})
		return g.drop(p)
	}
	ds := s.expect.compare(p.end())
	if !s.expect.has("prompt") {
		ds = append(s.request.unasked(p), ds...)
	}
	g.differ(ds...)
	return nil
}

// drop cancels a request that can't end in its step.
func (g *fixture) drop(p *pending) error {
	p.checked = true
	p.cancel()
	<-p.done
	return g.settle()
}

// offered names the options of the dialog that is up.
func (p *pending) offered() string {
	p.fixture.mu.Lock()
	defer p.fixture.mu.Unlock()
	return optionList(p.prompt.Policy.Policy.Options)
}

// unasked reports that the user's answer was not called for.
func (q *request) unasked(p *pending) []Difference {
	e := p.end()
	if q.answer == nil || e.Prompted || errors.Is(e.err, service.ErrClosed) {
		return nil
	}
	return []Difference{{"prompt", "none: " + settledBy(e), "one, that is answered with " + q.answer.text, ""}}
}

// settledBy says what answered a request without a prompt.
func settledBy(e *ended) string {
	switch {
	case e.err != nil:
		return e.err.Error()
	case e.Source == service.SourceCheck:
		return "the service wasn't asked"
	case e.Source == service.SourceStored:
		return "a stored answer was found"
	}
	return fmt.Sprintf("policy %s decides without", e.located())
}

// startStep asks without waiting for the answer.
type startStep struct {
	place
	request request
	name    string
	state   string // that is expected; "" for any
}

func (s *startStep) title() string { return fmt.Sprintf("start %s as %s", s.request.title(), s.name) }

func (s *startStep) do(g *fixture) error {
	if p := g.requests[s.name]; p != nil && !p.checked {
		return g.abort("name", s.name+" is the name of a request that no step has seen the end of", "another name")
	}
	p, err := g.begin(&s.request)
	if err != nil {
		return err
	}
	p.step, g.requests[s.name] = s, p
	if got := p.state(); s.state != "" && got != s.state {
		why := ""
		if got == "ended" {
			why = fmt.Sprintf("with the decision %s, error %s", p.outcome.Decision, errorName(p.err))
		}
		g.differ(Difference{"state", got, s.state, why})
	}
	return nil
}

// startedRequest is what steps about a request that was started have.
type startedRequest struct {
	place
	name   string
	expect expected
}

// replyStep answers the dialog of a request that was started.
type replyStep struct {
	startedRequest
	answer *answer
}

func (s *replyStep) title() string { return "reply to " + s.name }

func (s *replyStep) do(g *fixture) error {
	p, err := g.find(s.name)
	if err != nil {
		return err
	}
	if state := p.state(); state != "prompt" {
		return g.abort("prompt", "none: "+stateText(state), "one of "+s.name)
	}
	p.show(false)
	p.replies <- s.answer
	if err := g.settle(); err != nil {
		return err
	}
	g.differ(s.expect.compare(p.end())...)
	return nil
}

// waitStep looks at the end of a request that was started.
type waitStep struct{ startedRequest }

func (s *waitStep) title() string { return "wait for " + s.name }

func (s *waitStep) do(g *fixture) error {
	p, err := g.find(s.name)
	if err != nil {
		return err
	}
	if state := p.state(); state != "ended" {
		return g.abort("request", stateText(state), "its end")
	}
	g.differ(append(p.request.unasked(p), s.expect.compare(p.end())...)...)
	return nil
}

// cancelStep cancels a request that was started.
type cancelStep struct{ startedRequest }

func (s *cancelStep) title() string { return "cancel " + s.name }

func (s *cancelStep) do(g *fixture) error {
	p, err := g.find(s.name)
	if err != nil {
		return err
	}
	if state := p.state(); state == "ended" {
		return g.abort("request", stateText(state), "one under way")
	}
	if err := g.drop(p); err != nil {
		return err
	}
	if x := s.expect; x.has("error") {
		g.differ(x.compare(p.end())...)
	} else {
		g.differ(x.compare(p.end().canceled())...)
	}
	return nil
}

// canceled takes the error of a request for what a cancel is to give.
func (e *ended) canceled() *ended {
	if errorName(e.err) == "canceled" {
		e.err = nil
	}
	return e
}
