package index

import (
	"encoding/binary"
	"math/bits"

	"ups/internal/wildcard"
)

// The index works on codes, one byte for each letter of a pattern or text: an
// ASCII character is its own code, folded. Other letters share the codes from
// firstForeign on, so that two codes may be equal where the letters differ:
// what the index finds for a text that isn't ASCII must be confirmed.
const (
	firstForeign = 0x80
	codeAny      = 0xFE // in patterns: any one letter
	codeStar     = 0xFF // in patterns: any number of them
)

// text is the codes of a destination, and zeros behind them so that words can
// be read anywhere.
type text struct {
	padded []byte
	n      int
	first  uint64 // the first eight codes; of fewer, the others are zero
	last   uint64 // the last eight; of fewer, the others are zero and come first
	hash   uint32 // of all
}

// padding is how many zeros there are: what two words reach.
const padding = 16

// Sizes of texts that are kept without allocation. There are two, since to
// clear what a few texts need would take all others a tenth of their time.
const (
	usualText = 96
	longText  = 256 // more than any pattern without a star matches
)

type (
	usualRoom [usualText + padding]byte
	longRoom  [longText + padding]byte
)

// zeros gives what a text of n codes is kept in: r, if there is enough of it.
func (r *longRoom) zeros(n int) []byte {
	if n > longText {
		return make([]byte, n+padding)
	}
	return r[:]
}

func (t *text) codes() []byte { return t.padded[:t.n] }

// word gives the eight codes from i on; i is at most n+8.
func (t *text) word(i int) uint64 { return binary.LittleEndian.Uint64(t.padded[i:]) }

// foldASCII fills t with the codes of s, which has its length. It reports
// whether s is ASCII; if it isn't, the codes mean nothing.
func (t *text) foldASCII(s string) bool {
	n := len(s)
	if n < 8 {
		w := loadShort(s)
		t.put(0, foldWord(w))
		t.finish()
		return isASCII(w)
	}
	last := loadString(s[n-8:])
	all, hash := last, uint64(n)
	for i := 0; i+8 <= n; i += 8 {
		w := loadString(s[i:])
		all |= w
		w = foldWord(w)
		t.put(i, w)
		hash = addWord(hash, w)
	}
	t.first, t.last = foldWord(loadString(s)), foldWord(last)
	if rest := n % 8; rest > 0 {
		w := t.last >> (64 - 8*rest)
		t.put(n-rest, w)
		hash = addWord(hash, w)
	}
	t.hash = uint32(hash >> 32)
	return isASCII(all)
}

func (t *text) put(i int, w uint64) { binary.LittleEndian.PutUint64(t.padded[i:], w) }

func addWord(hash, w uint64) uint64 { return (bits.RotateLeft64(hash, 29) ^ w) * sprinkle }

func isASCII(w uint64) bool { return w&(firstForeign*ones) == 0 }

// textOf makes a text of codes.
func textOf(codes []byte) *text {
	t := &text{padded: make([]byte, len(codes)+padding), n: len(codes)}
	copy(t.codes(), codes)
	t.finish()
	return t
}

// foldUnits is foldASCII for UTF-16 units.
func (t *text) foldUnits(units []uint16) bool {
	dst, high := t.codes(), uint16(0)
	for i, u := range units {
		high |= u
		dst[i] = foldByte(byte(u))
	}
	t.finish()
	return high < firstForeign
}

// finish works out what depends on the codes.
func (t *text) finish() {
	t.first = t.word(0)
	if t.n >= 8 {
		t.last = t.word(t.n - 8)
	} else {
		t.last = t.first << (8 * (8 - t.n))
	}
	h := uint64(t.n)
	for i := 0; i < t.n; i += 8 {
		h = addWord(h, t.word(i))
	}
	t.hash = uint32(h >> 32)
}

func loadString(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// loadShort is loadString for fewer than eight bytes.
func loadShort(s string) (w uint64) {
	for i := len(s) - 1; i >= 0; i-- {
		w = w<<8 | uint64(s[i])
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

func foldByte(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// letters gives the codes of what isn't ASCII.
type letters struct {
	alphabet wildcard.Alphabet
	codes    []byte // of the letters
}

// newLetters makes the letters of the patterns and of all ASCII characters,
// since there are others that fold to these (U+212A to k).
func newLetters(patterns [][]uint16) *letters {
	l := &letters{}
	var ascii []uint16
	for c := range uint16(firstForeign) {
		if c != '*' && c != '?' {
			ascii = append(ascii, c)
		}
	}
	l.alphabet.Glob(ascii)
	for _, p := range patterns {
		l.alphabet.Glob(p)
	}
	l.codes = make([]byte, l.alphabet.Len())
	for i := range l.codes {
		l.codes[i] = byte(firstForeign + i%(codeAny-firstForeign))
	}
	for c, letter := range l.alphabet.ASCII() {
		if letter != wildcard.Other {
			l.codes[letter] = foldByte(byte(c))
		}
	}
	return l
}

// pattern gives the codes of a pattern; false if it isn't regular.
func (l *letters) pattern(p []uint16) ([]byte, bool) {
	glob, ok := l.alphabet.Glob(p)
	if !ok {
		return nil, false
	}
	codes := make([]byte, len(glob))
	for i, e := range glob {
		switch e.Kind {
		case wildcard.Any:
			codes[i] = codeAny
		case wildcard.Star:
			codes[i] = codeStar
		case wildcard.Lit:
			codes[i] = l.codes[e.Letter]
		}
	}
	return codes, true
}

// fill fills t with the codes of a text; false if it isn't regular.
func (l *letters) fill(t *text, units []uint16) bool {
	clear(t.codes())
	dst, n := t.codes(), 0
	for i := 0; i < len(units); n++ {
		letter, end := l.alphabet.Next(units, i)
		if end < 0 {
			return false
		}
		dst[n] = l.codes[letter]
		if units[i] < firstForeign && end == i+1 {
			dst[n] = foldByte(byte(units[i]))
		}
		i = end
	}
	t.n = n
	t.finish()
	return true
}

// fillSieved fills t with codes of an irregular text. They say which ASCII
// patterns can't match it, and nothing of the others.
func (t *text) fillSieved(units []uint16) {
	clear(t.codes())
	t.n = len(wildcard.AppendSieved(t.padded[:0], units))
	t.finish()
}
