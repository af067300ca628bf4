package analysis

import (
	"ups/internal/wildcard"
	"ups/policy"
)

// findRedundant finds out whether the list decides the same without a Reachable
// policy. Where it doesn't, no witness is shown.
func (r *Result) findRedundant(p int) {
	result, n := &r.Policies[p], len(r.Policies)
	result.Fallback = r.fallback(p)
	if r.outcome(result.Fallback) != result.Outcome {
		result.Redundant = No
		return
	}
	q := &question{
		form: r.patterns[p], base: interval{0, p}, list: interval{p + 1, n},
		want: result.Outcome, rest: r.outcome(-1), proofs: proofs{},
	}
	q.confirm = func(g *group, request policy.Request, _ int) bool {
		return len(r.irregularMatches(g, request.Destination, n)) == 0
	}
	switch r.differsAnywhere(p, q) {
	case Yes:
		result.Redundant = No
	case No:
		if !r.confirm(result.Witness, p) {
			result.Doubt = Unconfirmed
			return
		}
		result.Redundant, result.Removable = Yes, r.redundantIsRemovable(p)
	}
}

// fallback returns the policy that would decide the witness of one, were that
// not there.
func (r *Result) fallback(p int) int {
	found := r.Policies[p].found
	for k := range found.group.visible.in(interval{p + 1, len(r.Policies)}) {
		matches := false
		if f := r.patterns[k]; f != nil {
			matches = f.Match(found.letters)
		} else {
			matches = wildcard.Match(r.policies[k].Destination, found.request.Destination)
		}
		if matches {
			return k
		}
	}
	return -1
}
