package index

import (
	"bytes"

	"ups/internal/wildcard"
)

// pattern is a regular pattern in codes, and for whom it is. A run of its
// wildcards has the form `???*`.
type pattern struct {
	owners
	shape   shape
	head    uint8 // length of the literal before the first wildcard, of a general pattern
	tail    uint8 // and of the one behind the last
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
	default:
		p.head, p.tail = uint8(literalLen(codes)), uint8(trailing(codes))
	}
	return p
}

// trailing is the length of the literal run at the end.
func trailing(codes []byte) int {
	n := 0
	for n < len(codes) && codes[len(codes)-1-n] < codeAny {
		n++
	}
	return n
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
	return p.matchGeneral(text)
}

// matchGeneral looks at both ends first: they tell most patterns apart.
func (p *pattern) matchGeneral(text []byte) bool {
	head, tail := int(p.head), len(p.codes)-int(p.tail)
	if len(text) < head+int(p.tail) || !bytes.HasPrefix(text, p.codes[:head]) || !bytes.HasSuffix(text, p.codes[tail:]) {
		return false
	}
	return glob(p.codes[head:tail], text[head:len(text)-int(p.tail)])
}

// fits reports whether a pattern of wildcards matches texts of n letters.
func (p *pattern) fits(n int) bool {
	last := len(p.codes) - 1
	return n == last+1 || n >= last && p.codes[last] == codeStar
}

// glob matches as the textbook does: after a mismatch the last star takes
// letters up to the next that may be what follows it.
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
			if star < len(codes) && codes[star] < codeAny {
				next := bytes.IndexByte(text[taken:], codes[star])
				if next < 0 {
					return false
				}
				taken += next
			}
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
