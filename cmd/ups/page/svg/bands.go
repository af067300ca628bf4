package svg

import (
	"strings"

	"ups/cmd/ups/page/model"
)

// band is neighbouring columns that are drawn together, since one by one they
// would be too narrow.
type band struct{ columns []column }

func (b *band) x() float64 { return b.columns[0].x }

func (b *band) w() float64 {
	last := b.columns[len(b.columns)-1]
	return last.x + last.w - b.columns[0].x
}

// bandsOf puts columns together until they are wide enough.
func bandsOf(columns []column) []band {
	var bands []band
	for _, c := range columns {
		if n := len(bands); n > 0 && bands[n-1].w() < narrow && c.w < narrow {
			bands[n-1].columns = append(bands[n-1].columns, c)
			continue
		}
		bands = append(bands, band{[]column{c}})
	}
	return bands
}

// stack is what a band has of each class, as parts of its width.
type stack [5]float64

// bands draws a row of many columns: one path for each class.
func (d *drawing) bands(row *model.Row, y float64) {
	byPolicy := map[int]model.Cell{}
	for _, c := range row.Cells {
		byPolicy[c.Policy] = c
	}
	r := &bandRow{y: y, height: float64(d.layout.row), class: mixed, paths: make([]strings.Builder, len(classes))}
	for _, b := range bandsOf(d.layout.columns) {
		r.add(&b, d.stackOf(&b, byPolicy))
	}
	r.flush()
	for i, class := range classes {
		if path := r.paths[i].String(); path != "" {
			d.printf(`<path %s d="%s"/>`, d.fill(class), path)
		}
	}
}

// bandRow is the paths of a row under way. Neighbours that are of one class alone
// become one rectangle.
type bandRow struct {
	y, height float64
	paths     []strings.Builder // by class
	class     int               // that the columns from x to x+w are of alone, or mixed
	x, w      float64
}

// mixed stands for a band that is of no class alone.
const mixed = -1

func (r *bandRow) add(b *band, s stack) {
	only := s.only()
	if only != mixed && only == r.class {
		r.w += b.w()
		return
	}
	r.flush()
	if r.class = only; only == mixed {
		s.draw(r.paths, b, r.y, r.height)
		return
	}
	r.x, r.w = b.x(), b.w()
}

// flush ends the rectangle under way.
func (r *bandRow) flush() {
	if r.class != mixed {
		rectangle(&r.paths[r.class], r.x, r.y, r.w, r.height)
	}
	r.class = mixed
}

func (d *drawing) stackOf(b *band, cells map[int]model.Cell) (s stack) {
	for _, c := range b.columns {
		cell, ok := cells[c.policy]
		if !ok {
			continue
		}
		class := classOf(&d.list.Policies[c.policy], cell)
		for i := range classes {
			if classes[i] == class {
				s[i] += c.w / b.w()
			}
		}
	}
	return s
}

// only returns the class that all of a band is of, or mixed.
func (s *stack) only() int {
	for i, part := range s {
		if part > 1-1e-9 {
			return i
		}
	}
	return mixed
}

// draw stacks the parts of a band.
func (s *stack) draw(paths []strings.Builder, b *band, y, height float64) {
	for i, part := range s {
		if part > 0 {
			rectangle(&paths[i], b.x(), y, b.w(), part*height)
			y += part * height
		}
	}
}

func rectangle(path *strings.Builder, x, y, w, h float64) {
	path.WriteString("M" + num(x) + " " + num(y) + "h" + num(w) + "v" + num(h) + "h-" + num(w) + "z")
}
