package wildcard

// A pattern needs elements that a text may not have. To look for that takes
// three operations, where the definition takes a search for each section.

// Match equals the function Match for the pattern and the text. It takes time
// of at most O(|pattern| · (|text| / 64 + log |pattern|)) once the text has been
// asked about by a few patterns, and O(|text|) to come to that. It doesn't
// allocate before, unless it has to put more than 16 marks in order.
func (p *Prepared) Match(t *Decoded) bool {
	if !t.has.all(&p.needs) {
		return false
	}
	if t.places == nil {
		if t.steps < fewSteps && p.length*len(t.items) < manySteps {
			return p.match(t)
		}
		t.places = newPlaces(t)
	}
	return t.places.match(p, t)
}

const (
	fewSteps  = 1 << 15 // by the definition, after which places are worth it
	manySteps = 1 << 18 // that one pattern may not take by the definition
)

// MayMatchASCII reports whether any ASCII text could match: none does if the
// pattern has an element that isn't ASCII.
func (p *Prepared) MayMatchASCII() bool { return p.needs[othersOfSet] == 0 }

// elementSet is a set of elements: each bit of the first two words is for an
// ASCII character, and each of the last for many others.
//
// No text matches a pattern unless its set has all that the pattern's set has.
// For steps 3 and 4 of MATCH come before all that is lenient, and ask SECTION
// of each section of the pattern. It asks CONSUME of each literal, which
// passes every element e of it by (b) or by (d): then the text has an element f
// with e ≈ f or val(e) = val(f). Both are in the same place of a set, since Ψ,
// 03B9 and 0345 share one. (A literal that is empty has no elements, and what
// dec drops is in neither set: D5 and D12.)
type elementSet [3]uint64

const othersOfSet = 2

func (s *elementSet) add(e element) {
	if e < firstOutsideASCII {
		s[e/64] |= 1 << (e % 64)
		return
	}
	if e == psi || e == mark0345 {
		e = iota03B9
	}
	// Any odd number with bits all over it does; this is 2^32 by the golden ratio.
	s[othersOfSet] |= 1 << (uint32(e) * 0x9E3779B1 >> 26)
}

// all reports whether s has all that other has.
func (s *elementSet) all(other *elementSet) bool {
	return other[0]&^s[0]|other[1]&^s[1]|other[2]&^s[2] == 0
}

func needsOf(sections []section) (length int, needs elementSet) {
	for _, s := range sections {
		for _, lit := range s {
			length += len(lit)
			for _, e := range lit {
				needs.add(e)
			}
		}
	}
	return length, needs
}
