package svg

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"unicode/utf8"

	"ups/cmd/ups/page/model"
)

// The sizes of text. A letter is some 0.56 of it wide on average, and more where
// it is bold.
const (
	boldness                                   = 1.15
	labelSize, smallSize, headerSize, wordSize = 13, 11.5, 12, 12
	letterWidth                                = 0.56
)

func fits(s string, room, size float64) bool {
	return float64(utf8.RuneCountInString(s))*size*letterWidth <= room
}

// cut shortens a text so that it fits.
func cut(s string, room, size float64) string {
	runes := []rune(s)
	if n := max(1, int(room/size/letterWidth)); len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return s
}

// wrap cuts a text into lines that fit.
func wrap(s string, room, size float64) []string {
	var lines []string
	for _, word := range strings.Fields(s) {
		if n := len(lines); n > 0 && fits(lines[n-1]+" "+word, room, size) {
			lines[n-1] += " " + word
		} else {
			lines = append(lines, word)
		}
	}
	return lines
}

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

// partsOf returns how many requests of the sample come to each end.
func partsOf(l *model.List) map[string]int {
	parts := map[string]int{"allow": 0, "ask": 0, "deny": 0}
	for _, p := range l.Policies {
		parts[string(p.Effect)] += p.Requests
	}
	return parts
}

func (d *drawing) notes() {
	y := d.layout.rowAt(len(d.list.Rows)) + 44
	for i, note := range d.layout.notes {
		d.text(8, y+float64(i*lineHeight), "quiet", note)
	}
}

// Describe says in words what a picture shows.
func Describe(l *model.List) string {
	parts := partsOf(l)
	shadowed := 0
	for _, p := range l.Policies[1:] {
		if p.Reach == model.Shadowed {
			shadowed++
		}
	}
	var s strings.Builder
	fmt.Fprintf(&s, "%s, in %s.", counted(len(l.Policies)-1, "policy", "policies"), count(len(l.Rows), "row"))
	if l.Sample.Requests == 0 {
		s.WriteString(" The service is never asked.")
	} else {
		fmt.Fprintf(&s, " Of a sample of %s, %s are allowed without asking, %s are asked about, %s are denied without asking.",
			count(l.Sample.Requests, "request"), Percent(parts["allow"], l.Sample.Requests), Percent(parts["ask"], l.Sample.Requests), Percent(parts["deny"], l.Sample.Requests))
	}
	if shadowed > 0 {
		fmt.Fprintf(&s, " %s shadowed: earlier policies decide all that they match.", counted(shadowed, "policy is", "policies are"))
	}
	return s.String()
}

func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return Thousands(n) + " " + many
}

// Thousands writes a number with commas.
func Thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
