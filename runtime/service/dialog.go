package service

import (
	"context"
	"errors"

	"ups/policy"
	"ups/runtime/decision"
)

// DialogCreator is the plug-in that shows the prompt (docs/service.md, Who
// takes part). One is made for each request that gets the gate; Prepare is
// called, then Display. The service never has two of them at work at a time,
// unless one of them doesn't return when its context is done.
//
// Each call runs in a goroutine of its own. An error, a panic, or a call that
// outstays its time (see Limits) makes the answer to this request No; nothing
// is stored or deleted.
type DialogCreator interface {
	// Prepare prepares what is to be shown. The prompt is shared and must not be
	// changed.
	Prepare(ctx context.Context, p *Prompt) error
	// Display asks the user. Info is the evaluator info so far: 0 without a
	// record, that of the record, as the policy evaluator left it, after a
	// forced prompt, or as it is stored after an answer that has expired. When
	// the context is done the dialog must vanish, and Display return.
	Display(ctx context.Context, info uint32) (Choice, error)
}

// DialogCreatorFactory makes the dialog creator of an implementation UID, for
// one request.
type DialogCreatorFactory = func(uid uint32) (DialogCreator, error)

// Prompt is what a dialog creator knows of what it asks.
type Prompt struct {
	Request           // the options to offer are Policy.Policy.Options
	Evaluation        // of the policy evaluator
	Forced     bool   // the policy evaluator forced the prompt, over a stored answer
	Expired    Expiry // why a stored answer didn't answer
}

// Choice is the user's answer.
type Choice struct {
	// Option is a set of those that the policy offers, usually one. The others
	// are dropped; nothing left counts as No.
	Option policy.Options
	// Fingerprint is the place in Evaluation.Fingerprints of the one that
	// Always or Never are stored under.
	// Without any fingerprint nothing is stored.
	Fingerprint int
	// Own, if it isn't nil, is stored in place of that fingerprint: with bytes,
	// up to 32, and a description of the dialog creator's own.
	Own *Fingerprint
	// Info is the evaluator info to store with Always or Never.
	Info uint32
}

// ErrNoAnswer is for dialog creators: the user went away without an answer.
// That is No, and is never stored.
var ErrNoAnswer = errors.New("no answer was given")

// offered returns the options of the choice that count, under a policy that
// offers o: those that it doesn't offer are dropped, and nothing left is No
// (docs/service.md).
func (c Choice) offered(o policy.Options) policy.Options {
	if left := c.Option & o; left != 0 {
		return left
	}
	return policy.No
}

// toStore reports whether a choice is to be stored, and as what. One of Always
// beside Session No is mapped to a refusal, which a stored Always would undo.
func toStore(choice policy.Options) (result decision.Result, stored bool) {
	switch {
	case choice&policy.Never != 0:
		return decision.Never, true
	case choice&policy.Always != 0 && choice&policy.SessionNo == 0:
		return decision.Always, true
	}
	return 0, false
}

// checked returns a choice that the service can rely on, and that the plug-in
// can't change any more.
func (c Choice) checked() (Choice, error) {
	if c.Own == nil {
		return c, nil
	}
	own, err := c.Own.checked()
	c.Own = &own
	return c, err
}
