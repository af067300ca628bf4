package runtime

import (
	"bytes"

	"ups/internal/wildcard"
)

// pattern is a regular pattern in codes, and for whom it is. A run of its
// wildcards has the form `???*`.
type pattern struct {
	owners
	shape   shape
	codes   []byte
	literal []byte // of a head, tail or inner
}

// irregular is a pattern that isn't regular. No two share one, as they are rare.
type irregular struct {
	owners // one policy
	wildcard.Prepared
}

// shape is what a pattern looks like, where that makes matching simple.
type shape uint8

const (
	shapeGeneral shape = iota
	shapeExact         // lit
	shapeHead          // lit*
	shapeTail          // *lit
	shapeInner         // *lit*
	shapeBlank         // no literal at all
)

func newPattern(codes []byte) pattern {
	p := pattern{codes: codes}
	lits := literals(codes)
	if len(lits) > 0 {
		p.literal = lits[0]
	}
	switch stars := len(codes) - len(p.literal); {
	case stars == 0:
		p.shape = shapeExact
	case len(lits) == 0:
		p.shape = shapeBlank
	case stars == 1 && codes[0] == codeStar:
		p.shape = shapeTail
	case stars == 1 && codes[len(codes)-1] == codeStar:
		p.shape = shapeHead
	case stars == 2 && codes[0] == codeStar && codes[len(codes)-1] == codeStar:
		p.shape = shapeInner
	}
	return p
}

// match reports whether the pattern matches the codes of a text.
func (p *pattern) match(text []byte) bool {
	switch p.shape {
	case shapeExact:
		return bytes.Equal(text, p.codes)
	case shapeHead:
		return bytes.HasPrefix(text, p.literal)
	case shapeTail:
		return bytes.HasSuffix(text, p.literal)
	case shapeInner:
		return bytes.Contains(text, p.literal)
	case shapeBlank:
		return p.fits(len(text))
	}
	return glob(p.codes, text)
}

// fits reports whether a pattern of wildcards matches texts of n letters.
func (p *pattern) fits(n int) bool {
	last := len(p.codes) - 1
	return n == last+1 || n >= last && p.codes[last] == codeStar
}

// glob matches as the textbook does: after a mismatch the last star takes one
// letter more.
func glob(codes, text []byte) bool {
	i, k := 0, 0
	star, taken := -1, 0 // the place after the last star, and how far that star reaches
	for i < len(text) {
		switch {
		case k < len(codes) && codes[k] == codeStar:
			k++
			star, taken = k, i
		case k < len(codes) && (codes[k] == codeAny || codes[k] == text[i]):
			k++
			i++
		case star < 0:
			return false
		default:
			taken++
			k, i = star, taken
		}
	}
	return k == len(codes) || k == len(codes)-1 && codes[k] == codeStar
}

// literals gives the literal runs of a pattern, none of them empty.
func literals(codes []byte) (list [][]byte) {
	for len(codes) > 0 {
		n := literalLen(codes)
		if n > 0 {
			list = append(list, codes[:n])
		}
		codes = codes[min(n+1, len(codes)):]
	}
	return list
}

// literalLen is the length of the literal run in front.
func literalLen(codes []byte) int {
	for i, c := range codes {
		if c >= codeAny {
			return i
		}
	}
	return len(codes)
}
