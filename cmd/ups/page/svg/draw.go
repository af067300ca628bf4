// Package svg draws what a policy list decides as a picture: a row for each kind
// of client, a column for each policy. The picture stands by itself, in light and
// dark, in print and without scripts.
package svg

import (
	"fmt"
	"html"
	"strings"

	"ups/cmd/ups/page/model"
)

// Options are those of a picture.
type Options struct {
	Title string // of the list, such as the name of its file
	// ID begins the ids in the picture, so that a page may have several.
	ID string
	// Interactive adds what a script needs to find a policy by its place.
	Interactive bool
}

// Draw returns the picture as an svg element.
func Draw(l *model.List, o Options) string {
	d := &drawing{list: l, layout: newLayout(l), id: o.ID}
	title := "What " + o.Title + " decides"
	d.printf(`<svg xmlns="http://www.w3.org/2000/svg" class="ups-picture" viewBox="0 0 %d %d" role="img" aria-labelledby="%st %sd"`, width, d.layout.height, o.ID, o.ID)
	if o.Interactive {
		d.data()
	}
	d.printf(`><title id="%st">%s</title><desc id="%sd">%s</desc>`, o.ID, html.EscapeString(title), o.ID, html.EscapeString(Describe(l)))
	d.printf(`<style>%s</style>%s`, Style, strings.ReplaceAll(patterns, "ID", o.ID))
	d.printf(`<rect class="paper" width="%d" height="%d" rx="8"/>`, width, d.layout.height)
	d.headers()
	d.labels()
	d.printf(`<g class="cells">`)
	d.rows()
	d.printf(`</g>`)
	d.printf(`<g class="lit"></g>`)
	d.legend()
	d.notes()
	d.printf(`</svg>`)
	return d.b.String()
}

// drawing is a picture under way.
type drawing struct {
	list   *model.List
	layout *layout
	id     string
	b      strings.Builder
}

func (d *drawing) printf(format string, args ...any) { fmt.Fprintf(&d.b, format, args...) }

// text draws a text. The class may be empty.
func (d *drawing) text(x, y float64, class, s string) {
	if class != "" {
		class = ` class="` + class + `"`
	}
	d.printf(`<text%s x="%s" y="%s">%s</text>`, class, num(x), num(y), html.EscapeString(s))
}

// data writes where columns and rows are, and what is in them: a column is its
// policy, its place and its width, and a row its place and a letter for each
// column.
func (d *drawing) data() {
	var columns, rows []string
	for _, c := range d.layout.columns {
		columns = append(columns, fmt.Sprintf("%d %s %s", c.policy, num(c.x), num(c.w)))
	}
	for i := range d.list.Rows {
		rows = append(rows, num(d.layout.rowAt(i))+" "+d.letters(&d.list.Rows[i]))
	}
	d.printf(` data-columns="%s" data-rows="%s" data-height="%d"`, strings.Join(columns, ","), strings.Join(rows, ","), d.layout.row)
}

// letters has a letter for the class of each cell of a row, "." for none.
func (d *drawing) letters(row *model.Row) string {
	byPolicy := map[int]byte{}
	for _, c := range row.Cells {
		class := classOf(&d.list.Policies[c.Policy], c)
		byPolicy[c.Policy] = letterOf[class]
	}
	letters := make([]byte, len(d.layout.columns))
	for i, c := range d.layout.columns {
		if letters[i] = byPolicy[c.policy]; letters[i] == 0 {
			letters[i] = '.'
		}
	}
	return string(letters)
}

var letterOf = map[string]byte{"allow": 'a', "ask": 'q', "deny": 'd', "shadowed": 's', "unproved": 'u'}

// fill is the attribute of what is filled as a class is.
func (d *drawing) fill(class string) string {
	if class == "unproved" {
		return `class="unproved"`
	}
	return `fill="url(#` + d.id + class + `)"`
}

// num writes a coordinate, with a decimal place at most.
func num(x float64) string { return strings.TrimSuffix(fmt.Sprintf("%.1f", x), ".0") }
