package svg

import (
	"html"
	"slices"

	"ups/cmd/ups/page/model"
)

// headers names the columns: each, or of many those that there is room for.
func (d *drawing) headers() {
	d.text(8, d.layout.top-12, "quiet", "who asks")
	if len(d.layout.columns) > manyColumns {
		d.ticks()
		return
	}
	for _, c := range d.layout.columns {
		p := &d.list.Policies[c.policy]
		switch {
		case !d.layout.slanted && c.policy == 0:
			d.text(c.x+4, d.layout.top-12, "number", p.Name())
		case !d.layout.slanted:
			d.text(c.x+4, d.layout.top-28, "number", p.Name())
			d.text(c.x+4, d.layout.top-12, "head", cut(p.Destination, c.w-6, headerSize))
		case c.policy == 0:
			d.slant(c, "")
		default:
			d.slant(c, p.Destination)
		}
	}
}

// slant names a narrow column.
func (d *drawing) slant(c column, destination string) {
	d.printf(`<text class="head" transform="translate(%s %s)rotate(-50)"><tspan class="number">%s</tspan>  %s</text>`,
		num(c.x+c.w/2+3), num(d.layout.top-8), html.EscapeString(d.list.Policies[c.policy].Name()), html.EscapeString(cut(destination, maxHeader, headerSize)))
}

// ticks names columns that are far enough apart.
func (d *drawing) ticks() {
	next := float64(left)
	for _, c := range d.layout.columns {
		round := c.policy%100 == 0 || c.policy == 1 || c.w > 30 || len(d.layout.columns) < 300 && c.policy%10 == 0
		if c.x < next || !round || c.x > width-40 && c.policy != 0 {
			continue
		}
		name := d.list.Policies[c.policy].Name()
		d.printf(`<path class="tick" d="M%s %sv8"/>`, num(c.x), num(d.layout.top-10))
		d.text(c.x+2, d.layout.top-12, "number", name)
		next = c.x + float64(len(name)+3)*headerSize*letterWidth
	}
	d.text(left, d.layout.top-34, "quiet", counted(len(d.list.Policies)-1, "policy", "policies")+", in their order")
}

// legend says what colours and patterns mean, and how much of each there is.
func (d *drawing) legend() {
	y := d.layout.rowAt(len(d.list.Rows)) + 8
	x := float64(left)
	parts := partsOf(d.list)
	key := func(fill, label string) {
		d.printf(`<rect %s x="%s" y="%s" width="22" height="14" rx="2"/>`, fill, num(x), num(y))
		d.text(x+28, y+11.5, "", label)
		x += 28 + float64(len(label)+4)*labelSize*letterWidth
	}
	for _, class := range classes {
		if n, ok := parts[class]; ok {
			key(d.fill(class), class+" "+Percent(n, d.list.Sample.Requests))
		} else if class != "unproved" || d.hasUnproved() {
			key(d.fill(class), class)
		}
	}
	key(`class="elsewhere"`, "not for these clients")
}

func (d *drawing) hasUnproved() bool {
	return slices.ContainsFunc(d.list.Rows, func(row model.Row) bool {
		return slices.ContainsFunc(row.Cells, func(c model.Cell) bool { return classOf(&d.list.Policies[c.Policy], c) == "unproved" })
	})
}

func (d *drawing) notes() {
	y := d.layout.rowAt(len(d.list.Rows)) + 44
	for i, note := range d.layout.notes {
		d.text(8, y+float64(i*lineHeight), "quiet", note)
	}
}
