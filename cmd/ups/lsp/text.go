package lsp

import (
	"sort"
	"strings"
	"unicode/utf8"

	"ups/cmd/ups/lsp/protocol"
)

// text is a text and where its lines begin, as the protocol counts them: a line
// ends with LF, CR LF or CR.
type text struct {
	string
	lines []int
}

func newText(s string) *text {
	t := &text{string: s, lines: []int{0}}
	for i := 0; i < len(s); i++ {
		if s[i] == '\n' || s[i] == '\r' && (i+1 == len(s) || s[i+1] != '\n') {
			t.lines = append(t.lines, i+1)
		}
	}
	return t
}

// position returns the position of an offset in bytes. One within a character is
// taken for its start, and one past the end for the end.
func (t *text) position(offset int) protocol.Position {
	offset = max(0, min(offset, len(t.string)))
	line := sort.SearchInts(t.lines, offset+1) - 1
	units := 0
	for i := t.lines[line]; i < offset; {
		r, size := utf8.DecodeRuneInString(t.string[i:])
		if i+size > offset {
			break
		}
		units += unitsOf(r)
		i += size
	}
	return protocol.Position{Line: uint32(line), Character: uint32(units)}
}

// offset returns the offset of a position. One after the end of its line is taken
// for that end, as the protocol has it, and one after the last line for the end of
// the text.
func (t *text) offset(p protocol.Position) int {
	if int64(p.Line) >= int64(len(t.lines)) {
		return len(t.string)
	}
	i, units := t.lines[p.Line], uint32(0)
	for i < len(t.string) && t.string[i] != '\n' && t.string[i] != '\r' {
		r, size := utf8.DecodeRuneInString(t.string[i:])
		if units += uint32(unitsOf(r)); units > p.Character {
			break
		}
		i += size
	}
	return i
}

// line returns a line without its end, and where it begins.
func (t *text) line(n int) (line string, start int) {
	start, end := t.lines[n], len(t.string)
	if n+1 < len(t.lines) {
		end = t.lines[n+1]
	}
	return strings.TrimRight(t.string[start:end], "\r\n"), start
}

// lineAt returns the line that an offset is on, up to the offset, and where it begins.
func (t *text) lineAt(offset int) (before string, start int) {
	start = t.lines[t.position(offset).Line]
	return t.string[start:offset], start
}

// span returns the range between two offsets.
func (t *text) span(from, to int) protocol.Range {
	return protocol.Range{Start: t.position(from), End: t.position(to)}
}

// offsets returns the offsets of a range, the lower one first.
func (t *text) offsets(r protocol.Range) (from, to int) {
	from, to = t.offset(r.Start), t.offset(r.End)
	return min(from, to), max(from, to)
}

// replaced returns the text with a part of it replaced.
func (t *text) replaced(from, to int, by string) *text {
	return newText(t.string[:from] + by + t.string[to:])
}

// unitsOf returns how many UTF-16 units a character has.
func unitsOf(r rune) int {
	if r >= 0x10000 {
		return 2
	}
	return 1
}
