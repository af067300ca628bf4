package wildcard

import "slices"

// Pattern is a compiled pattern. It is safe for use by many goroutines.
type Pattern struct {
	source  []uint16
	program []op
	regular bool
	law     *Prepared // of a pattern that isn't regular
}

// An op is a wildcard, or an element of a folded grapheme: of its base, or of
// a mark on it if the bit onBase is set.
type op int32

const (
	opAny  op = -1 // one grapheme
	opStar op = -2 // any number of them

	onBase op = 1 << 30
)

// Compile prepares a pattern, in UTF-16 units, for matching many texts. Any
// input is legal. The pattern is copied.
func Compile(pattern []uint16) *Pattern {
	p := &Pattern{source: slices.Clone(pattern), regular: Regular(pattern)}
	if p.regular {
		p.program = program(pattern)
	} else {
		law := Prepare(pattern)
		p.law = &law
	}
	return p
}

// Match equals the function Match for every text, in UTF-16 units. If the
// pattern and the text are regular it doesn't allocate, and takes time of at
// most O(|pattern| · |text|).
func (p *Pattern) Match(text []uint16) bool {
	if p.regular && RegularText(text) {
		return glob(p.program, text)
	}
	if p.regular {
		return Match(p.source, text)
	}
	t := Decode(text)
	return p.law.Match(&t)
}

// Regular reports whether the pattern is regular.
func (p *Pattern) Regular() bool { return p.regular }

// program compiles a regular pattern.
func program(pattern []uint16) []op {
	ops := make([]op, 0, len(pattern))
	for _, u := range pattern {
		switch u {
		case '*':
			ops = append(ops, opStar)
		case '?':
			ops = append(ops, opAny)
		default:
			ops = appendOps(ops, rune(u))
		}
	}
	return ops
}

// maxElements is the most elements that a character has.
const maxElements = 4

// appendOps appends the elements of c. Only the first element of a base
// character begins a grapheme.
func appendOps(ops []op, c rune) []op {
	first := op(0)
	if !isBase(c) {
		first = onBase
	}
	p := properties(c)
	if p.length == 0 {
		return append(ops, op(c)|first)
	}
	for _, f := range p.folded() {
		ops = append(ops, op(f)|first)
		first = onBase
	}
	return ops
}

// glob matches a regular text as the textbook does, grapheme by grapheme:
// after a mismatch the last star takes one grapheme more.
func glob(ops []op, text []uint16) bool {
	i, k := 0, 0
	star, taken := -1, 0 // the op after the last star, and how far that star reaches
	for i < len(text) {
		if k < len(ops) && ops[k] == opStar {
			k++
			star, taken = k, i
			continue
		}
		if nextOp, next := step(ops, k, text, i); next > i {
			k, i = nextOp, next
			continue
		}
		if star < 0 {
			return false
		}
		taken = skipGrapheme(text, taken)
		k, i = star, taken
	}
	for k < len(ops) && ops[k] == opStar {
		k++
	}
	return k == len(ops)
}

// step matches the op, or the grapheme of ops, at k with the grapheme at i, and
// gives what follows each; i itself if they differ. Marks of ops that the text
// doesn't have stay behind: no base character and no wildcard equals them.
func step(ops []op, k int, text []uint16, i int) (nextOp, next int) {
	switch {
	case k == len(ops):
		return k, i
	case ops[k] == opAny:
		return k + 1, skipGrapheme(text, i)
	case isPlain(text, i):
		if ops[k] != op(asciiFold(text[i])) {
			return k, i
		}
		return k + 1, i + 1
	}
	return stepGrapheme(ops, k, text, i)
}

// stepGrapheme is step for a grapheme that isn't an ASCII character alone.
func stepGrapheme(ops []op, k int, text []uint16, i int) (nextOp, next int) {
	var elements [maxElements]op
	for n := i; ; n++ {
		if n == len(text) || n > i && isBase(rune(text[n])) {
			return k, n
		}
		for _, e := range appendOps(elements[:0], rune(text[n])) {
			if k == len(ops) || ops[k] != e {
				return k, i
			}
			k++
		}
	}
}

// isPlain reports whether the grapheme at i is an ASCII character alone.
func isPlain(text []uint16, i int) bool {
	return text[i] < firstOutsideASCII && (i+1 == len(text) || text[i+1] < firstMark || isBase(rune(text[i+1])))
}

// asciiFold is F of an ASCII character.
func asciiFold(u uint16) uint16 {
	if 'A' <= u && u <= 'Z' {
		return u + 'a' - 'A'
	}
	return u
}

// skipGrapheme gives the end of the grapheme at i of a regular text.
func skipGrapheme(text []uint16, i int) int {
	for i++; i < len(text) && text[i] >= firstMark && !isBase(rune(text[i])); i++ {
	}
	return i
}
