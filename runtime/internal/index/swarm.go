package index

import (
	"slices"
	"sync"
)

// swarm matches a text with many patterns at once, whatever they look like: it
// is one nondeterministic automaton, of which a state is a bit. The time for a
// letter is that of a few operations on as many words as the patterns are
// long, divided by 64: for a file full of them under a thousand. Nothing is
// remembered from one text to the next, so there is nothing to grow.
//
// It holds the patterns that no key tells apart, and all general ones, so that
// a text that has the keys of very many of them is matched with all at once.
// It is made when first needed, which for ordinary files is hardly ever.
type swarm struct {
	ready func()  // makes it, once
	crowd []int32 // the patterns that are in no table

	patterns []int32 // in the order of their first policies
	ends     []int32 // the bits by which each accepts
	start    []uint64
	loops    []uint64
	any      []uint64
	lits     [][]uint64 // by code, any included; nil where it is any alone
}

// newSwarm gives the swarm that is to hold the crowd. To make it later by a
// closure made now keeps a query, which asks for it, on its stack.
func newSwarm(patterns []pattern, crowd []int32) *swarm {
	s := &swarm{crowd: crowd}
	s.ready = sync.OnceFunc(func() { s.build(patterns) })
	return s
}

// build makes the automaton.
func (s *swarm) build(patterns []pattern) {
	s.patterns = slices.Clone(s.crowd)
	for i := range patterns {
		if patterns[i].shape == shapeGeneral {
			s.patterns = append(s.patterns, int32(i))
		}
	}
	slices.Sort(s.patterns)
	s.patterns = slices.Compact(s.patterns)
	states := 0
	for _, p := range s.patterns {
		states += statesOf(patterns[p].codes)
		s.ends = append(s.ends, int32(states-1))
	}
	words := (states + 63) / 64
	s.start, s.loops, s.any = make([]uint64, words), make([]uint64, words), make([]uint64, words)
	s.lits = make([][]uint64, 256)
	state := 0
	for _, p := range s.patterns {
		set(s.start, state)
		s.add(patterns[p].codes, state)
		state += statesOf(patterns[p].codes)
	}
	for _, lit := range s.lits {
		for i := range lit {
			lit[i] |= s.any[i]
		}
	}
}

// statesOf is the number of states of a pattern: one before each of its codes
// that aren't stars, and the last.
func statesOf(codes []byte) int {
	n := 1
	for _, c := range codes {
		if c != codeStar {
			n++
		}
	}
	return n
}

// add adds a pattern, from its first state on.
func (s *swarm) add(codes []byte, state int) {
	for _, c := range codes {
		switch c {
		case codeStar:
			set(s.loops, state)
			continue
		case codeAny:
			set(s.any, state)
		default:
			if s.lits[c] == nil {
				s.lits[c] = make([]uint64, len(s.any))
			}
			set(s.lits[c], state)
		}
		state++
	}
}

func set(bits []uint64, i int) { bits[i/64] |= 1 << (i % 64) }

// run gives the states after a text, of the first n words.
func (s *swarm) run(states []uint64, text []byte) {
	copy(states, s.start)
	loops := s.loops[:len(states)]
	for _, c := range text {
		out := s.lits[c]
		if out == nil {
			out = s.any
		}
		out = out[:len(states)]
		carry := uint64(0)
		for i, w := range states {
			moved := w & out[i]
			states[i] = w&loops[i] | moved<<1 | carry
			carry = moved >> 63
		}
	}
}

// wordsOnStack is how many words of states are kept without allocation.
const wordsOnStack = 64

// searchSwarm matches with the whole swarm that comes before the best so far.
func (q *query) searchSwarm() {
	s, patterns := q.Index.swarm, q.Index.patterns
	s.ready()
	n, _ := slices.BinarySearchFunc(s.patterns, q.best, func(p, best int32) int {
		return int(min(max(patterns[p].low-best, -1), 1))
	})
	if n == 0 {
		return
	}
	var room [wordsOnStack]uint64
	states := room[:]
	if words := int(s.ends[n-1])/64 + 1; words <= wordsOnStack {
		states = states[:words]
	} else {
		states = make([]uint64, words)
	}
	s.run(states, q.codes())
	for i, p := range s.patterns[:n] {
		if end := s.ends[i]; states[end/64]>>(end%64)&1 == 0 {
			continue
		}
		if first := patterns[p].first(q.sid, q.kind); first < q.best && q.confirm(&patterns[p]) {
			q.best = first
		}
	}
}
