package lsp

import (
	"sort"
	"strings"
	"sync"
	"unicode/utf8"

	"ups/cmd/ups/lsp/protocol"
)

// text is a text and where its lines begin, as the protocol counts them: a line
// ends with LF, CR LF or CR.
type text struct {
	string
	lines  []int
	marks  func() []mark  // worked out when a long line needs them
	pieces func() *pieces // worked out when they are first asked for
}

func newText(s string) *text {
	return withLines(s, appendLines([]int{0}, s, 0, len(s)))
}

func withLines(s string, lines []int) *text {
	return &text{
		string: s, lines: lines,
		marks:  sync.OnceValue(func() []mark { return marksOf(s) }),
		pieces: sync.OnceValue(func() *pieces { return piecesOf(s) }),
	}
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

// replaced returns the text with a part of it replaced. Where lines begin is looked
// for only in what is new and beside it.
func (t *text) replaced(from, to int, by string) *text {
	s := t.string[:from] + by + t.string[to:]
	before := max(1, sort.SearchInts(t.lines, from)) // the first line begins at 0 in any case
	after := t.lines[sort.SearchInts(t.lines, to+1):]
	lines := make([]int, before, before+len(after)+strings.Count(by, "\n")+2)
	copy(lines, t.lines)
	lines = appendLines(lines, s, max(0, from-1), from+len(by))
	for _, line := range after {
		lines = append(lines, line+len(s)-len(t.string))
	}
	return withLines(s, lines)
}

// position returns the position of an offset in bytes. One within a character is
// taken for its start, and one past the end for the end.
func (t *text) position(offset int) protocol.Position {
	offset = max(0, min(offset, len(t.string)))
	line := sort.SearchInts(t.lines, offset+1) - 1
	return protocol.Position{Line: uint32(line), Character: uint32(t.units(t.lines[line], offset))}
}

// offset returns the offset of a position. One after the end of its line is taken
// for that end, as the protocol has it, and one after the last line for the end of
// the text.
func (t *text) offset(p protocol.Position) int {
	if int64(p.Line) >= int64(len(t.lines)) {
		return len(t.string)
	}
	line, start := t.line(int(p.Line))
	i, units := t.near(start, start+len(line), int(p.Character))
	for i < start+len(line) {
		r, size := utf8.DecodeRuneInString(t.string[i:])
		if units += unitsOf(r); units > int(p.Character) {
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
