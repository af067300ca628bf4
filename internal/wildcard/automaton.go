package wildcard

import (
	"math/bits"
	"slices"
)

// Automaton matches one text with many globs at once. It is a shift-and
// automaton (Baeza-Yates and Gonnet 1992; Navarro and Raffinot 2002 for
// wildcards): nondeterministic, with a bit for each position of each glob, so
// that a step is a few operations on words, whatever the letter. It accepts the
// letters of a regular text for a glob exactly if Match lets its pattern match
// that text.
//
// Only Load changes it. It reuses memory.
type Automaton struct {
	words    int
	start    States
	stars    States   // states at which a star stands
	accept   States   // the last state of each glob
	any      States   // states that every letter leads out of
	literals []States // states that a letter leads out of, by its slot
	slots    []int32  // of letters: 0 for none, else one more than the place in literals
	letters  []Letter // that have a slot
	first    []int32  // of each glob: its first state
	glob     []int32  // of each state: its glob
}

// States is a set of states of an automaton.
type States []uint64

// NewAutomaton makes the automaton of some globs.
func NewAutomaton(globs ...Glob) *Automaton {
	a, letters := &Automaton{}, make([][]Letter, len(globs))
	for i, g := range globs {
		letters[i] = g.Letters
	}
	a.Load(globs, letters...)
	return a
}

// Load makes a the automaton of other globs. Of letters that aren't among those
// given, a takes for granted that they stand in no glob.
func (a *Automaton) Load(globs []Glob, letters ...[]Letter) {
	states := 0
	for _, g := range globs {
		states += len(g.Stars)
	}
	a.words = (states + 63) / 64
	for _, s := range []*States{&a.start, &a.stars, &a.accept, &a.any} {
		*s = a.cleared(*s)
	}
	a.loadLetters(letters)
	a.first, a.glob = a.first[:0], slices.Grow(a.glob[:0], states)
	for _, g := range globs {
		a.add(g)
	}
}

func (a *Automaton) loadLetters(lists [][]Letter) {
	for _, l := range a.letters {
		a.slots[l] = 0
	}
	a.letters = a.letters[:0]
	for _, list := range lists {
		for _, l := range list {
			if l != Other && a.slot(l) < 0 {
				a.addLetter(l)
			}
		}
	}
	for len(a.literals) < len(a.letters) {
		a.literals = append(a.literals, nil)
	}
	for i := range a.letters {
		a.literals[i] = a.cleared(a.literals[i])
	}
}

// slot returns the place of a letter in literals, or -1.
func (a *Automaton) slot(l Letter) int {
	if int(l) >= len(a.slots) {
		return -1
	}
	return int(a.slots[l]) - 1
}

func (a *Automaton) addLetter(l Letter) {
	for int(l) >= len(a.slots) {
		a.slots = append(a.slots, 0)
	}
	a.letters = append(a.letters, l)
	a.slots[l] = int32(len(a.letters))
}

func (a *Automaton) cleared(s States) States {
	if cap(s) < a.words {
		return a.NewStates()
	}
	s = s[:a.words]
	clear(s)
	return s
}

func (a *Automaton) add(g Glob) {
	glob, first := int32(len(a.first)), len(a.glob)
	a.first = append(a.first, int32(first))
	a.start.add(first)
	for pos, star := range g.Stars {
		state := first + pos
		a.glob = append(a.glob, glob)
		if star {
			a.stars.add(state)
		}
		switch {
		case pos == len(g.Letters):
			a.accept.add(state)
		case g.Letters[pos] == Other:
			a.any.add(state)
		default:
			if slot := a.slot(g.Letters[pos]); slot >= 0 {
				a.literals[slot].add(state)
			}
		}
	}
}

// Len is the number of states.
func (a *Automaton) Len() int { return len(a.glob) }

// NewStates returns an empty set of states.
func (a *Automaton) NewStates() States { return make(States, a.words) }

// Start returns the states before the first letter, which must not be changed.
func (a *Automaton) Start() States { return a.start }

// Step sets dst to the states after one letter more; dst may be src. Nothing
// leads out of the last state of a glob, so no bit moves from one to the next.
func (a *Automaton) Step(dst, src States, l Letter) {
	literal := a.any
	if slot := a.slot(l); slot >= 0 {
		literal = a.literals[slot]
	}
	carry := uint64(0)
	for i := range dst {
		moved := src[i] & (literal[i] | a.any[i])
		dst[i] = src[i]&a.stars[i] | moved<<1 | carry
		carry = moved >> 63
	}
}

// Prune drops states that make no difference from those that a step has led to
// from src: those of a glob before a state that has a star. For whatever is
// matched from there has to pass the star, and so is matched from the star as
// well.
func (a *Automaton) Prune(dst, src States) {
	for i := range dst {
		for fresh := dst[i] & a.stars[i] &^ src[i]; fresh != 0; fresh &= fresh - 1 {
			state := i*64 + bits.TrailingZeros64(fresh)
			dst.drop(int(a.first[a.glob[state]]), state)
		}
	}
}

// Accepting calls yield with each glob that the states accept for. With forever
// these are only the globs that accept whatever may follow, too.
func (a *Automaton) Accepting(s States, forever bool, yield func(glob int) bool) {
	for i, w := range s {
		w &= a.accept[i]
		if forever {
			w &= a.stars[i]
		}
		for ; w != 0; w &= w - 1 {
			if !yield(int(a.glob[i*64+bits.TrailingZeros64(w)])) {
				return
			}
		}
	}
}

// Empty reports whether there are no states. Then nothing that follows can be
// matched.
func (s States) Empty() bool {
	for _, w := range s {
		if w != 0 {
			return false
		}
	}
	return true
}

func (s States) add(n int) { s[n/64] |= 1 << (n % 64) }

// drop removes the states from lo up to but not including hi.
func (s States) drop(lo, hi int) {
	for lo < hi {
		end := min(hi, (lo/64+1)*64)
		s[lo/64] &^= (^uint64(0) >> (64 - (end - lo))) << (lo % 64)
		lo = end
	}
}
