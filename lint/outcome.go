package lint

import (
	"fmt"
	"strings"

	"ups/policy"
)

// Outcome is what happens to a request that a policy decides, as far as the
// policy says it. Two policies with the same outcome can stand in for each
// other. Where there is no prompt nobody but the service is asked, and the
// answer is all (ups-service.md, A request in the service, 1).
type Outcome struct {
	Answer Answer // Prompt, or the answer that is given without one

	// Of a prompt; else 0.
	Options   policy.Options
	Evaluator uint32 // the policy's, or the header's
	Creator   uint32 // the policy's, or the header's
	Flags     uint16
	// Default says that it is the default policy's prompt, where that makes
	// a difference: an evaluator that is a plug-in is told.
	Default bool
}

// Answer is what the service tells the system server.
type Answer uint8

// The answers. Prompt means that it depends on a prompt or a stored answer.
const (
	Prompt Answer = iota
	AnswerNo
	AnswerSessionNo
	AnswerYes
	AnswerSessionYes
)

var answerText = [...]string{"a prompt", "No", "Session No", "Yes", "Session Yes"}

// String gives the answer as it is shown to people.
func (a Answer) String() string {
	if int(a) >= len(answerText) {
		return fmt.Sprintf("Answer(%d)", uint8(a))
	}
	return answerText[a]
}

// Denies reports whether it is a no without a prompt.
func (a Answer) Denies() bool { return a == AnswerNo || a == AnswerSessionNo }

// OutcomeOf gives the outcome of a policy of the file.
func OutcomeOf(f *policy.File, p *policy.Policy) Outcome {
	if a := silent(p.Options); a != Prompt {
		return Outcome{Answer: a}
	}
	o := Outcome{Options: p.Options, Evaluator: p.PolicyEvaluator, Creator: p.DialogCreator, Flags: p.Flags}
	if o.Evaluator == 0 {
		o.Evaluator = header(f).PolicyEvaluator
	}
	if o.Creator == 0 {
		o.Creator = header(f).DialogCreator
	}
	return o
}

// DefaultOutcome gives the outcome of requests that no policy matches.
func DefaultOutcome(f *policy.File) Outcome {
	o := OutcomeOf(f, &policy.Policy{Options: policy.Yes | policy.No})
	o.Default = o.Evaluator != 0
	return o
}

func header(f *policy.File) policy.Header {
	if f.Header == nil {
		return policy.Header{}
	}
	return *f.Header
}

// silent gives the answer that options map to without a prompt, or Prompt
// (ups-service.md, Mapping a choice).
func silent(o policy.Options) Answer {
	switch {
	case o&policy.YesKinds != 0 && o&policy.NoKinds != 0:
		return Prompt
	case o&policy.SessionNo != 0:
		return AnswerSessionNo
	case o&policy.SessionYes != 0:
		return AnswerSessionYes
	case o&(policy.Always|policy.Yes) != 0:
		return AnswerYes
	}
	return AnswerNo
}

// String describes the outcome in a few words.
func (o Outcome) String() string {
	if o.Answer != Prompt {
		return o.Answer.String() + " without a prompt"
	}
	return "a prompt with " + optionNames(o.Options)
}

// Against describes the outcome where it is told apart from another.
func (o Outcome) Against(other Outcome) string {
	if o.Answer != other.Answer || o.Options != other.Options {
		return o.String()
	}
	var more []string
	add := func(differs bool, format string, value any) {
		if differs {
			more = append(more, fmt.Sprintf(format, value))
		}
	}
	add(o.Evaluator != other.Evaluator, "evaluator %#x", o.Evaluator)
	add(o.Creator != other.Creator, "dialog creator %#x", o.Creator)
	add(o.Flags != other.Flags, "flags %#x", o.Flags)
	if o.Default && !other.Default {
		more = append(more, "marked as default")
	}
	if len(more) == 0 {
		return o.String()
	}
	return o.String() + ", " + strings.Join(more, ", ")
}

// optionNames gives options as they are shown to people.
func optionNames(o policy.Options) string {
	names := []string{"Yes", "No", "Session Yes", "Always", "Never", "Session No"}
	var given []string
	for i, n := range names {
		if o>>i&1 != 0 {
			given = append(given, n)
		}
	}
	return strings.Join(given, ", ")
}
