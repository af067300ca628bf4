package runtime

import (
	"context"
	"errors"

	"ups/policy"
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
	// Prepare makes ready what is to be shown. The prompt is shared and must
	// not be changed.
	Prepare(ctx context.Context, p *Prompt) error
	// Display asks the user. Info is the evaluator info so far: 0 without a
	// record, that of the record, as the policy evaluator left it, after a
	// forced prompt. When the context is done the dialog must vanish, and
	// Display return.
	Display(ctx context.Context, info uint32) (Choice, error)
}

// NewDialogCreator makes a dialog creator for one request.
type NewDialogCreator func() (DialogCreator, error)

// Prompt is what a dialog creator knows of what it asks.
type Prompt struct {
	Request    // the options to offer are Policy.Policy.Options
	Evaluation // of the policy evaluator
	Forced     bool
}

// Choice is the user's answer.
type Choice struct {
	// Option is one of those that the policy offers. Anything else counts as
	// No.
	Option policy.Options
	// Fingerprint is the place in Evaluation.Fingerprints of the one that
	// Always or Never are stored under.
	Fingerprint int
	// Info is the evaluator info to store with Always or Never.
	Info uint32
}

// ErrNoAnswer is for dialog creators: the user went away without an answer.
// That is No, and is never stored.
var ErrNoAnswer = errors.New("no answer was given")

// offered gives the option that counts, under a policy that offers o. A choice
// that isn't one of them counts as No (docs/service.md,
// A request, step 7).
func (c Choice) offered(o policy.Options) policy.Options {
	if one := c.Option&(c.Option-1) == 0; one && c.Option&o != 0 {
		return c.Option
	}
	return policy.No
}
