package runtime

import (
	"encoding/binary"

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

// text is the codes of a destination, with zeros before and after them so that
// words can be read anywhere.
type text struct {
	padded []byte
	n      int
}

const (
	padding = 24  // bytes before and after the codes; what three words reach
	onStack = 256 // letters of a text that are kept without allocation
)

// room is where the codes of all but very long texts are kept.
type room [padding + onStack + padding]byte

func (t *text) codes() []byte { return t.padded[padding : padding+t.n] }

// word gives the eight codes from i on; i is from -padding to n.
func (t *text) word(i int) uint64 { return binary.LittleEndian.Uint64(t.padded[padding+i:]) }

// newText gives a text of n zeros, in r if there is enough of it.
func newText(r *room, n int) text {
	if n <= onStack {
		return text{r[:], n}
	}
	return text{make([]byte, padding+n+padding), n}
}

// foldASCII fills t with the codes of s, which has its length. It reports
// whether s is ASCII; if it isn't, the codes mean nothing.
func (t *text) foldASCII(s string) bool {
	dst, high, i := t.padded[padding:], uint64(0), 0
	for ; i+8 <= len(s); i += 8 {
		w := loadString(s[i:])
		high |= w
		binary.LittleEndian.PutUint64(dst[i:], foldWord(w))
	}
	switch {
	case i == len(s):
	case i > 0:
		w := loadString(s[len(s)-8:])
		high |= w
		binary.LittleEndian.PutUint64(dst[len(s)-8:], foldWord(w))
	default:
		w := uint64(0)
		for j := len(s) - 1; j >= 0; j-- {
			w = w<<8 | uint64(s[j])
		}
		high |= w
		binary.LittleEndian.PutUint64(dst, foldWord(w))
	}
	return high&(firstForeign*ones) == 0
}

// foldUnits is foldASCII for UTF-16 units.
func (t *text) foldUnits(units []uint16) bool {
	dst, high := t.codes(), uint16(0)
	for i, u := range units {
		high |= u
		dst[i] = foldByte(byte(u))
	}
	return high < firstForeign
}

func loadString(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
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

// text gives the codes of a text; false if it isn't regular.
func (l *letters) text(r *room, units []uint16) (text, bool) {
	t := newText(r, len(units))
	dst, n := t.codes(), 0
	for i := 0; i < len(units); n++ {
		letter, end := l.alphabet.Next(units, i)
		if end < 0 {
			return text{}, false
		}
		dst[n] = l.codes[letter]
		if units[i] < firstForeign && end == i+1 {
			dst[n] = foldByte(byte(units[i]))
		}
		i = end
	}
	t.n = n
	return t, true
}
