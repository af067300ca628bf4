package analysis

import (
	"encoding/binary"
	"math/bits"
)

// set is a set of small numbers: policies by place, or groups of requests.
type set []uint64

func newSet(n int) set { return make(set, (n+63)/64) }

// setOf returns the set of some numbers under n.
func setOf(n int, numbers []int) set {
	s := newSet(n)
	for _, i := range numbers {
		s.add(i)
	}
	return s
}

func (s set) has(n int) bool { return s[n/64]>>(n%64)&1 != 0 }

func (s set) add(n int) { s[n/64] |= 1 << (n % 64) }

func (s set) remove(n int) { s[n/64] &^= 1 << (n % 64) }

func (s set) addAll(t set) {
	for i := range s {
		s[i] |= t[i]
	}
}

// addRange adds what is in t of a range.
func (s set) addRange(t set, r places) {
	t.each(r.lo, r.hi, func(n int) bool {
		s.add(n)
		return true
	})
}

func (s set) len() int {
	n := 0
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

func (s set) empty() bool {
	for _, w := range s {
		if w != 0 {
			return false
		}
	}
	return true
}

// within reports whether all of s is in t.
func (s set) within(t set) bool {
	for i := range s {
		if s[i]&^t[i] != 0 {
			return false
		}
	}
	return true
}

// common replaces s with what is in both a and b. All have the same size.
func (s set) common(a, b set) {
	for i := range s {
		s[i] = a[i] & b[i]
	}
}

// each calls f for the numbers from lo up to but not including hi, ascending,
// until f gives false.
func (s set) each(lo, hi int, f func(int) bool) {
	for i := lo / 64; i < len(s) && i*64 < hi; i++ {
		for w := s[i]; w != 0; w &= w - 1 {
			n := i*64 + bits.TrailingZeros64(w)
			if n >= hi {
				return
			}
			if n >= lo && !f(n) {
				return
			}
		}
	}
}

// next returns the first number from lo up to but not including hi, or -1.
func (s set) next(lo, hi int) int {
	found := -1
	s.each(lo, hi, func(n int) bool {
		found = n
		return false
	})
	return found
}

// eachCommon calls f for the numbers that are in both, ascending, until f
// returns false.
func (s set) eachCommon(t set, f func(int) bool) {
	for i := range s {
		for w := s[i] & t[i]; w != 0; w &= w - 1 {
			if !f(i*64 + bits.TrailingZeros64(w)) {
				return
			}
		}
	}
}

// list gives the numbers, ascending.
func (s set) list() []int {
	var out []int
	s.each(0, len(s)*64, func(n int) bool {
		out = append(out, n)
		return true
	})
	return out
}

// pick gives a set of the numbers at these places of the list, which are
// ascending.
func (s set) pick(places []int) set {
	out, place := make(set, len(s)), 0
	s.each(0, len(s)*64, func(n int) bool {
		if len(places) > 0 && place == places[0] {
			out.add(n)
			places = places[1:]
		}
		place++
		return len(places) > 0
	})
	return out
}

// key gives a string that is equal for equal sets.
func (s set) key() string {
	b := make([]byte, 0, len(s)*8)
	for _, w := range s {
		b = binary.LittleEndian.AppendUint64(b, w)
	}
	return string(b)
}
