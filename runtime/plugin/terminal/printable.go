package terminal

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The most characters of a text that are shown: its beginning and its end,
// since either may be what matters.
const (
	shownFirst = 140
	shownLast  = 40
)

// marksInARow is how many marks one letter may carry. More would grow into the
// lines above and below.
const marksInARow = 2

// printable gives a text that isn't ours as it may be sent to a terminal: in
// quotes, what isn't printable by its number, the middle of a long one left
// out.
func printable(s string) string {
	cells := cellsOf(s)
	if cut := len(cells) - shownFirst - shownLast; cut > 0 {
		missing := fmt.Sprintf(`" (%d characters are not shown) "`, cut)
		cells = append(append(append([]string{}, cells[:shownFirst]...), missing), cells[len(cells)-shownLast:]...)
	}
	return `"` + strings.Join(cells, "") + `"`
}

// cellsOf gives the printed form of each character.
func cellsOf(s string) []string {
	var cells []string
	marks := 0
	for i := 0; i < len(s); {
		r, size := utf8.DecodeRuneInString(s[i:])
		text := s[i : i+size]
		if marks++; !unicode.Is(unicode.M, r) {
			marks = 0
		}
		switch {
		case r == utf8.RuneError && size == 1:
			text = fmt.Sprintf(`\x%02x`, s[i])
		case r == '"' || r == '\\':
			text = `\` + text
		case !unicode.IsPrint(r) || marks > marksInARow || marks > 0 && i == 0:
			text = fmt.Sprintf(`\u{%x}`, r)
		}
		cells = append(cells, text)
		i += size
	}
	return cells
}
