package scenario

import (
	"context"
	"regexp"
	"strconv"

	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/service"
)

// The fixture is the plug-ins of its service: each does as the request says that
// it is called for, or as the file says of its UID.

// Evaluator returns what makes the policy evaluator of that UID.
func (g *fixture) Evaluator(uid uint32) (service.EvaluatorFactory, error) {
	if g.run.file.plugIns.missingEvaluators[uid] {
		return nil, runtime.ErrMissingPolicyEvaluator
	}
	return g.newEvaluator, nil
}

func (g *fixture) newEvaluator(uid uint32) (service.PolicyEvaluator, error) {
	return &evaluator{usual: g.run.file.plugIns.evaluators[uid]}, nil
}

// DialogCreator returns what makes the dialog creator of that UID.
func (g *fixture) DialogCreator(uid uint32) (service.DialogCreatorFactory, error) {
	if g.run.file.plugIns.missingCreators[uid] {
		return nil, runtime.ErrMissingDialogCreator
	}
	return func(uint32) (service.DialogCreator, error) { return creator{}, nil }, nil
}

// evaluator is a scripted policy evaluator.
type evaluator struct{ usual script }

// script returns how it behaves for the request that it is called for.
func (e *evaluator) script(ctx context.Context) script {
	return ctx.Value(pendingKey{}).(*pending).request.script.over(e.usual)
}

// Fingerprints makes those of the script: one that is empty, as the built-in
// evaluator does, if it says nothing.
func (e *evaluator) Fingerprints(ctx context.Context, r *service.Request) (service.Evaluation, error) {
	m := e.script(ctx)
	says := service.Evaluation{}
	if m.entity != nil {
		says.Entity = *m.entity
	}
	for _, f := range m.fingerprints {
		says.Fingerprints = append(says.Fingerprints, service.Fingerprint{
			Bytes: expand(f.text, r), Description: f.description,
		})
	}
	if m.fingerprints == nil {
		says.Fingerprints = []service.Fingerprint{{}}
	}
	return says, nil
}

// ForcePrompt does as the script says.
func (e *evaluator) ForcePrompt(ctx context.Context, rec decision.Record) (force bool, info uint32, err error) {
	m := e.script(ctx)
	info = rec.Info
	if m.info != nil {
		info = *m.info
	}
	return m.force != nil && *m.force, info, nil
}

// fromRequest is what of the request a fingerprint's text can hold.
var fromRequest = regexp.MustCompile(`\{destination(?::(\d{1,4}))?\}|\{opaque\}`)

// expand puts the destination, or the first characters of it, and the opaque
// data into the text of a fingerprint.
func expand(text string, r *service.Request) string {
	return fromRequest.ReplaceAllStringFunc(text, func(name string) string {
		if name == "{opaque}" {
			return string(r.Opaque)
		}
		part := []rune(r.Destination)
		if digits := fromRequest.FindStringSubmatch(name)[1]; digits != "" {
			n, _ := strconv.Atoi(digits) // up to four digits
			part = part[:min(n, len(part))]
		}
		return string(part)
	})
}

// creator is a scripted dialog creator.
type creator struct{}

// Prepare keeps what is to be shown.
func (creator) Prepare(ctx context.Context, prompt *service.Prompt) error {
	p := ctx.Value(pendingKey{}).(*pending)
	p.fixture.mu.Lock()
	defer p.fixture.mu.Unlock()
	p.prompt = prompt
	return nil
}

// Display answers as the step of the request says, or waits for the step that
// does.
func (creator) Display(ctx context.Context, info uint32) (service.Choice, error) {
	p := ctx.Value(pendingKey{}).(*pending)
	g := p.fixture
	g.mu.Lock()
	p.info = info
	g.mu.Unlock()
	if a := p.request.answer; a != nil {
		return p.say(a)
	}
	p.show(true)
	select {
	case a := <-p.replies:
		return p.say(a)
	case <-ctx.Done():
		p.show(false)
		return service.Choice{}, context.Cause(ctx)
	}
}

// show records that the dialog is up and waits, or that it isn't any more.
func (p *pending) show(up bool) {
	p.fixture.mu.Lock()
	defer p.fixture.mu.Unlock()
	p.dialog = up
}

// say returns the user's answer.
func (p *pending) say(a *answer) (service.Choice, error) {
	p.fixture.mu.Lock()
	p.replied = a
	p.fixture.mu.Unlock()
	if a.option == 0 {
		return service.Choice{}, service.ErrNoAnswer
	}
	return service.Choice{Option: a.option, Fingerprint: a.fingerprint, Info: a.info}, nil
}
