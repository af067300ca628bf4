package analysis

import (
	"slices"

	"ups/policy"
)

// An edit must keep every decision, be the destination regular or not, which
// is more than the analysis proves. What is needed here is known of patterns
// that are ASCII (docs/matching.md, Where it is a textbook glob, 3): of any text
// they never match more than the textbook, and less in two cases only. In D1
// the text begins with a mark and the pattern with a wildcard, but then no
// other ASCII pattern matches the text either. D2 needs something behind the
// pattern's last star.

// surely reports whether q matches every text that p matches. It may give
// false although it does.
func (a *Analysis) surely(q, p int) bool {
	outer, inner := a.File.Policies[q].Destination, a.File.Policies[p].Destination
	switch {
	case slices.Equal(outer, inner):
		return true
	case !isASCII(outer) || !isASCII(inner) || a.holds(a.patterns[q], a.patterns[p]) != covered:
		return false
	}
	return !slices.Contains(outer, '*') || outer[len(outer)-1] == '*'
}

// never reports whether no text is matched by both. It may give false although
// none is.
func (a *Analysis) never(q, p int) bool {
	return isASCII(a.File.Policies[q].Destination) && isASCII(a.File.Policies[p].Destination) &&
		a.prover.escape(a.patterns[q], a.patterns[p], nil).verdict == covered
}

func isASCII(t policy.Text) bool {
	return !slices.ContainsFunc(t, func(u uint16) bool { return u >= 0x80 })
}

// safeCover reports whether one policy alone covers another for all texts.
func (a *Analysis) safeCover(p int) bool {
	return slices.ContainsFunc(a.Policies[p].Alone, func(q int) bool { return a.surely(q, p) })
}

// safeHeir reports whether all that a policy decides gets the same outcome
// without it, for all texts: because no policy that follows, up to one that
// takes all of it, has another outcome and can match the same. This still
// holds when others of which it was said have been taken out as well.
func (a *Analysis) safeHeir(p int) bool {
	for k := p + 1; k < len(a.Policies); k++ {
		if a.outcomes[k] != a.outcomes[p] {
			if !a.never(k, p) {
				return false
			}
			continue
		}
		if a.space.seenBy[p].within(a.space.seenBy[k]) && a.surely(k, p) {
			return true
		}
	}
	return a.outcome(-1) == a.outcomes[p]
}
