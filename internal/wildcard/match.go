package wildcard

import (
	"slices"
	"unicode"
	"unicode/utf16"
)

// This file is the definition of docs/matching.md in the order and under the names
// of its text: dec, elements, CONSUME, SECTION, FIND, MATCH. The fast path
// and the automata are tested against it.
//
// No step goes back to an earlier one, so the work is bounded by
// O(|pattern| log |pattern| · |text|) and the memory by their sum: FIND tries
// each place of the text at most once for each section, and a section looks at
// no more elements of the text than it has itself.

// Match reports whether the device's matcher (TDesC16::MatchF) lets pattern
// match text, both in UTF-16 units. Any input is legal, surrogates and
// non-characters included.
func Match(pattern, text []uint16) bool {
	p, t := Prepare(pattern), Decode(text)
	return p.match(&t)
}

// Prepared is a pattern for which all of the definition is done that needs no
// text. It is for patterns that aren't regular and are matched against many
// texts. It doesn't change.
type Prepared struct {
	sections []section
	length   int        // in elements
	needs    elementSet // what a text must have, see needs.go
	tail     int        // N of step 5; 0 if w is empty
	head     int        // place of the section that step 6 is about; 0 if there is none
	nonEmpty bool       // whether step 1 refuses the empty text
}

// Prepare prepares a pattern, in UTF-16 units. Any input is legal. The pattern
// isn't kept.
//
// The raw units of steps 5 and 6 lie between stars, and dec splits where units
// do, since a star is no surrogate: decoded, they are sections of the pattern.
func Prepare(pattern []uint16) Prepared {
	p := Prepared{sections: sectionsOf(dec(pattern)), nonEmpty: len(pattern) > 0 && pattern[0] != '*'}
	p.length, p.needs = needsOf(p.sections)
	if w := pattern[lastStar(pattern)+1:]; len(w) > 0 {
		p.tail = 1
		for _, u := range w[1:] {
			if isBase(rune(u)) {
				p.tail++
			}
		}
	}
	for i, u := range pattern {
		if u != '*' {
			p.head = i
			break
		}
	}
	return p
}

func lastStar(pattern []uint16) int {
	for i := len(pattern) - 1; i >= 0; i-- {
		if pattern[i] == '*' {
			return i
		}
	}
	return -1
}

// match is MATCH.
func (p *Prepared) match(t *Decoded) bool {
	if len(t.units) == 0 && p.nonEmpty { // 1, 2
		return false
	}
	i, ok := t.section(0, p.sections[0]) // 3
	if !ok || len(p.sections) == 1 {
		return ok && i == t.end()
	}
	for _, s := range p.sections[1:] { // 4
		if i, ok = t.find(i, s); !ok {
			return false
		}
	}
	return (i == t.end() || p.tailHolds(t)) && p.headHolds(t) // 5, 6, 7
}

// tailHolds is step 5: what follows the last star must match near the end.
// It counts units, not characters, hence the quirks D2, D5, D6, D7 and D10.
func (p *Prepared) tailHolds(t *Decoded) bool {
	if p.tail == 0 {
		return true
	}
	_, ok := t.section(t.window(p.tail), p.sections[len(p.sections)-1])
	return ok
}

// headHolds is step 6: the section after leading stars must be found once
// more, by a search that knows nothing of folded beginnings (D1, D13).
func (p *Prepared) headHolds(t *Decoded) bool {
	if p.head == 0 {
		return true
	}
	last := p.head == len(p.sections)-1
	for j := 0; j <= t.end(); j++ {
		if i, ok := t.section(j, p.sections[p.head]); ok && (!last || i == t.end()) {
			return true
		}
	}
	return false
}

// dec returns the code points of units, without what the device drops.
func dec(units []uint16) []rune {
	points := make([]rune, 0, len(units))
	for i, width := 0, 0; i < len(units); i += width {
		var c rune
		c, width = codePoint(units[i:])
		if !isDropped(c) {
			points = append(points, c)
		}
	}
	return points
}

// isDropped reports whether dec drops c: an unpaired surrogate, or one of the
// two non-characters that end each plane.
func isDropped(c rune) bool { return isSurrogate(c) || endsPlane(c) }

// codePoint returns the first code point and its length in units. An unpaired
// surrogate stands for itself.
func codePoint(units []uint16) (c rune, width int) {
	c = rune(units[0])
	if len(units) > 1 {
		if pair := utf16.DecodeRune(c, rune(units[1])); pair != unicode.ReplacementChar {
			return pair, 2
		}
	}
	return c, 1
}

// endsPlane reports whether c is one of the two non-characters that end each
// plane.
func endsPlane(c rune) bool { return c&0xFFFE == 0xFFFE }

func isSurrogate(c rune) bool { return utf16.IsSurrogate(c) }

// An element is what literals are compared by: a code point of a folded
// decomposition, or psi.
type element rune

// psi is a U+0345 that stands alone, Ψ in docs/matching.md.
const psi element = 0x110000

// The iota that psi is taken for, and the mark that it is.
const (
	iota03B9 element = 0x03B9
	mark0345 element = 0x0345
)

// maxElements is the most elements that a character has.
const maxElements = 4

// appendElements appends E(c).
func appendElements(list []element, c rune) []element {
	p := properties(c)
	switch {
	case element(c) == mark0345:
		return append(list, psi)
	case p.length == 0:
		return append(list, element(c))
	}
	for _, f := range p.folded() {
		list = append(list, element(f))
	}
	return list
}

// same is e ≈ f. It isn't transitive.
func same(e, f element) bool {
	return e == f ||
		e == psi && (f == iota03B9 || f == mark0345) ||
		f == psi && (e == iota03B9 || e == mark0345)
}

func (e element) val() element {
	if e == psi {
		return iota03B9
	}
	return e
}

func (e element) class() uint8 {
	if e == psi {
		return 240
	}
	return properties(rune(e)).class
}

// A section is what stands between stars, split at `?` into literals. It has
// at least one literal, which may be empty.
type section [][]element

// sectionsOf splits a decoded pattern at `*`. It returns at least one section.
// They share their memory.
func sectionsOf(points []rune) []section {
	stars, wildcards := 0, 0
	for _, c := range points {
		if c == '*' {
			stars++
		}
		if c == '*' || c == '?' {
			wildcards++
		}
	}
	elements := make([]element, 0, len(points)-wildcards)
	literals := make([][]element, 0, wildcards+1)
	sections := make([]section, 0, stars+1)
	literal, first := 0, 0 // where the last literal begins, and the last section
	for _, c := range points {
		if c != '*' && c != '?' {
			elements = appendElements(elements, c)
			continue
		}
		literals = append(literals, elements[literal:])
		literal = len(elements)
		if c == '*' {
			sections = append(sections, literals[first:])
			first = len(literals)
		}
	}
	literals = append(literals, elements[literal:])
	return append(sections, literals[first:])
}

// Decoded is a decoded text: its items (code points), and the elements of all.
// Many patterns may be matched against it, one at a time: it counts what that
// costs, and once that is much, sets up what bounds it (see places).
type Decoded struct {
	units    []uint16
	items    []item   // and one for the end
	elements []placed // and one for the end
	has      elementSet
	steps    int     // of the definition: elements compared, places and units looked at
	places   *places // nil until steps are many
}

// item is a code point of a text.
type item struct {
	point rune
	unit  int32 // where it begins
	first int32 // its first element
	after int32 // the item that follows it and the non-base ones after it
	base  bool
}

// placed is an element of a text.
type placed struct {
	element
	item int32 // that begins with it; -1 inside one
}

// usualText is how many units of a text are decoded without allocation.
const usualText = 128

// Decode decodes a text, in UTF-16 units, which must not change while the
// result is in use. Any input is legal. It is small enough to be inlined, so
// that what usual texts need is on the caller's stack.
func Decode(text []uint16) Decoded {
	return decode(text, make([]item, 0, usualText+1), make([]placed, 0, usualText+1))
}

// decode is Decode with the memory for its result. It works on variables of its
// own, since what is stored through a pointer can't be on a stack.
func decode(text []uint16, items []item, elements []placed) Decoded {
	if len(text) > usualText {
		items, elements = make([]item, 0, len(text)+1), make([]placed, 0, len(text)+1)
	}
	var has elementSet
	for i, width := 0, 0; i < len(text); i += width {
		var c rune
		c, width = codePoint(text[i:])
		if isDropped(c) {
			continue
		}
		var buf [maxElements]element
		at := item{point: c, unit: int32(i), first: int32(len(elements)), base: isBase(c)}
		for _, e := range appendElements(buf[:0], c) {
			elements = append(elements, placed{element: e, item: -1})
			has.add(e)
		}
		elements[at.first].item = int32(len(items))
		items = append(items, at)
	}
	items = append(items, item{unit: int32(len(text)), first: int32(len(elements))})
	elements = append(elements, placed{item: int32(len(items) - 1)})
	for i, after := len(items)-2, int32(len(items)-1); i >= 0; i-- {
		if items[i].after = after; items[i].base {
			after = int32(i)
		}
	}
	return Decoded{units: text, items: items, elements: elements, has: has}
}

func (t *Decoded) end() int { return len(t.items) - 1 }

// atBase reports whether i is the end or a base item.
func (t *Decoded) atBase(i int) bool { return i == t.end() || t.items[i].base }

// window returns the first item of W, which has n base units (step 5). W may
// begin with the second unit of a surrogate pair: that isn't an item of W.
func (t *Decoded) window(n int) int {
	start := len(t.units)
	for start > 0 && n > 0 {
		start--
		if isBase(rune(t.units[start])) {
			n--
		}
	}
	j := t.end()
	for j > 0 && int(t.items[j-1].unit) >= start {
		j--
	}
	t.steps += len(t.units) - start
	return j
}

// skip passes the item i and the non-base items that follow: what `?` matches.
// It fails at the end.
func (t *Decoded) skip(i int) (int, bool) {
	if i == t.end() {
		return i, false
	}
	return int(t.items[i].after), true
}

// consume is CONSUME: it passes the literal from the item i on.
func (t *Decoded) consume(i int, lit []element) (int, bool) {
	r := t.elements[t.items[i].first : len(t.elements)-1]
	p, q, reordered := 0, 0, false
	for p < len(lit) {
		t.steps++
		if q == len(r) { // a
			return 0, false
		}
		if reordered = !same(lit[p], r[q].element); !reordered { // b
			p++
			q++
			continue
		}
		n := equalMarks(lit[p:], r[q:])
		if p == 0 || n == 0 { // c, d
			return 0, false
		}
		p += n
		q += n
		t.steps += n
	}
	next := int(t.elements[int(t.items[i].first)+q].item)
	if next < 0 || reordered && next < t.end() && hasRow(t.items[next].point) {
		return 0, false
	}
	return next, true
}

// equalMarks is step (d) of CONSUME: the length of the runs of marks at the
// front of l and r, if they are two or more and the same but for their order;
// else 0.
func equalMarks(l []element, r []placed) int {
	n := 0
	for n < len(l) && l[n].class() != 0 {
		n++
	}
	if n < 2 || n > len(r) || n < len(r) && r[n].class() != 0 {
		return 0
	}
	var bufs [2][usualMarks]element
	left, right := append(bufs[0][:0], l[:n]...), bufs[1][:0]
	for _, e := range r[:n] {
		if e.class() == 0 {
			return 0
		}
		right = append(right, e.element)
	}
	order(left)
	order(right)
	if !slices.EqualFunc(left, right, func(e, f element) bool { return e.val() == f.val() }) {
		return 0
	}
	return n
}

// usualMarks is how many marks are put in order without allocation.
const usualMarks = 16

// order puts marks in canonical order.
func order(run []element) {
	slices.SortStableFunc(run, func(e, f element) int { return int(e.class()) - int(f.class()) })
}

// section is SECTION: it passes s from the item i on.
func (t *Decoded) section(i int, s section) (int, bool) {
	for k, lit := range s {
		ok := true
		if k > 0 {
			i, ok = t.skip(i)
		}
		if ok && len(lit) > 0 {
			i, ok = t.consume(i, lit)
		}
		if !ok || !t.atBase(i) {
			return 0, false
		}
	}
	return i, true
}

// find is FIND: the leftmost place from the item i on where s holds.
func (t *Decoded) find(i int, s section) (int, bool) {
	for ; len(s) > 1 && len(s[0]) == 0; s = s[1:] {
		var ok bool
		if i, ok = t.skip(i); !ok {
			return 0, false
		}
	}
	if len(s[0]) == 0 {
		return i, true
	}
	for j := i; j < t.end(); j++ {
		if t.steps++; !t.begins(j, s[0][0].val()) {
			continue
		}
		if end, ok := t.section(j, s); ok {
			return end, true
		}
	}
	return 0, false
}

// begins reports whether F of the item j begins with c. The original never
// sees U+0340 (D13).
func (t *Decoded) begins(j int, c element) bool {
	return t.elements[t.items[j].first].val() == c && t.items[j].point != 0x0340
}
