package analysis

import "math/bits"

// beside divides the regular policies before one, p, that may share a
// destination with it, by what else their patterns need: under the lowest bit
// of form.letters that p's own pattern doesn't have. A pattern can be of
// importance to what p and another share only if those two have all its
// letters (see "The proof"), so that most are never looked at.
type beside struct {
	byBit   [64][]int
	nothing []int // need nothing else
	letters []uint64
}

func (b *beside) divide(a *Analysis, p int) {
	b.nothing, b.letters = b.nothing[:0], b.letters[:0]
	for i := range b.byBit {
		b.byBit[i] = b.byBit[i][:0]
	}
	own, meets := a.patterns[p].letters, a.mayMeet(p)
	for r, f := range a.patterns[:p] {
		b.letters = append(b.letters, 0)
		if f == nil || !meets.has(r) {
			continue
		}
		b.letters[r] = f.letters &^ own
		if b.letters[r] == 0 {
			b.nothing = append(b.nothing, r)
			continue
		}
		bit := bits.TrailingZeros64(b.letters[r])
		b.byBit[bit] = append(b.byBit[bit], r)
	}
}

// of appends the policies before e, among those that may share a destination
// with it, that may match something which p and e share.
func (b *beside) of(out []int, e *form, meets set, before int) []int {
	add := func(some []int) {
		for _, r := range some {
			if r >= before {
				return
			}
			if b.letters[r]&^e.letters == 0 && meets.has(r) {
				out = append(out, r)
			}
		}
	}
	add(b.nothing)
	for w := e.letters; w != 0; w &= w - 1 {
		add(b.byBit[bits.TrailingZeros64(w)])
	}
	return out
}
