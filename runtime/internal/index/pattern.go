package index

import (
	"bytes"

	"ups/internal/wildcard"
)

// pattern is a pattern that policies have, and those policies.
type pattern struct {
	clients
	codes    []byte // of a regular pattern, with wildcards in the form `???*`
	stars    int
	head     int                // where the first star stands; len(codes) without one
	tail     int                // after the last star; len(codes) without one
	any      bool               // there is a `?`
	cost     int32              // of a match, see maxCost
	prepared *wildcard.Prepared // of a pattern that isn't ASCII
}

func newPattern(destination []uint16) pattern {
	p := pattern{cost: 1}
	if textKindOf(destination) != ascii {
		prepared := wildcard.Prepare(destination)
		p.prepared = &prepared
	}
	if !wildcard.Regular(destination) {
		return p
	}
	p.codes = codesOf(destination)
	p.head, p.tail = len(p.codes), len(p.codes)
	if p.stars = bytes.Count(p.codes, star); p.stars > 0 {
		p.head, p.tail = bytes.IndexByte(p.codes, codeStar), bytes.LastIndexByte(p.codes, codeStar)+1
	}
	if p.any = bytes.IndexByte(p.codes, codeAny) >= 0; p.any {
		p.cost = int32(len(p.codes))
	}
	return p
}

func (p *pattern) regular() bool { return p.codes != nil }

// exact reports whether there is no star and no `?`.
func (p *pattern) exact() bool { return p.stars == 0 && !p.any }

var star = []byte{codeStar}

// match reports whether the pattern matches the codes of a text: what stands
// before the first star and after the last at the ends, and between stars each
// section at the first place where it is found.
func (p *pattern) match(text []byte) bool {
	head, tail := p.codes[:p.head], p.codes[p.tail:]
	if len(text) < len(head)+len(tail) || !p.equal(head, text[:len(head)]) || !p.equal(tail, text[len(text)-len(tail):]) {
		return false
	}
	text = text[len(head) : len(text)-len(tail)]
	switch p.stars {
	case 0:
		return len(text) == 0
	case 1:
		return true
	case 2:
		return p.find(p.codes[p.head+1:p.tail-1], text) >= 0
	}
	return p.matchMiddle(p.codes[p.head+1:p.tail-1], text)
}

// matchMiddle matches what stands between the first star and the last.
func (p *pattern) matchMiddle(codes, text []byte) bool {
	for more := true; more; {
		var section []byte
		section, codes, more = bytes.Cut(codes, star)
		i := p.find(section, text)
		if i < 0 {
			return false
		}
		text = text[i+len(section):]
	}
	return true
}

// find returns the first place of a section in a text, or -1.
func (p *pattern) find(section, text []byte) int {
	if !p.any {
		return bytes.Index(text, section)
	}
	for i := range len(text) - len(section) + 1 {
		if p.equal(section, text[i:i+len(section)]) {
			return i
		}
	}
	return -1
}

// equal compares a section with as many codes.
func (p *pattern) equal(section, text []byte) bool {
	if !p.any {
		return len(section) == 0 || bytes.Equal(section, text)
	}
	for i, c := range section {
		if c != codeAny && c != text[i] {
			return false
		}
	}
	return true
}

// front is the literal that all texts begin with.
func (p *pattern) front() []byte {
	front, _, _ := bytes.Cut(p.codes[:p.head], []byte{codeAny})
	return front
}

// back is the literal after the last wildcard, of a pattern with a star.
func (p *pattern) back() []byte {
	tail := p.codes[p.tail:]
	return tail[bytes.LastIndexByte(tail, codeAny)+1:]
}

// literals calls yield with the literal runs of the pattern, none of them empty.
func (p *pattern) literals(yield func(literal []byte) bool) {
	first := 0
	for i := range len(p.codes) + 1 {
		if i < len(p.codes) && p.codes[i] < codeAny {
			continue
		}
		if i > first && !yield(p.codes[first:i]) {
			return
		}
		first = i + 1
	}
}

// glob returns the pattern for an automaton, with letters that are codes.
func (p *pattern) glob() wildcard.Glob {
	g := wildcard.Glob{Letters: make([]wildcard.Letter, 0, len(p.codes)), Stars: make([]bool, 1, len(p.codes)+1)}
	for _, c := range p.codes {
		switch c {
		case codeStar:
			g.Stars[len(g.Letters)] = true
			continue
		case codeAny:
			g.Letters = append(g.Letters, wildcard.Other)
		default:
			g.Letters = append(g.Letters, letterOf(c))
		}
		g.Stars = append(g.Stars, false)
	}
	return g
}

func letterOf(code byte) wildcard.Letter { return wildcard.Other + 1 + wildcard.Letter(code) }
