package lint

import (
	"slices"

	"ups/policy"
)

// surely reports whether a pattern q matches every text that p matches, regular
// or not. It knows two cases only: q is the same units, or q is `*` (however
// many of it) and p begins with ASCII. Of all texts `*` misses those alone that
// begin with a mark (matching.md, D1), and no ASCII character matches a mark,
// nor does a wildcard in front.
func surely(q, p policy.Text) bool {
	return slices.Equal(q, p) || isStars(q) && (len(p) == 0 || p[0] < 0x80)
}

// safeCover reports whether one policy alone covers another for all texts.
func (a *Analysis) safeCover(p int) bool {
	return slices.ContainsFunc(a.Policies[p].Alone, func(q int) bool {
		return surely(a.File.Policies[q].Destination, a.File.Policies[p].Destination)
	})
}

// safeHeir reports whether all that a policy decides gets the same outcome
// without it, for all texts: because no policy that follows, up to one that
// takes all of it, has another outcome.
func (a *Analysis) safeHeir(p int) bool {
	for k := p + 1; k < len(a.Policies); k++ {
		if a.outcomes[k] != a.outcomes[p] {
			return false
		}
		if a.space.seenBy[p].within(a.space.seenBy[k]) && surely(a.File.Policies[k].Destination, a.File.Policies[p].Destination) {
			return true
		}
	}
	return a.outcome(-1) == a.outcomes[p]
}
