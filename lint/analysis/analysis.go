// Package analysis proves what a policy list does: which policies any request gets
// to, which change no decision, and whether two lists decide alike. It knows no
// source: only the model and destination patterns.
package analysis

import (
	"slices"

	"ups/internal/wildcard"
	"ups/policy"
)

// Analysis is what can be proved of one policy list. Policies are given by
// their place in File.Policies, from 0.
//
// All of it speaks of regular destinations (docs/matching.md); of others, such as a
// text that begins with a combining mark, the device makes what it will. A
// policy whose own pattern isn't regular is claimed nothing of, and never
// counted upon to take a request.
type Analysis struct {
	File     *policy.File
	Policies []Result // of each policy
	// Gaps are the requests that the service is asked about and no policy
	// matches.
	Gaps []Gap
	// GapsOpen says that it isn't decided whether there are more.
	GapsOpen bool
	// Budget is how many steps the analysis could take.
	Budget int

	space    *space
	forms    *forms
	patterns []*form // of each policy; nil if not regular
	outcomes []Outcome
	prover   prover
	contains map[[2]int]verdict
	meets    []set // of each policy, if asked for: see mayMeet
	odd      set   // the policies that aren't regular
	buf      []*form
	beside   beside
	rivals   []int // of the two policies that are looked at
	among    []int // the policies whose forms are in buf
}

// Result is what is known of one policy.
type Result struct {
	Reach Reach
	// Outcome is what the policy makes of the requests that it decides.
	Outcome Outcome
	// Alone are the earlier policies each of which covers all that this one
	// matches (Unreachable).
	Alone []int
	// Together are earlier policies that cover it only all together. If Alone
	// isn't empty they aren't looked for (Unreachable). For NeverAsked they
	// cover what the service is asked about, and may be none.
	Together []int
	// Differs says whether some request of an unreachable policy gets another
	// outcome than this policy would have given; DiffersBy shows it.
	Differs   Truth
	DiffersBy *Slice
	// Redundant says whether the list decides the same without this policy,
	// which is reachable.
	Redundant Truth
	// Heir is the policy that would decide the witness of a reachable policy,
	// were that not there; -1 is the default policy.
	Heir int
	// Safe says that an unreachable or redundant policy can be taken out
	// without a change to any decision, be the destination regular or not.
	Safe bool
	// Takers are earlier policies that decide requests of this one, with
	// another outcome, and are more general in some dimension. Only where
	// both are reachable.
	Takers []Taker
	// TakersOpen says that there may be more.
	TakersOpen bool

	found     *found // a request that it decides
	Doubt     Doubt  // why Redundant is Open, or TakersOpen set, unless a pattern is to blame
	Irregular []int  // policies that aren't regular and stand in the way of a witness
}

// Culprits returns the policies that cover an unreachable one: all that do so
// alone, or else a set that does so together. The first that does so alone
// leaves nothing to the others.
func (r *Result) Culprits() []int {
	if len(r.Alone) > 0 {
		return r.Alone
	}
	return r.Together
}

// Replaced reports whether an unreachable policy says what those that cover it
// say already: the first of them that does so alone, or all that do so
// together, have its outcome. Earlier policies may still give some of its
// requests another one, as exceptions to both.
func (a *Analysis) Replaced(p int) bool {
	r := &a.Policies[p]
	deciding := r.Culprits()
	if len(r.Alone) > 0 {
		deciding = r.Alone[:1]
	}
	return !slices.ContainsFunc(deciding, func(q int) bool { return a.outcomes[q] != r.Outcome })
}

// Reach says whether any request gets to a policy.
type Reach uint8

// What is known about the requests of a policy.
const (
	Reachable      Reach = iota // some request is decided by it
	NeverAsked                  // only such that the service isn't asked about
	Unreachable                 // earlier policies cover it
	MatchesNothing              // it matches no request at all
	Unclaimed                   // its pattern isn't regular
	Undecided                   // the budget was used up, or a pattern that isn't regular is in the way
)

// Truth is an answer that may be missing.
type Truth uint8

// The truths.
const (
	Open Truth = iota // not decided
	No
	Yes
)

// doubt is a reason for not deciding that isn't in the list itself.
type Doubt string

// The doubts.
const (
	Starved     Doubt = "starved"     // the budget was used up
	Unconfirmed Doubt = "unconfirmed" // the plain law doesn't agree, which would be a fault of the proof
)

// Slice is a request that two policies match, of which the first decides it.
type Slice struct {
	By      int
	Request policy.Request
}

// Gap is requests that no policy matches.
type Gap struct {
	Request policy.Request
	Clients SIDSet // whose they are
	Passed  bool   // what the server's own check said
	Denies  bool   // some policy denies requests of these clients without a prompt
}

// Analyse finds out what can be proved of a list, in at most about so many
// steps; 0 or less means DefaultBudget. What isn't proved by then is left
// open. It takes a second at most for the largest file, unless the list is of
// a kind that nobody writes.
func Analyse(f *policy.File, steps int) *Analysis {
	a := newAnalysis(steps, f)
	a.File, a.Policies = f, make([]Result, len(f.Policies))
	for p := range a.Policies {
		a.Policies[p].Outcome = a.outcomes[p]
		a.reach(p)
	}
	a.gaps()
	for p := range a.Policies {
		switch a.Policies[p].Reach {
		case Unreachable:
			a.blame(p)
			a.loss(p)
			a.Policies[p].Safe = a.safeCover(p)
		case NeverAsked:
			a.blame(p)
		case Reachable:
			a.prover.starved = false
			a.redundant(p)
			a.takers(p)
			if a.prover.starved {
				a.Policies[p].Doubt = Starved
			}
		}
	}
	return a
}

// newAnalysis prepares the lists for questions. Places of the second list
// follow those of the first.
func newAnalysis(steps int, files ...*policy.File) *Analysis {
	a := &Analysis{
		space:    newSpace(len(files) > 1, files...),
		forms:    &forms{},
		prover:   prover{budget: newBudget(steps)},
		contains: map[[2]int]verdict{},
	}
	a.Budget = a.prover.budget.pool
	n := len(a.space.policies)
	a.meets, a.odd = make([]set, n), newSet(n)
	for _, f := range files {
		for i := range f.Policies {
			a.patterns = append(a.patterns, a.forms.of(f.Policies[i].Destination))
			a.outcomes = append(a.outcomes, OutcomeOf(f, &f.Policies[i]))
			if n := len(a.patterns) - 1; a.patterns[n] == nil {
				a.odd.add(n)
			}
		}
	}
	return a
}

// Witness returns a request that the policy decides, and whether the
// first-match rule confirms it. It returns false unless the policy is Reachable
// or NeverAsked.
func (a *Analysis) Witness(p int) (policy.Request, bool) {
	r := &a.Policies[p]
	if r.Reach != Reachable && r.Reach != NeverAsked {
		return policy.Request{}, false
	}
	return r.found.request, a.File.Decide(r.found.request) == p
}

// text gives a text of these letters.
func (a *Analysis) text(letters []wildcard.Letter) policy.Text {
	return a.forms.alphabet.Render(letters)
}

// holds reports whether every string of f is one of g.
func (a *Analysis) holds(g, f *form) verdict {
	switch {
	case f == g || g == everything:
		return covered
	case !f.mayHold(everything, g):
		return escaped
	}
	key := [2]int{f.id, g.id}
	if v, ok := a.contains[key]; ok {
		return v
	}
	v := a.prover.escape(f, everything, []*form{g}).verdict
	a.contains[key] = v
	return v
}

// mayMeet gives the policies that may match a destination that p matches too,
// whatever the client. Those that aren't regular may.
func (a *Analysis) mayMeet(p int) set {
	if a.meets[p] == nil {
		a.meets[p] = newSet(len(a.patterns))
		for q, f := range a.patterns {
			if f == nil || a.patterns[p] == nil || a.patterns[p].mayMeet(f) {
				a.meets[p].add(q)
			}
		}
	}
	return a.meets[p]
}

// formsIn appends the forms of the policies of a set, from lo up to but not
// including hi; nil for what isn't regular.
func (a *Analysis) formsIn(buf []*form, s set, lo, hi int) []*form {
	s.each(lo, hi, func(p int) bool {
		buf = append(buf, a.patterns[p])
		return true
	})
	return buf
}

// irregularHit gives the policies that aren't regular and match a request
// before hi.
func (a *Analysis) irregularHit(g *group, text policy.Text, hi int) []int {
	var out []int
	a.odd.each(0, hi, func(p int) bool {
		if g.sees.has(p) && wildcard.Match(a.space.policies[p].Destination, text) {
			out = append(out, p)
		}
		return true
	})
	return out
}

// confirm reports whether the plain law gives the request to the policy, -1
// being the default policy. It is slow, and costs the budget accordingly.
func (a *Analysis) confirm(r policy.Request, decider int) bool {
	const stepsPerPolicy = 32
	n := decider
	if n < 0 {
		n = len(a.File.Policies)
	}
	a.prover.budget.spend(n * stepsPerPolicy)
	return a.File.Decide(r) == decider
}

// merge adds numbers to a sorted list without repeating any.
func merge(list, more []int) []int {
	list = append(list, more...)
	slices.Sort(list)
	return slices.Compact(list)
}
