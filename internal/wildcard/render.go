package wildcard

import (
	"unicode"
)

// Render returns a regular text of these letters: Next returns them again, and
// Match agrees with the automata on it. A letter is spelled as it was
// first seen in a pattern, Other as Free.
func (a *Alphabet) Render(letters []Letter) []uint16 {
	text, free := make([]uint16, 0, len(letters)), a.Free()
	for _, l := range letters {
		if l <= Other || int(l) >= a.Len() {
			text = append(text, free...)
		} else {
			text = append(text, a.spellings[l-1]...)
		}
	}
	return text
}

// favourites are the first choice for Free: they read well in a message.
const favourites = "xyzabcdefghijklmnopqrstuvw0123456789-_.~"

// Free returns a grapheme that occurs in no pattern so far, as short and as
// common as can be had. It folds to itself.
func (a *Alphabet) Free() []uint16 {
	for _, c := range favourites {
		if a.ascii[c] == Other {
			return []uint16{uint16(c)}
		}
	}
	for c := rune(0xDF); c < 0xAC00; c++ {
		if isPlainLetter(c) && a.letter([]uint16{uint16(c)}) == Other {
			return []uint16{uint16(c)}
		}
	}
	return a.freeAccented()
}

// isPlainLetter reports whether c is a letter of Unicode 5.0, a base character
// that folds to itself.
func isPlainLetter(c rune) bool {
	return unicode.IsLetter(c) && isBase(c) && !hasRow(c) && !properties(c).newer
}

// freeAccented piles accents on a letter until no pattern has as many, which
// is when even the last of 20,000 ideographs is in use.
func (a *Alphabet) freeAccented() []uint16 {
	const accent = 0x0300
	free := []uint16{'x', accent}
	for a.letter(free) != Other {
		free = append(free, accent)
	}
	return free
}
