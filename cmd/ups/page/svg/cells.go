package svg

import (
	"fmt"
	"html"
	"slices"

	"ups/cmd/ups/page/model"
)

// The classes of cells, in the order in which they are stacked.
var classes = []string{"allow", "ask", "deny", "shadowed", "unproved"}

// classOf returns the class of a cell.
func classOf(p *model.Policy, c model.Cell) string {
	switch c.Reach {
	case model.Decides:
		return string(p.Effect)
	case model.Shadowed:
		return "shadowed"
	}
	return "unproved"
}

// rows draws all rows.
func (d *drawing) rows() {
	for i := range d.list.Rows {
		row := &d.list.Rows[i]
		y := d.layout.rowAt(i)
		d.printf(`<rect class="track" x="%d" y="%s" width="%s" height="%d" rx="4"/>`, left, num(y), num(width-left-d.layout.right), d.layout.row)
		switch effect, unasked := row.Unasked(); {
		case unasked:
			d.unasked(effect, y)
		case len(d.layout.columns) <= manyColumns && len(d.layout.columns)*len(d.list.Rows) <= manyCells:
			d.cells(row, y)
		default:
			d.bands(row, y)
		}
	}
}

// labels says of whom the rows are.
func (d *drawing) labels() {
	for i := range d.list.Rows {
		row, y := &d.list.Rows[i], d.layout.rowAt(i)
		if d.layout.compact() {
			check := shortCheck(row)
			d.printf(`<text class="quiet end" x="%d" y="%s">%s</text>`, left-8, num(y+17), html.EscapeString(check))
			d.text(8, y+17, "who", cut(row.Label, left-24-float64(len(check))*smallSize*letterWidth, labelSize*boldness))
			continue
		}
		first := y + float64(d.layout.row)/2 - 3
		d.text(8, first, "who", cut(row.Label, left-16, labelSize*boldness))
		d.text(8, first+17, "quiet", cut(checkOf(row), left-16, smallSize))
	}
}

// shortCheck is the check of a row where there is little room.
func shortCheck(row *model.Row) string {
	switch {
	case row.Kinds > 1:
		return ""
	case row.Check == "passed or failed":
		return "either"
	}
	return row.Check
}

func checkOf(row *model.Row) string {
	check := "check " + row.Check
	switch {
	case row.Kinds > 1:
		check = "a few requests of each"
	case row.Asked == model.AskedElsewhere:
		check += ", not from drive Z"
		if row.Check == "passed or failed" {
			check = "passed (not from drive Z) or failed"
		}
	}
	return check
}

// unasked draws a row that the service isn't asked about.
func (d *drawing) unasked(effect model.Effect, y float64) {
	word := "allowed"
	if effect == model.Deny {
		word = "denied"
	}
	d.printf(`<rect class="unasked" x="%d" y="%s" width="%s" height="%d" rx="4"/>`, left, num(y), num(width-left-d.layout.right), d.layout.row)
	d.text(left+12, y+float64(d.layout.row)/2+4, "quiet", word+" by the system server's own check: the service isn't asked")
}

// cells draws the cells of a row one by one.
func (d *drawing) cells(row *model.Row, y float64) {
	for _, c := range d.layout.columns {
		i := slices.IndexFunc(row.Cells, func(cell model.Cell) bool { return cell.Policy == c.policy })
		if i < 0 {
			continue
		}
		p, cell := &d.list.Policies[c.policy], row.Cells[i]
		class := classOf(p, cell)
		d.printf(`<g class="p p%d"><title>%s</title>`, c.policy, html.EscapeString(p.OneLine()))
		x, w := c.x+1, max(c.w-2, 1)
		d.printf(`<rect %s x="%s" y="%s" width="%s" height="%d" rx="3"/>`, d.fill(class), num(x), num(y), num(w), d.layout.row)
		d.words(class, cell, row, x+w/2, y, w)
		d.printf(`</g>`)
	}
}

// words says in a cell what becomes of its requests, if there is room.
func (d *drawing) words(class string, cell model.Cell, row *model.Row, x, y, w float64) {
	part := ""
	if cell.Requests > 0 {
		part = Percent(cell.Requests, row.Requests)
	}
	middle := y + float64(d.layout.row)/2
	switch {
	case !fits(class, w-6, wordSize):
		d.text(x, middle+5, "word "+class+"-word", signs[class])
	case d.layout.compact() || part == "" || !fits(part, w-6, wordSize):
		d.text(x, middle+5, "word "+class+"-word", class)
	default:
		d.text(x, middle-2, "word "+class+"-word", class)
		d.text(x, middle+14, "part "+class+"-word", part)
	}
}

// signs stand for the words where there is no room.
var signs = map[string]string{"allow": "✓", "ask": "?", "deny": "✗", "shadowed": "", "unproved": "…"}

// Percent tells a part as it is told in a picture.
func Percent(n, of int) string {
	switch p := 100 * float64(n) / float64(max(of, 1)); {
	case p > 0 && p < 1:
		return "under 1\u00a0%"
	case p > 99 && n < of:
		return "over 99\u00a0%"
	default:
		return fmt.Sprintf("%.0f\u00a0%%", p)
	}
}
