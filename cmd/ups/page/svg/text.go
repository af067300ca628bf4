package svg

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// The sizes of text. A letter is some 0.56 of it wide on average, and more where
// it is bold.
const (
	boldness                                   = 1.15
	labelSize, smallSize, headerSize, wordSize = 13, 11.5, 12, 12
	letterWidth                                = 0.56
)

func fits(s string, room, size float64) bool {
	return float64(utf8.RuneCountInString(s))*size*letterWidth <= room
}

// cut shortens a text so that it fits.
func cut(s string, room, size float64) string {
	runes := []rune(s)
	if n := max(1, int(room/size/letterWidth)); len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return s
}

// wrap cuts a text into lines that fit.
func wrap(s string, room, size float64) []string {
	var lines []string
	for _, word := range strings.Fields(s) {
		if n := len(lines); n > 0 && fits(lines[n-1]+" "+word, room, size) {
			lines[n-1] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return lines
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Thousands(n) + " " + many
}

// Thousands writes a number with commas.
func Thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
