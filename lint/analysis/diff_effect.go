package analysis

import (
	"fmt"

	"ups/policy"
)

// Effect is in what two outcomes differ. Requests with the same are one change.
type Effect struct {
	// Before and After say whether there is a prompt; the decision is that
	// without one.
	Before, After Kind
	// Offered are the options of a new prompt; of one that there was before,
	// Added and Removed say what differs.
	Offered, Added, Removed policy.Options

	// Those of a prompt before and after, where they differ; else 0.
	Evaluator, Creator [2]uint32
	Flags              [2]uint16
	// EvaluatorChanged says that stored answers don't match any more.
	EvaluatorChanged, CreatorChanged, FlagsChanged bool
	// DefaultChanged says that an evaluator is told of the default policy, where
	// it wasn't, or the other way round.
	DefaultChanged bool
}

// Kind is what becomes of a request, in a word.
type Kind int

// The kinds of outcomes.
const (
	Asks   Kind = iota // the user
	Allows             // without a prompt
	Denies             // without a prompt
)

// KindOf returns the kind of an outcome.
func KindOf(o Outcome) Kind {
	switch {
	case o.Prompts:
		return Asks
	case o.Decision.Allows():
		return Allows
	}
	return Denies
}

func effectOf(before, after Outcome) Effect {
	e := Effect{Before: KindOf(before), After: KindOf(after)}
	switch {
	case !after.Prompts:
	case !before.Prompts:
		e.Offered = after.Options
	default:
		e.Added, e.Removed = after.Options&^before.Options, before.Options&^after.Options
		e.DefaultChanged = before.Default != after.Default
		if e.EvaluatorChanged = before.Evaluator != after.Evaluator; e.EvaluatorChanged {
			e.Evaluator = [2]uint32{before.Evaluator, after.Evaluator}
		}
		if e.CreatorChanged = before.Creator != after.Creator; e.CreatorChanged {
			e.Creator = [2]uint32{before.Creator, after.Creator}
		}
		if e.FlagsChanged = before.Flags != after.Flags; e.FlagsChanged {
			e.Flags = [2]uint16{before.Flags, after.Flags}
		}
	}
	return e
}

// lasting are the options that are stored.
const lasting = policy.Always | policy.Never

// NewSilentYes reports whether requests are allowed without a prompt that
// weren't.
func (e Effect) NewSilentYes() bool { return e.After == Allows }

// NewSilentNo reports whether requests are denied without a prompt that weren't.
func (e Effect) NewSilentNo() bool { return e.After == Denies }

// NewPrompt reports whether the user is asked who wasn't.
func (e Effect) NewPrompt() bool { return e.After == Asks && e.Before != Asks }

// NewLasting reports whether Always or Never is offered and wasn't.
func (e Effect) NewLasting() bool { return (e.Added|e.Offered)&lasting != 0 }

// gravity orders changes, the gravest first: a device that opens, one that
// closes, answers that last, other prompts.
func (e Effect) gravity() int {
	for i, grave := range []bool{
		e.NewSilentYes(), e.NewSilentNo(), e.NewPrompt() && e.Before == Denies, e.NewLasting(), e.NewPrompt(), e.EvaluatorChanged,
		e.Added|e.Removed != 0,
	} {
		if grave {
			return i
		}
	}
	return 7
}

func (e Effect) key() string { return fmt.Sprint(e) }
