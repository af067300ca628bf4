package index

import (
	"encoding/binary"
	"math/bits"

	"ups/internal/wildcard"
)

// The index works on the codes of package wildcard. Patterns have two more.
const (
	firstOutsideASCII = 0x80
	codeAny           = wildcard.Codes     // any one character
	codeStar          = wildcard.Codes + 1 // any number of them
)

// text is the codes of a destination, and zeros after them so that words can
// be read anywhere.
type text struct {
	padded []byte
	n      int
	hash   uint32 // of all codes
	last   uint64 // the last eight codes; of fewer, the others are zero and come first
}

// padding is how many zeros there are: what two words reach.
const padding = 16

// newText returns a text of n codes, all zero, that is kept in the buffer if
// that is large enough. The buffer must be zero.
func newText(buffer []byte, n int) text {
	if n+padding > len(buffer) {
		buffer = make([]byte, n+padding)
	}
	return text{padded: buffer, n: n}
}

func (t *text) codes() []byte { return t.padded[:t.n] }

// word returns the eight codes from i on; i is at most n+8.
func (t *text) word(i int) uint64 { return binary.LittleEndian.Uint64(t.padded[i:]) }

func (t *text) put(i int, w uint64) { binary.LittleEndian.PutUint64(t.padded[i:], w) }

// fold fills t, eight at a time, with the codes of s, which has its length. It
// reports whether s is ASCII; if it isn't, the codes mean nothing.
func (t *text) fold(s string) bool {
	last := loadLast(s)
	all, hash, i := last, uint64(len(s)), 0
	for ; i+8 <= len(s); i += 8 {
		w := load(s[i:])
		all |= w
		w = foldWord(w)
		t.put(i, w)
		hash = addWord(hash, w)
	}
	t.last = foldWord(last)
	if rest := len(s) - i; rest > 0 {
		w := t.last >> (64 - 8*rest)
		t.put(i, w)
		hash = addWord(hash, w)
	}
	t.hash = uint32(hash >> 32)
	return all&(firstOutsideASCII*ones) == 0
}

// encode fills t with the codes of units, of which there are at most as many.
func (t *text) encode(units []uint16) {
	t.n = len(wildcard.AppendCodes(t.padded[:0], units))
	t.rehash()
}

// textOf makes a text of codes.
func textOf(codes []byte) text {
	t := newText(nil, len(codes))
	copy(t.codes(), codes)
	t.rehash()
	return t
}

func (t *text) rehash() {
	hash := uint64(t.n)
	for i := 0; i < t.n; i += 8 {
		hash = addWord(hash, t.word(i))
	}
	t.hash = uint32(hash >> 32)
	t.last = t.word(max(0, t.n-8)) << (8 * max(0, 8-t.n))
}

func addWord(hash, w uint64) uint64 { return (bits.RotateLeft64(hash, 29) ^ w) * multiplier }

// multiplier is 2^64 by the golden ratio: what is multiplied by it has all of
// its bits in the upper half (Knuth, TAOCP 6.4).
const multiplier = 0x9E3779B97F4A7C15

// hashOf is the hash of the codes of a gram.
func hashOf(codes uint64) uint32 { return uint32(codes * multiplier >> 32) }

func load(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// loadLast returns the last eight bytes; of fewer, they come last.
func loadLast(s string) (w uint64) {
	if len(s) >= 8 {
		return load(s[len(s)-8:])
	}
	for i := range len(s) {
		w = w>>8 | uint64(s[i])<<56
	}
	return w
}

const ones = 0x0101010101010101

// foldWord folds eight ASCII characters at once: the top bit of each byte of
// upper says that it is from A to Z, and two places lower it is the bit by
// which the cases differ.
func foldWord(w uint64) uint64 {
	upper := (w + (0x80-'A')*ones) &^ (w + (0x80-'Z'-1)*ones) & (0x80 * ones)
	return w | upper>>2
}

// maskOf takes some codes out of a word.
func maskOf(codes int) uint64 { return ^uint64(0) >> (64 - 8*codes) }

// wordOf returns up to eight codes as a text has them in its words.
func wordOf(codes []byte) uint64 {
	var word [8]byte
	copy(word[:], codes)
	return binary.LittleEndian.Uint64(word[:])
}

// codesOf returns the codes of a pattern.
func codesOf(pattern []uint16) []byte {
	codes, first := make([]byte, 0, len(pattern)), 0
	for i, u := range pattern {
		if u != '*' && u != '?' {
			continue
		}
		codes = wildcard.AppendCodes(codes, pattern[first:i])
		first = i + 1
		if u == '*' {
			codes = append(codes, codeStar)
		} else {
			codes = append(codes, codeAny)
		}
	}
	return wildcard.AppendCodes(codes, pattern[first:])
}
