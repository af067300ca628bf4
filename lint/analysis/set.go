package analysis

import (
	"encoding/binary"
	"iter"
	"math/bits"
	"slices"
)

// set is a set of small numbers: policies by place, or groups of requests. Sets
// that are used together have the same size.
type set []uint64

// interval is the numbers from lo up to but not including hi.
type interval struct{ lo, hi int }

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

// union adds all that is in t.
func (s set) union(t set) {
	for i := range s {
		s[i] |= t[i]
	}
}

// intersect removes all that isn't in t.
func (s set) intersect(t set) {
	for i := range s {
		s[i] &= t[i]
	}
}

// intersection returns what is in both.
func intersection(s, t set) set {
	out := slices.Clone(s)
	out.intersect(t)
	return out
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

// any reports whether some number of an interval is in the set.
func (s set) any(r interval) bool {
	for range s.in(r) {
		return true
	}
	return false
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

// all returns the numbers, ascending.
func (s set) all() iter.Seq[int] { return s.in(interval{0, len(s) * 64}) }

// in returns the numbers of an interval, ascending.
func (s set) in(r interval) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := r.lo / 64; i < len(s) && i*64 < r.hi; i++ {
			for w := s[i]; w != 0; w &= w - 1 {
				n := i*64 + bits.TrailingZeros64(w)
				if n >= r.hi || n >= r.lo && !yield(n) {
					return
				}
			}
		}
	}
}

// common returns the numbers that are in both, ascending.
func (s set) common(t set) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i := range s {
			for w := s[i] & t[i]; w != 0; w &= w - 1 {
				if !yield(i*64 + bits.TrailingZeros64(w)) {
					return
				}
			}
		}
	}
}

// key returns a string that equal sets have in common, and no others.
func (s set) key() string {
	b := make([]byte, 0, len(s)*8)
	for _, w := range s {
		b = binary.LittleEndian.AppendUint64(b, w)
	}
	return string(b)
}

// sortedSet sorts numbers, and drops those that are repeated.
func sortedSet[N int | uint32](numbers []N) []N {
	slices.Sort(numbers)
	return slices.Compact(numbers)
}
