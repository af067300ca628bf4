package analysis

import "math/bits"

// neighbours divides the regular policies before one, p, that overlap it, by
// what else their patterns need: under the lowest bit of form.literals that p's
// own pattern doesn't have. A pattern matters to what p and another have in
// common only if those two have all its letters (see The proof), so that most
// are never looked at.
type neighbours struct {
	byLetter [64][]int
	free     []int    // need nothing else
	needs    []uint64 // of each policy
}

func (n *neighbours) load(e *engine, p int) {
	n.free, n.needs = n.free[:0], n.needs[:0]
	for i := range n.byLetter {
		n.byLetter[i] = n.byLetter[i][:0]
	}
	for q, f := range e.patterns[:p] {
		n.needs = append(n.needs, 0)
		if f == nil || !e.overlapping(p).has(q) {
			continue
		}
		n.needs[q] = f.literals &^ e.patterns[p].literals
		if n.needs[q] == 0 {
			n.free = append(n.free, q)
			continue
		}
		lowest := bits.TrailingZeros64(n.needs[q])
		n.byLetter[lowest] = append(n.byLetter[lowest], q)
	}
}

// of appends the policies before q, among those that overlap it, that may match
// something which p and q have in common.
func (n *neighbours) of(out []int, e *engine, q int) []int {
	letters, overlapping := e.patterns[q].literals, e.overlapping(q)
	add := func(some []int) {
		for _, k := range some {
			if k >= q {
				return
			}
			if n.needs[k]&^letters == 0 && overlapping.has(k) {
				out = append(out, k)
			}
		}
	}
	add(n.free)
	for w := letters; w != 0; w &= w - 1 {
		add(n.byLetter[bits.TrailingZeros64(w)])
	}
	return out
}
