package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Printable returns s as it may be sent to a terminal: a character that would
// control it, or not show, is written by its number, as \x1b or <U+202E>.
func Printable(s string) string {
	if isPlain(s) {
		return s
	}
	var b strings.Builder
	for _, c := range cells([]byte(s)) {
		if c.text == "\t" {
			c.text = `\t`
		}
		b.WriteString(c.text)
	}
	return b.String()
}

// isPlain reports whether s is printable ASCII, as nearly all text here is.
func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// cell is what one character of a source looks like.
type cell struct {
	text  string // what is printed
	width int    // in columns of the terminal
	at    int    // offset of the character in the bytes
}

// cells renders bytes of a source. They are taken as UTF-8 if they are valid
// as such, and otherwise as CP1252, which sources are written in
// (docs/language.md, Tokens).
func cells(src []byte) []cell {
	cs := make([]cell, 0, len(src))
	asUTF8 := utf8.Valid(src)
	for i := 0; i < len(src); {
		r, size := rune(src[i]), 1
		if asUTF8 {
			r, size = utf8.DecodeRune(src[i:])
		} else if r >= 0x80 && r < 0xA0 {
			r = cp1252[r-0x80]
		}
		text := show(r)
		cs = append(cs, cell{text, width(text), i})
		i += size
	}
	return cs
}

// cp1252 has the code points of bytes 80 to 9F. The five that it doesn't
// define stand for the control characters of that number.
var cp1252 = [32]rune{
	0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
	0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0x008D, 0x017D, 0x008F,
	0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
	0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
}

// show returns the printed form of a character.
func show(r rune) string {
	switch {
	case r == '\n':
		return `\n`
	case r == '\t':
		return "\t"
	case unicode.IsPrint(r):
		return string(r)
	case r < 0x100:
		return fmt.Sprintf(`\x%02x`, r)
	}
	return fmt.Sprintf("<U+%04X>", r)
}

// width returns how many columns a terminal uses for printed text. A tab counts
// as one until it is expanded.
func width(text string) int {
	n := 0
	for _, r := range text {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me):
		case isWide(r):
			n += 2
		default:
			n++
		}
	}
	return n
}

// isWide reports whether a character takes two columns on terminals: the scripts
// of East Asia, their punctuation and full-width forms, and pictures (Unicode
// Standard Annex #11, the ranges that matter in practice).
func isWide(r rune) bool {
	if r < 0x1100 {
		return false
	}
	return r <= 0x115F || r >= 0x2E80 && r <= 0x303E || r >= 0x3041 && r <= 0xA4CF ||
		r >= 0xAC00 && r <= 0xD7A3 || r >= 0xF900 && r <= 0xFAFF || r >= 0xFE30 && r <= 0xFE6F ||
		r >= 0xFF00 && r <= 0xFF60 || r >= 0xFFE0 && r <= 0xFFE6 ||
		r >= 0x1F300 && r <= 0x1FAFF || r >= 0x20000 && r <= 0x3FFFD
}
