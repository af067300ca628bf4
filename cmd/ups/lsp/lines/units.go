package lines

import (
	"sort"
	"unicode/utf8"
)

// stride is how many bytes of a line are counted one by one: a place in a longer
// line is found by marks, or a text of one line would take the square of its length.
const stride = 1024

// mark is the beginning of a character, and how many UTF-16 units come before it
// in the text.
type mark struct{ offset, units int }

// marksOf returns marks of a text, one about every stride bytes.
func marksOf(s string) []mark {
	out := []mark{{}}
	units := 0
	for i, r := range s {
		if i >= out[len(out)-1].offset+stride {
			out = append(out, mark{i, units})
		}
		units += unitsOf(r)
	}
	return out
}

// units returns how many UTF-16 units there are between two offsets. A character
// that the second one is within isn't counted.
func (t *Text) units(from, to int) int {
	if to-from <= stride {
		return t.count(from, to)
	}
	return t.unitsBefore(to) - t.unitsBefore(from)
}

func (t *Text) unitsBefore(offset int) int {
	marks := t.marks()
	m := marks[sort.Search(len(marks), func(i int) bool { return marks[i].offset > offset })-1]
	return m.units + t.count(m.offset, offset)
}

func (t *Text) count(from, to int) int {
	units := 0
	for i := from; i < to; {
		r, size := utf8.DecodeRuneInString(t.content[i:])
		if i += size; i <= to {
			units += unitsOf(r)
		}
	}
	return units
}

// near returns a place in a line, given by its beginning and end, and how many units
// of the line come before it: not more than wanted, and few less.
func (t *Text) near(start, end, wanted int) (offset, units int) {
	if end-start <= stride || wanted <= stride {
		return start, 0
	}
	marks, before := t.marks(), t.unitsBefore(start)
	i := sort.Search(len(marks), func(i int) bool { return marks[i].offset > end || marks[i].units-before > wanted }) - 1
	if marks[i].offset <= start {
		return start, 0
	}
	return marks[i].offset, marks[i].units - before
}

// unitsOf returns how many UTF-16 units a character has.
func unitsOf(r rune) int {
	if r >= 0x10000 {
		return 2
	}
	return 1
}
