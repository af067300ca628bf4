package runtime

import "math/bits"

// A key of a pattern is something that every text matched by it has, and few
// other patterns do: the whole text, some codes that it begins or ends with, or
// a gram, up to four codes in a row at any place.

// reach gives, for the three words at an end of a text, the bits that a key
// of some length is made of.
type reach [3]uint64

// reaches are the lengths of keys that patterns begin or end with. More of
// them would tell patterns apart better, and take more time for every text.
var reaches = [...]int{1, 2, 3, 4, 6, 8, 12, 16, 20, 24}

// headReach is for the first n codes of a text.
func headReach(n int) (r reach) {
	for i := range n {
		r[i/8] |= 0xFF << (i % 8 * 8)
	}
	return r
}

// tailReach is for the last n, of which the words go backwards.
func tailReach(n int) (r reach) {
	for i := range n {
		r[i/8] |= 0xFF << (56 - i%8*8)
	}
	return r
}

// Odd numbers without a pattern in them, to multiply by.
const (
	mix0 = 0x9E3779B97F4A7C15
	mix1 = 0xC2B2AE3D27D4EB4F
	mix2 = 0x165667B19E3779F9
)

// hash is for the words of an end.
func (r *reach) hash(w *[3]uint64) uint32 {
	return uint32(((w[0]&r[0])*mix0 + (w[1]&r[1])*mix1 + (w[2]&r[2])*mix2) >> 32)
}

// headWords gives the words that a text begins with.
func (t *text) headWords() [3]uint64 { return [3]uint64{t.word(0), t.word(8), t.word(16)} }

// tailWords gives the words that a text ends with, backwards.
func (t *text) tailWords() [3]uint64 {
	return [3]uint64{t.word(t.n - 8), t.word(t.n - 16), t.word(t.n - 24)}
}

// hash is for the whole text.
func (t *text) hash() uint32 {
	h := uint64(t.n)
	for i := 0; i < t.n; i += 8 {
		h = (bits.RotateLeft64(h, 29) ^ t.word(i)) * mix0
	}
	return uint32(h >> 32)
}

// longestGram is the length of the grams that are looked for in a literal
// unless it is shorter.
const longestGram = 4

// gramMask is for grams of n codes.
func gramMask(n int) uint32 { return uint32(1<<(8*n) - 1) }

func gramHash(gram uint32) uint32 { return uint32(uint64(gram) * mix0 >> 32) }
