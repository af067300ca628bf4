package analysis

import (
	"math/bits"

	"ups/internal/wildcard"
)

// machine is many forms side by side, each a nondeterministic automaton whose
// positions are a field of bits. A state of the machine is the positions that
// each has reached after the same string.
type machine struct {
	words  int
	start  []uint64
	loops  []uint64
	accept []uint64
	any    []uint64   // positions that every letter leads out of
	lits   [][]uint64 // positions that a letter leads out of, by its slot
	first  []int32    // of each bit: the first of its field
	owner  []int32    // of each bit: which form it belongs to
	slots  []int32    // of letters: 0 for none, else one more than the place in lits
	known  []wildcard.Letter
}

// load fills the machine. Letters that aren't in alphabet will never be asked
// for, so what they lead to is left out.
func (m *machine) load(alphabet [2]*form, avoid []*form) {
	size := 0
	for _, f := range avoid {
		size += len(f.loops)
	}
	m.words = (size + 63) / 64
	m.loadLetters(alphabet)
	m.first, m.owner = m.first[:0], m.owner[:0]
	for i, f := range avoid {
		m.loadForm(int32(i), f)
	}
	for _, lits := range m.lits {
		for i := range lits {
			lits[i] |= m.any[i]
		}
	}
}

func (m *machine) loadLetters(alphabet [2]*form) {
	m.start, m.loops = m.cleared(m.start), m.cleared(m.loops)
	m.accept, m.any = m.cleared(m.accept), m.cleared(m.any)
	for _, l := range m.known {
		m.slots[l] = 0
	}
	m.known = m.known[:0]
	for _, f := range alphabet {
		for _, e := range f.elems {
			if e.Kind == wildcard.Lit && m.slot(e.Letter) < 0 {
				m.learn(e.Letter)
			}
		}
	}
	for len(m.lits) < len(m.known) {
		m.lits = append(m.lits, nil)
	}
	m.lits = m.lits[:len(m.known)]
	for i := range m.lits {
		m.lits[i] = m.cleared(m.lits[i])
	}
}

// slot gives the place of a letter in lits, or -1.
func (m *machine) slot(l wildcard.Letter) int {
	if int(l) >= len(m.slots) {
		return -1
	}
	return int(m.slots[l]) - 1
}

func (m *machine) learn(l wildcard.Letter) {
	for int(l) >= len(m.slots) {
		m.slots = append(m.slots, 0)
	}
	m.known = append(m.known, l)
	m.slots[l] = int32(len(m.known))
}

func (m *machine) cleared(s []uint64) []uint64 {
	if cap(s) < m.words {
		return make([]uint64, m.words)
	}
	s = s[:m.words]
	clear(s)
	return s
}

func (m *machine) loadForm(owner int32, f *form) {
	first := len(m.first)
	set(m.start).add(first)
	for i, loops := range f.loops {
		bit := first + i
		m.first = append(m.first, int32(first))
		m.owner = append(m.owner, owner)
		if loops {
			set(m.loops).add(bit)
		}
		switch {
		case i == len(f.elems):
			set(m.accept).add(bit)
		case f.elems[i].Kind == wildcard.Any:
			set(m.any).add(bit)
		default:
			if slot := m.slot(f.elems[i].Letter); slot >= 0 {
				set(m.lits[slot]).add(bit)
			}
		}
	}
}

// step gives the state after one letter more. Nothing leads out of the last
// position of a field, so no bit moves from one field to the next.
//
// Positions before one that has a star are dropped: whatever is matched from
// there has to pass the star, and so is matched from the star as well.
func (m *machine) step(dst, src []uint64, l wildcard.Letter) {
	out := m.any
	if slot := m.slot(l); slot >= 0 {
		out = m.lits[slot]
	}
	carry := uint64(0)
	for i := range dst {
		moved := src[i] & out[i]
		dst[i] = src[i]&m.loops[i] | moved<<1 | carry
		carry = moved >> 63
	}
	for i := range dst {
		for fresh := dst[i] & m.loops[i] &^ src[i]; fresh != 0; fresh &= fresh - 1 {
			bit := i*64 + bits.TrailingZeros64(fresh)
			drop(dst, int(m.first[bit]), bit)
		}
	}
}

// drop removes the bits from lo up to but not including hi.
func drop(s []uint64, lo, hi int) {
	for lo < hi {
		end := min(hi, (lo/64+1)*64)
		s[lo/64] &^= (^uint64(0) >> (64 - (end - lo))) << (lo % 64)
		lo = end
	}
}

// accepted gives a form that matches the string, one of the used if possible,
// or -1. With forever it must match all that begin with the string too.
func (m *machine) accepted(s []uint64, used []bool, forever bool) int {
	found := -1
	for i, w := range s {
		w &= m.accept[i]
		if forever {
			w &= m.loops[i]
		}
		for ; w != 0; w &= w - 1 {
			owner := int(m.owner[i*64+bits.TrailingZeros64(w)])
			if used[owner] {
				return owner
			}
			found = owner
		}
	}
	return found
}
