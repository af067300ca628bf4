// Package lines has texts in which places are told as in the Language Server Protocol, by
// line and UTF-16 units, and as in our own code, by offsets in bytes.
package lines

import (
	"slices"
	"sort"
	"strings"
	"sync"
	"unicode/utf8"

	"ups/cmd/ups/lsp/protocol"
)

// Text is a text and where its lines begin, as the protocol counts them: a line ends
// with LF, CR LF or CR. It is never changed.
type Text struct {
	content string
	begins  []int         // the offset of each line
	marks   func() []mark // worked out when a long line needs them
}

// New makes a text.
func New(s string) *Text {
	return withLines(s, appendLines([]int{0}, s, 0, len(s)))
}

func withLines(s string, begins []int) *Text {
	return &Text{content: s, begins: begins, marks: sync.OnceValue(func() []mark { return marksOf(s) })}
}

// String returns the whole text.
func (t *Text) String() string { return t.content }

// Lines returns how many lines there are: one, if there is nothing in the text.
func (t *Text) Lines() int { return len(t.begins) }

// Begins reports whether a line begins at an offset.
func (t *Text) Begins(offset int) bool {
	_, begins := slices.BinarySearch(t.begins, offset)
	return begins
}

// appendLines adds the beginnings of the lines that follow what ends between two
// offsets.
func appendLines(lines []int, s string, from, to int) []int {
	for i := from; i < to; i++ {
		if s[i] == '\n' || s[i] == '\r' && (i+1 == len(s) || s[i+1] != '\n') {
			lines = append(lines, i+1)
		}
	}
	return lines
}

// Replaced returns the text with a part of it replaced. Where lines begin is looked
// for only in what is new and beside it.
func (t *Text) Replaced(from, to int, by string) *Text {
	s := t.content[:from] + by + t.content[to:]
	before := max(1, sort.SearchInts(t.begins, from)) // the first line begins at 0 in any case
	after := t.begins[sort.SearchInts(t.begins, to+1):]
	lines := make([]int, before, before+len(after)+strings.Count(by, "\n")+2)
	copy(lines, t.begins)
	lines = appendLines(lines, s, max(0, from-1), from+len(by))
	for _, line := range after {
		lines = append(lines, line+len(s)-len(t.content))
	}
	return withLines(s, lines)
}

// Position returns the position of an offset in bytes. One within a character is
// taken for its start, and one past the end for the end.
func (t *Text) Position(offset int) protocol.Position {
	offset = max(0, min(offset, len(t.content)))
	line := sort.SearchInts(t.begins, offset+1) - 1
	return protocol.Position{Line: uint32(line), Character: uint32(t.units(t.begins[line], offset))}
}

// Offset returns the offset of a position. One after the end of its line is taken
// for that end, as the protocol has it, and one after the last line for the end of
// the text.
func (t *Text) Offset(p protocol.Position) int {
	if int64(p.Line) >= int64(len(t.begins)) {
		return len(t.content)
	}
	line, start := t.Line(int(p.Line))
	i, units := t.near(start, start+len(line), int(p.Character))
	for i < start+len(line) {
		r, size := utf8.DecodeRuneInString(t.content[i:])
		if units += unitsOf(r); units > int(p.Character) {
			break
		}
		i += size
	}
	return i
}

// Line returns a line without its end, and where it begins.
func (t *Text) Line(n int) (line string, start int) {
	start, end := t.begins[n], len(t.content)
	if n+1 < len(t.begins) {
		end = t.begins[n+1]
	}
	return strings.TrimRight(t.content[start:end], "\r\n"), start
}

// LineAt returns the line that an offset is on, up to the offset, and where it begins.
func (t *Text) LineAt(offset int) (before string, start int) {
	start = t.begins[t.Position(offset).Line]
	return t.content[start:offset], start
}

// Span returns the range between two offsets.
func (t *Text) Span(from, to int) protocol.Range {
	return protocol.Range{Start: t.Position(from), End: t.Position(to)}
}

// Offsets returns the offsets of a range, the lower one first.
func (t *Text) Offsets(r protocol.Range) (from, to int) {
	from, to = t.Offset(r.Start), t.Offset(r.End)
	return min(from, to), max(from, to)
}
