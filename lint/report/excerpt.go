package report

import (
	"bytes"
	"slices"
	"strings"
	"unicode/utf8"

	"ups/diag"
)

const (
	tabStop      = 4   // columns; what the platform's own sources are indented by
	excerptWidth = 100 // columns; a longer line is cut around what it is shown for
	excerptReach = 512 // bytes to each side of the place that are looked at, however long the line
)

// excerpt is a source line as it is shown, with what lies under the span
// marked. line and marks are aligned in columns.
type excerpt struct {
	line, marks string
}

// newExcerpt shows the line where a span begins. It returns false if src isn't
// the text that the span is about: the place of a line mark, for one, may be
// in a file that was never read.
func newExcerpt(src []byte, span diag.Span) (excerpt, bool) {
	at := span.Start.Offset
	begin := at - (span.Start.Column - 1)
	if !span.IsValid() || begin < 0 || at > len(src) || !startsLine(src, begin) {
		return excerpt{}, false
	}
	from, text := around(src, begin, at)
	length := max(span.End.Offset-at, 1)
	if span.End.Filename != span.Start.Filename {
		length = 1
	}
	cs, marked := markCells(text, at-from, length)
	return cut(expandTabs(cs), marked, from > begin), true
}

// startsLine reports whether a line of src starts at an offset. The column of
// the first line doesn't count a byte order mark where the reader took it off.
func startsLine(src []byte, at int) bool {
	if at == 0 || at == 3 && bytes.HasPrefix(src, []byte("\uFEFF")) {
		return true
	}
	return at <= len(src) && src[at-1] == '\n'
}

// around returns the bytes of the line that starts at begin, as far as they are
// in reach of at, and where they start: a 16 MiB line with a thousand errors in
// it must not be gone through a thousand times.
func around(src []byte, begin, at int) (from int, text []byte) {
	from = max(begin, at-excerptReach)
	for from > begin && from < at && !utf8.RuneStart(src[from]) {
		from++
	}
	text = src[from:min(len(src), at+excerptReach)]
	reach := len(text)
	if i := bytes.IndexByte(text[at-from:], '\n'); i >= 0 {
		return from, bytes.TrimSuffix(text[:at-from+i], []byte("\r"))
	}
	for n := 0; from+reach < len(src) && n < utf8.UTFMax && reach > at-from && !utf8.RuneStart(src[from+reach]); n++ {
		reach--
	}
	return from, text[:reach]
}

// markCells renders a line, and says which of its cells lie in the length
// bytes from at; one beyond the end, if nothing else does.
func markCells(text []byte, at, length int) (cs []cell, marked [2]int) {
	cs = cells(text)
	if at >= len(text) {
		return append(cs, cell{" ", 1, len(text)}), [2]int{len(cs), len(cs) + 1}
	}
	byPlace := func(c cell, at int) int { return c.at - at }
	first, found := slices.BinarySearchFunc(cs, at, byPlace)
	if !found && first > 0 {
		first--
	}
	last, _ := slices.BinarySearchFunc(cs, at+length, byPlace)
	marked = [2]int{first, max(last, first+1)}
	for marked[0] > 0 && columns(cs[marked[0]:marked[1]]) == 0 {
		marked[0]-- // a combining mark is shown with what it stands on
	}
	if c := &cs[marked[0]]; columns(cs[marked[0]:marked[1]]) == 0 {
		c.text, c.width = "\u25CC"+c.text, 1 // or, without, on a dotted circle
	}
	return cs, marked
}

// expandTabs turns tabs into the spaces that they stand for, so that what is
// below them stays below them whatever stands left of the line.
func expandTabs(cs []cell) []cell {
	column := 0
	for i := range cs {
		if cs[i].text == "\t" {
			cs[i].width = tabStop - column%tabStop
			cs[i].text = strings.Repeat(" ", cs[i].width)
		}
		column += cs[i].width
	}
	return cs
}

// cut keeps as much of a line as fits the width, with the marked cells in it
// as far as they go, and draws the marks.
func cut(cs []cell, marked [2]int, cutBefore bool) excerpt {
	first, last := window(cs, marked)
	var line, marks strings.Builder
	if cutBefore || first > 0 {
		line.WriteString("…")
		marks.WriteString(" ")
	}
	for i := first; i < last; i++ {
		line.WriteString(cs[i].text)
		marks.WriteString(mark(cs[i].width, i, marked))
	}
	if last < len(cs) {
		line.WriteString("…")
	}
	return excerpt{strings.TrimRight(line.String(), " "), strings.TrimRight(marks.String(), " ")}
}

// mark draws what goes below one cell.
func mark(width, i int, marked [2]int) string {
	switch {
	case i < marked[0] || i >= marked[1] || width == 0:
		return strings.Repeat(" ", width)
	case i == marked[0]:
		return "^" + strings.Repeat("~", width-1)
	}
	return strings.Repeat("~", width)
}

// window picks the cells that are shown: all, or a run of them that begins
// early enough for what leads up to the marked ones to be seen.
func window(cs []cell, marked [2]int) (first, last int) {
	before := columns(cs[:marked[0]])
	if before+columns(cs[marked[0]:]) <= excerptWidth {
		return 0, len(cs)
	}
	need := min(columns(cs[marked[0]:marked[1]]), excerptWidth/2)
	for before+need > excerptWidth*3/4 && first < marked[0] {
		before -= cs[first].width
		first++
	}
	last = first
	for rest := excerptWidth; last < len(cs) && cs[last].width <= rest; last++ {
		rest -= cs[last].width
	}
	return first, last
}

// columns adds up widths.
func columns(cs []cell) int {
	n := 0
	for _, c := range cs {
		n += c.width
	}
	return n
}
