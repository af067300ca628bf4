package svg

import (
	"fmt"
	"unicode/utf8"

	"ups/cmd/ups/page/model"
)

// The sizes of a picture, in its own units: pixels, if it is shown as large as a
// page for a desk is wide.
const (
	width      = 1120
	left       = 236 // where the columns begin
	right      = 8   // what is kept free beside them at least
	maxHeader  = 150 // of the destination in a slanted header
	lineHeight = 16

	// rowHeight is that of a few rows. Many are less high, with their label on one
	// line; where there is hardly any, of many columns, they are higher.
	rowHeight, compactHeight, highHeight = 44, 26, 84
	manyRows, hardlyAny                  = 12, 3

	// manyColumns are too many to name each, and manyCells to draw each.
	manyColumns, manyCells = 60, 600
	// least is how wide a column is at least if there are few, and leastPart what
	// part of the width the columns have at least together if there are many.
	least, leastPart = 24, 0.4
	// narrow is how wide columns are drawn one by one.
	narrow = 3
)

// column is where a policy stands.
type column struct {
	policy int
	x, w   float64
}

// layout is where everything is.
type layout struct {
	columns []column
	right   float64 // what is kept free beside them
	slanted bool    // some headers don't fit above their columns
	top     float64 // of the first row
	row     int     // the height of a row
	gap     int     // between rows
	height  int
	notes   []string
}

func newLayout(l *model.List) *layout {
	out := &layout{right: right}
	out.columns = out.columnsOf(l)
	out.findSlanted(l)
	if over := out.overhang(l); over > 0 {
		out.right += over
		out.columns = out.columnsOf(l)
	}
	out.place(l)
	return out
}

// columnsOf places the columns side by side.
func (o *layout) columnsOf(l *model.List) []column {
	numbers := shownPolicies(l)
	room := width - left - o.right
	least := min(least, room*leastPart/float64(max(1, len(numbers))))
	shares, x := l.Shares(), float64(left)
	var columns []column
	for _, p := range numbers {
		w := least + shares[p]*(room-least*float64(len(numbers)))
		columns = append(columns, column{p, x, w})
		x += w
	}
	return stretched(columns, room)
}

// stretched makes columns fill the room where nothing is decided.
func stretched(columns []column, room float64) []column {
	if len(columns) == 0 {
		return nil
	}
	last := columns[len(columns)-1]
	if used := last.x + last.w - left; used < room/2 {
		for i := range columns {
			columns[i].x = left + (columns[i].x-left)*room/used
			columns[i].w *= room / used
		}
	}
	return columns
}

// findSlanted finds whether headers are slanted, since some don't fit above their
// columns.
func (o *layout) findSlanted(l *model.List) {
	for _, c := range o.columns {
		o.slanted = o.slanted || len(o.columns) <= manyColumns && !fits(l.Policies[c.policy].Destination, c.w-6, headerSize)
	}
}

// How far a slanted header goes to the right, and up, for each unit of its length.
const slantRight, slantUp = 0.65, 0.77

// overhang is how far slanted headers go beyond the right side.
func (o *layout) overhang(l *model.List) float64 {
	over := 0.0
	for _, c := range o.columns {
		if o.slanted {
			over = max(over, c.x+c.w/2+slantRight*o.header(l, c)-width)
		}
	}
	return over
}

// header is how long the header of a column is.
func (o *layout) header(l *model.List, c column) float64 {
	p := &l.Policies[c.policy]
	s := p.Name() + "  "
	if c.policy != 0 {
		s += cut(p.Destination, maxHeader, headerSize)
	}
	return float64(utf8.RuneCountInString(s)) * headerSize * 0.62 // of fixed width
}

// place finds the heights.
func (o *layout) place(l *model.List) {
	o.top, o.row, o.gap = 58, rowHeight, 6
	switch {
	case len(l.Rows) > manyRows:
		o.row, o.gap = compactHeight, 4
	case len(l.Rows) <= hardlyAny && len(o.columns) > manyColumns:
		o.row = highHeight
	}
	for _, c := range o.columns {
		if o.slanted {
			o.top = max(o.top, 24+slantUp*o.header(l, c))
		}
	}
	o.notes = notesOf(l, o)
	o.height = int(o.rowAt(len(l.Rows))) + 44 + lineHeight*len(o.notes)
}

func (o *layout) rowAt(i int) float64 { return o.top + float64(i*(o.row+o.gap)) }

// compact reports whether the label of a row has one line.
func (o *layout) compact() bool { return o.row < rowHeight }

// shownPolicies returns those that have a column: the default policy, last, only
// if it decides something.
func shownPolicies(l *model.List) []int {
	var numbers []int
	for _, p := range l.Policies[1:] {
		numbers = append(numbers, p.Number)
	}
	if l.Policies[0].Reach == model.Decides {
		numbers = append(numbers, 0)
	}
	return numbers
}

// notesOf says what the picture is of.
func notesOf(l *model.List, o *layout) []string {
	if l.Sample.Requests == 0 {
		return []string{"The service is never asked about these requests: the system server's own check decides."}
	}
	notes := []string{
		fmt.Sprintf("Sample: %s: %s made from the patterns of the policies, %s. It says nothing of how often a device asks.",
			count(l.Sample.Requests, "request"), count(l.Sample.Destinations, "destination"), asked(l)),
		"A column is as wide as the part of the sample that its policy decides, with a little more for every column so that none is lost.",
	}
	if len(bandsOf(o.columns)) < len(o.columns) {
		notes = append(notes, fmt.Sprintf("Columns under %d units are drawn together, and what they do is stacked by its part.", narrow))
	}
	var lines []string
	for _, note := range notes {
		lines = append(lines, wrap(note, width-16, smallSize*0.93)...)
	}
	return lines
}

// asked says who asks about the destinations of the sample.
func asked(l *model.List) string {
	switch last := l.Rows[len(l.Rows)-1]; {
	case last.Kinds > 1:
		return fmt.Sprintf("each asked about by one client of each of %d kinds; in the last row, one or a few for each policy", l.Sample.Kinds-last.Kinds)
	case l.Sample.Kinds == 1:
		return "each asked about by one client"
	}
	return fmt.Sprintf("each asked about by one client of each of %d kinds", l.Sample.Kinds)
}

func count(n int, noun string) string { return counted(n, noun, noun+"s") }
