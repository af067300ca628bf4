package wildcard

// Glob is a regular pattern over letters.
type Glob []Elem

// Elem is one element of a Glob.
type Elem struct {
	Kind   ElemKind
	Letter Letter // of a Lit; else Other
}

// ElemKind says what an element of a Glob matches.
type ElemKind uint8

// The kinds of elements.
const (
	Lit  ElemKind = iota // the one letter
	Any                  // any one letter
	Star                 // any number of letters
)

// Glob gives a pattern over letters, and adds its graphemes to the alphabet.
// It fails, and adds nothing, if the pattern isn't regular. A run of wildcards
// is brought to the form `???*`: all of its Any first, then at most one Star,
// which means the same.
func (a *Alphabet) Glob(pattern []uint16) (Glob, bool) {
	if !Regular(pattern) {
		return nil, false
	}
	var b globBuilder
	for i := 0; i < len(pattern); {
		if isWildcard(pattern[i]) {
			b.wildcard(pattern[i])
			i++
			continue
		}
		end := skipGrapheme(pattern, i)
		b.flush()
		b.glob = append(b.glob, Elem{Lit, a.intern(pattern[i:end])})
		i = end
	}
	b.flush()
	return b.glob, true
}

// globBuilder holds back the star of a run of wildcards until its end.
type globBuilder struct {
	glob Glob
	star bool
}

func (b *globBuilder) wildcard(u uint16) {
	if u == '*' {
		b.star = true
		return
	}
	b.glob = append(b.glob, Elem{Kind: Any})
}

func (b *globBuilder) flush() {
	if b.star {
		b.glob = append(b.glob, Elem{Kind: Star})
		b.star = false
	}
}
