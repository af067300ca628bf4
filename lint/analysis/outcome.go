package analysis

import (
	"fmt"
	"strings"

	"ups/policy"
)

// Outcome is what happens to a request that a policy decides, as far as the
// policy says it. Two policies of the same outcome can stand in for each
// other. Without a prompt no plug-in is asked, and the decision is all
// (docs/service.md, A request, 1).
type Outcome struct {
	Prompts  bool
	Decision policy.Decision // without a prompt

	// Of a prompt; else 0.
	Options   policy.Options
	Evaluator uint32 // the policy's, or the header's
	Creator   uint32 // the policy's, or the header's
	Flags     uint16
	// Default says that it is the default policy's prompt, where that makes
	// a difference: to an evaluator that is a plug-in.
	Default bool
}

// OutcomeOf returns the outcome of a policy of the file.
func OutcomeOf(f *policy.File, p *policy.Policy) Outcome {
	if !p.Options.Prompts() {
		return Outcome{Decision: p.Options.SilentDecision()}
	}
	e := *p
	f.FillIn(&e)
	return Outcome{Prompts: true, Options: e.Options, Evaluator: e.PolicyEvaluator, Creator: e.DialogCreator, Flags: e.Flags}
}

// DefaultOutcome returns the outcome of requests that no policy matches.
func DefaultOutcome(f *policy.File) Outcome {
	p := policy.Default()
	o := OutcomeOf(f, &p)
	o.Default = o.Evaluator != 0
	return o
}

// unaskedOutcome returns the outcome of a request that isn't sent to the service.
func unaskedOutcome(a policy.Answer) Outcome {
	if a == policy.Allow {
		return Outcome{Decision: policy.DecisionYes}
	}
	return Outcome{Decision: policy.DecisionNo}
}

// Denies reports whether it is a no without a prompt.
func (o Outcome) Denies() bool { return !o.Prompts && !o.Decision.Allows() }

// String describes the outcome in a few words.
func (o Outcome) String() string {
	if !o.Prompts {
		return o.Decision.String() + " without a prompt"
	}
	return "a prompt with " + o.Options.String()
}

// Unlike describes the outcome, with all in which it differs from another.
func (o Outcome) Unlike(other Outcome) string {
	if o.Prompts != other.Prompts || o.Options != other.Options {
		return o.String()
	}
	parts := []string{o.String()}
	add := func(differs bool, name string, value uint32) {
		if differs {
			parts = append(parts, fmt.Sprintf("%s %#x", name, value))
		}
	}
	add(o.Evaluator != other.Evaluator, "evaluator", o.Evaluator)
	add(o.Creator != other.Creator, "dialog creator", o.Creator)
	add(o.Flags != other.Flags, "flags", uint32(o.Flags))
	if o.Default && !other.Default {
		parts = append(parts, "marked as default")
	}
	return strings.Join(parts, ", ")
}
