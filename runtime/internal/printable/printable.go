// Package printable shows people text that isn't ours, such as the destination of a
// request, so that it can't pass for anything else: on a terminal, in a page, in a
// notification.
package printable

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The most columns that a text gets: its beginning and its end, since either
// may be what matters. Columns and not characters: one that is shown by its
// number takes up to ten, and enough of them would push the client's name off the
// screen.
const (
	shownFirst = 140
	shownLast  = 40
)

// marksInARow is how many marks one letter may carry. More would grow into the
// lines above and below.
const marksInARow = 2

// Text returns a text in quotes, what isn't printable by its number, the middle of
// a long one left out. It can't move a cursor, change colours, or turn the direction
// of writing.
func Text(s string) string {
	cells := cellsOf(s)
	if fitting(cells, shownFirst+shownLast) < len(cells) {
		first := fitting(cells, shownFirst)
		end := slices.Clone(cells[first:])
		slices.Reverse(end)
		last := len(cells) - fitting(end, shownLast)
		missing := fmt.Sprintf(`" (%d characters are not shown) "`, last-first)
		cells = slices.Concat(cells[:first], []string{missing}, cells[last:])
	}
	return `"` + strings.Join(cells, "") + `"`
}

// Identity returns a SID or UID, and its name if it has one; name may be nil.
func Identity(id uint32, name func(uint32) string) string {
	number := fmt.Sprintf("0x%08X", id)
	if name == nil {
		return number
	}
	if n := name(id); n != "" {
		return Text(n) + " (" + number + ")"
	}
	return number
}

// Whole is Text with nothing left out.
func Whole(s string) string { return `"` + strings.Join(cellsOf(s), "") + `"` }

// fitting returns how many of the cells, from the first, take at most that many
// columns.
func fitting(cells []string, columns int) int {
	for i, cell := range cells {
		for _, r := range cell {
			columns -= width(r)
		}
		if columns < 0 {
			return i
		}
	}
	return len(cells)
}

// firstWide is the first character that takes two columns, U+1100 (UAX #11).
const firstWide = 0x1100

// width returns the columns that a character takes at most.
func width(r rune) int {
	if r < firstWide {
		return 1
	}
	return 2
}

// cellsOf returns the printed form of each character.
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
