package model

import (
	"ups/internal/wildcard"
	"ups/policy"
)

// includes reports whether outer surely matches all that inner does: it matches
// inner itself, whose wildcards only a wildcard of outer can stand for. That is
// sound, and misses only what nobody writes (`?*` within `*?`). Patterns that
// aren't regular include nothing.
func includes(outer, inner *branch) bool {
	if !outer.regular || !inner.regular {
		return false
	}
	p, q := outer.folded, inner.folded
	i, star, taken := 0, -1, 0
	for k := 0; k < len(q); {
		switch {
		case i < len(p) && p[i] == '*':
			star, taken = i, k
			i++
		case i < len(p) && stands(p[i], q[k]):
			i, k = i+1, k+1
		case star >= 0:
			taken++
			i, k = star+1, taken
		default:
			return false
		}
	}
	for i < len(p) && p[i] == '*' {
		i++
	}
	return i == len(p)
}

// stands reports whether a letter of a pattern, no star, stands for one of
// another.
func stands(p, q wildcard.Letter) bool { return p == q || p == '?' && q != '*' }

// letterBase is above the wildcards, which are letters too here.
const letterBase = 1 << 8

// fold returns a pattern in letters, so that what folds alike is the same. It
// returns false for one that isn't regular.
func fold(alphabet *wildcard.Alphabet, pattern policy.Text) ([]wildcard.Letter, bool) {
	glob, regular := alphabet.Glob(pattern)
	if !regular {
		return nil, false
	}
	var folded []wildcard.Letter
	for i, star := range glob.Stars {
		if star {
			folded = append(folded, '*')
		}
		switch {
		case i == len(glob.Letters):
		case glob.Letters[i] == wildcard.Other:
			folded = append(folded, '?')
		default:
			folded = append(folded, letterBase+glob.Letters[i])
		}
	}
	return folded, true
}
