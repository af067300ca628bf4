package policy

import (
	"slices"

	"ups/internal/wildcard"
)

// MatchParts says which of the three parts of a match a policy meets for a
// request. It decides the request if it meets all and is the first to do so.
type MatchParts struct {
	SID, Destination, Security bool
	// Reach is how many units of the destination, from its start, the pattern
	// can match before the text that follows makes no difference any more. It
	// is the whole length where the pattern requires more text than there is,
	// and Unknown where pattern or destination isn't regular (docs/matching.md).
	Reach int
}

// Unknown is the Reach where pattern or destination isn't regular.
const Unknown = -1

// Explain looks at all parts of a policy, where Matches stops at the first that
// isn't met.
func (p *Policy) Explain(r Request) MatchParts {
	return MatchParts{
		SID:         p.HasSID(r.SID),
		Destination: wildcard.Match(p.Destination, r.Destination),
		Security:    p.Security.Holds(r.Passed),
		Reach:       reach(p.Destination, r.Destination),
	}
}

// Matches reports whether all parts are met.
func (m MatchParts) Matches() bool { return m.SID && m.Destination && m.Security }

// reach runs the automaton of a pattern over a text until no state is left.
func reach(pattern, text Text) int {
	var alphabet wildcard.Alphabet
	glob, regular := alphabet.Glob(pattern)
	if !regular || !wildcard.RegularText(text) {
		return Unknown
	}
	automaton := wildcard.NewAutomaton(glob)
	states := slices.Clone(automaton.Start())
	for i := 0; i < len(text); {
		letter, end := alphabet.Next(text, i)
		if automaton.Step(states, states, letter); states.Empty() {
			return i
		}
		i = end
	}
	return len(text)
}
