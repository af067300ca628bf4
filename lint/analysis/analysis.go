package analysis

import (
	"slices"
	"sync"

	"ups/policy"
)

// Options are those of an analysis or a comparison.
type Options struct {
	// Budget is how many steps may be taken; 0 or less means DefaultBudget.
	// What isn't proved by then is left undecided.
	Budget int
	// Stop, when it is closed, ends the work soon: what isn't proved by then is
	// left undecided. It may be nil.
	Stop <-chan struct{}
	// MaxRegions is how many regions Diff describes of a change by their
	// destinations; of more, the requests are told by what decides them. 0 is
	// DefaultMaxRegions.
	MaxRegions int
}

// Result is what was proved of one policy list. It must not be changed. Its
// methods may be called from several goroutines; those that prove something
// more use what is left of the budget.
type Result struct {
	File     *policy.File
	Policies []PolicyResult // of each policy
	// Gaps are the requests that the service is asked about and no policy
	// matches.
	Gaps []Gap
	// GapsUndecided says that it isn't decided whether there are more.
	GapsUndecided bool
	// Budget is how many steps the analysis could take.
	Budget int

	mu sync.Mutex // held while a method uses the engine
	*engine
}

// PolicyResult is what is known of one policy.
type PolicyResult struct {
	Reach Reach
	// Outcome is what becomes of the requests that the policy decides.
	Outcome Outcome
	// Witness is a request that a Reachable policy decides; for NeverAsked
	// one that it would decide, were the service asked.
	Witness policy.Request
	// IrregularBefore are the earlier policies that match the only requests
	// that were found for an Undecided one, and aren't regular.
	IrregularBefore []int

	// CoveredBy are the earlier policies each of which matches all that an
	// Unreachable one does.
	CoveredBy []int
	// CoveredTogether are earlier policies that do so only together, of which
	// none can be left out. They aren't looked for if CoveredBy isn't empty.
	// For NeverAsked they match what the service is asked about, and may be
	// none.
	CoveredTogether []int
	// Differs says whether some request of an Unreachable policy has another
	// outcome than this policy's; DifferingRequest is one.
	Differs          Truth
	DifferingRequest *Decided

	// Redundant says whether the list decides the same without this policy,
	// which is Reachable.
	Redundant Truth
	// Fallback is the policy that would decide Witness, were this one, which
	// is Reachable, not there.
	Fallback int
	// Removable says that an Unreachable or Redundant policy can be taken out
	// without a change to any decision, be the destination regular or not.
	Removable bool

	// Conflicts are with the earlier policies that decide requests of this
	// one with another outcome, and are more general in some dimension. Both
	// are Reachable.
	Conflicts []Conflict
	// ConflictsUndecided says that there may be more.
	ConflictsUndecided bool
	// Doubt is why Redundant is Unknown, or ConflictsUndecided set, unless a
	// pattern is the reason.
	Doubt Doubt

	found *found // the search's view of Witness
}

// Reach says whether a policy decides any request.
type Reach uint8

// What is known of the requests that a policy decides.
const (
	Reachable      Reach = iota // it decides some request
	NeverAsked                  // it would decide some, but the service isn't asked about those
	Unreachable                 // earlier policies match all that it does
	MatchesNothing              // its SIDs or its security results are empty
	Irregular                   // its pattern isn't regular
	Undecided                   // the budget was used up, or an earlier irregular pattern may match
)

// Truth is the answer to a question, which may be missing.
type Truth uint8

// The answers.
const (
	Unknown Truth = iota
	No
	Yes
)

// or returns what is known of whether one of two things is so.
func (t Truth) or(u Truth) Truth {
	switch {
	case t == Yes || u == Yes:
		return Yes
	case t == Unknown || u == Unknown:
		return Unknown
	}
	return No
}

// Doubt is a reason outside the list for which something isn't decided; empty
// if there is none.
type Doubt string

// The doubts.
const (
	OutOfBudget Doubt = "out of budget"
	Unconfirmed Doubt = "unconfirmed" // File.Decide doesn't agree, which would be a fault of this package
)

// Decided is a request, with the policy that decides it.
type Decided struct {
	Request policy.Request
	By      int
}

// Analyse finds out what can be proved of a list. For the largest file it takes
// a second at most, unless the list is of a kind that nobody writes.
func Analyse(f *policy.File, o Options) *Result {
	r := &Result{File: f, Policies: make([]PolicyResult, len(f.Policies)), engine: newEngine(o, f)}
	r.Budget = r.prover.budget.pool
	for p := range r.Policies {
		r.Policies[p].Outcome = r.outcomes[p]
		r.findReach(p)
	}
	r.findGaps()
	for p := range r.Policies {
		switch r.Policies[p].Reach {
		case Unreachable:
			r.findCover(p)
			r.findDiffers(p)
			r.Policies[p].Removable = r.coverIsRemovable(p)
		case NeverAsked:
			r.findCover(p)
		case Reachable:
			r.prover.exhausted = false
			r.findRedundant(p)
			r.findConflicts(p)
			if r.prover.exhausted {
				r.Policies[p].Doubt = OutOfBudget
			}
		}
	}
	return r
}

// Cover returns the policies that cover an Unreachable one: all that do so
// alone, of which only the first decides its requests, or else a set that does
// so together.
func (r *PolicyResult) Cover() []int {
	if len(r.CoveredBy) > 0 {
		return r.CoveredBy
	}
	return r.CoveredTogether
}

// Replaced reports whether the policies that cover an Unreachable one have its
// outcome: the first that covers it alone, or all that do so together. Policies before them may have another one for some of its requests,
// as exceptions to both.
func (r *Result) Replaced(p int) bool {
	deciding := r.Policies[p].Cover()
	if len(r.Policies[p].CoveredBy) > 0 {
		deciding = deciding[:1]
	}
	return !slices.ContainsFunc(deciding, func(q int) bool { return r.outcomes[q] != r.outcomes[p] })
}

// confirm reports whether the first policy that matches the request is decider.
// It is slow, and costs as much of the budget.
func (r *Result) confirm(request policy.Request, decider int) bool {
	n := decider
	if n < 0 {
		n = len(r.File.Policies)
	}
	r.prover.budget.spend(n * decideCost)
	return r.decide(request) == decider
}

// outcome returns the outcome of a policy, or of the default policy.
func (r *Result) outcome(p int) Outcome {
	if p < 0 {
		return DefaultOutcome(r.File)
	}
	return r.outcomes[p]
}
