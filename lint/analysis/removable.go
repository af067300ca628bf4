package analysis

import (
	"slices"

	"ups/policy"
)

// An edit must keep every decision, be the destination regular or not, which is
// more than the rest of the analysis proves. What is needed here is known of
// patterns that are ASCII (docs/matching.md, Where it is a textbook glob, 3): of
// any text they never match more than the textbook, and less in two cases only.
// In D1 the text begins with a mark and the pattern with a wildcard, but then no
// other ASCII pattern matches the text either. D2 needs something after the
// pattern's last star.

// includesAll reports whether q matches every text that p matches. It may
// return false although it does.
func (e *engine) includesAll(q, p int) bool {
	outer, inner := e.policies[q].Destination, e.policies[p].Destination
	switch {
	case slices.Equal(outer, inner):
		return true
	case !isASCII(outer) || !isASCII(inner) || e.includes(e.patterns[q], e.patterns[p]) != included:
		return false
	}
	return !slices.Contains(outer, '*') || outer[len(outer)-1] == '*'
}

// disjoint reports whether no text is matched by both. It may return false
// although none is.
func (e *engine) disjoint(q, p int) bool {
	return isASCII(e.policies[q].Destination) && isASCII(e.policies[p].Destination) &&
		e.prover.includes(e.patterns[q], e.patterns[p], nil).status == included
}

func isASCII(t policy.Text) bool {
	return !slices.ContainsFunc(t, func(u uint16) bool { return u >= 0x80 })
}

// coverIsRemovable reports whether one policy alone covers another for all
// texts.
func (r *Result) coverIsRemovable(p int) bool {
	return slices.ContainsFunc(r.Policies[p].CoveredBy, func(q int) bool { return r.includesAll(q, p) })
}

// redundantIsRemovable reports whether all that a policy decides has the same
// outcome without it, for all texts: because no policy that follows, up to one
// that matches all of it, has another outcome and can match the same. This still
// holds when others of which it was said have been taken out as well.
func (r *Result) redundantIsRemovable(p int) bool {
	for k := p + 1; k < len(r.Policies); k++ {
		if r.outcomes[k] != r.outcomes[p] {
			if !r.disjoint(k, p) {
				return false
			}
			continue
		}
		if r.groupsOf[p].within(r.groupsOf[k]) && r.includesAll(k, p) {
			return true
		}
	}
	return r.outcome(-1) == r.outcomes[p]
}
