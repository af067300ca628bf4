package wildcard

import (
	"slices"
	"unicode"
	"unicode/utf16"
)

// This file is the definition of matching.md in the order and under the names
// of its text: dec, elements, CONSUME, SECTION, FIND, MATCH. It is the law
// that the fast path and the automata are held against.
//
// No step goes back to an earlier one, so the work is bounded by
// O(|pattern| log |pattern| · |text|) and the memory by their sum: FIND tries
// each place of the text at most once for each section, and a section looks at
// no more elements of the text than it has itself.

// Match reports whether the device's matcher (TDesC16::MatchF) lets pattern
// match text, both in UTF-16 units. Any input is legal, surrogates and
// non-characters included.
func Match(pattern, text []uint16) bool {
	if len(text) == 0 && len(pattern) > 0 && pattern[0] != '*' { // 1
		return false
	}
	sections, t := sectionsOf(dec(pattern)), decode(text) // 2
	i, ok := t.section(0, sections[0])                    // 3
	if !ok || len(sections) == 1 {
		return ok && i == t.end()
	}
	for _, s := range sections[1:] { // 4
		if i, ok = t.find(i, s); !ok {
			return false
		}
	}
	return (i == t.end() || tailHolds(pattern, text)) && headHolds(pattern, t) // 5, 6, 7
}

// tailHolds is step 5: what follows the last star must match near the end.
// It counts units, not characters, hence the quirks D2, D5, D6, D7 and D10.
func tailHolds(pattern, text []uint16) bool {
	w := pattern[lastStar(pattern)+1:]
	if len(w) == 0 {
		return true
	}
	n := 1
	for _, u := range w[1:] {
		if isBase(rune(u)) {
			n++
		}
	}
	start := len(text)
	for start > 0 && n > 0 {
		start--
		if isBase(rune(text[start])) {
			n--
		}
	}
	_, ok := decode(text[start:]).section(0, sectionsOf(dec(w))[0])
	return ok
}

// headHolds is step 6: the section after leading stars must be found once
// more, by a search that knows nothing of folded beginnings (D1, D13).
func headHolds(pattern []uint16, t *decoded) bool {
	if len(pattern) == 0 || pattern[0] != '*' {
		return true
	}
	s := pattern
	for len(s) > 0 && s[0] == '*' {
		s = s[1:]
	}
	star := slices.Index(s, '*')
	last := star < 0
	if !last {
		s = s[:star]
	}
	if len(s) == 0 {
		return true
	}
	first := sectionsOf(dec(s))[0]
	for j := 0; j <= t.end(); j++ {
		if i, ok := t.section(j, first); ok && (!last || i == t.end()) {
			return true
		}
	}
	return false
}

func lastStar(pattern []uint16) int {
	for i := len(pattern) - 1; i >= 0; i-- {
		if pattern[i] == '*' {
			return i
		}
	}
	return -1
}

// dec gives the code points of units, without what the device drops.
func dec(units []uint16) []rune {
	points := make([]rune, 0, len(units))
	for i, width := 0, 0; i < len(units); i += width {
		var c rune
		c, width = codePoint(units[i:])
		if !isSurrogate(c) && !endsPlane(c) {
			points = append(points, c)
		}
	}
	return points
}

// codePoint gives the first code point and its length in units. A surrogate
// without its other half stands for itself.
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

// psi is a U+0345 that stands alone, Ψ in matching.md.
const psi element = 0x110000

// The iota that psi is taken for, and the mark that it is.
const (
	iota03B9 element = 0x03B9
	mark0345 element = 0x0345
)

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

// sectionsOf splits a decoded pattern at `*`. It gives at least one section.
func sectionsOf(points []rune) []section {
	sections := []section{{nil}}
	for _, c := range points {
		last := &sections[len(sections)-1]
		switch c {
		case '*':
			sections = append(sections, section{nil})
		case '?':
			*last = append(*last, nil)
		default:
			lit := &(*last)[len(*last)-1]
			*lit = appendElements(*lit, c)
		}
	}
	return sections
}

// decoded is a decoded text: its items (code points), and the elements of all.
type decoded struct {
	items    []rune
	elements []element
	first    []int // element at which an item begins; of the end too
	item     []int // item that begins at an element, -1 inside one; of the end too
}

func decode(text []uint16) *decoded {
	t := &decoded{items: dec(text)}
	t.first = make([]int, 0, len(t.items)+1)
	t.elements = make([]element, 0, len(t.items))
	t.item = make([]int, 0, len(t.items)+1)
	for i, c := range t.items {
		t.first = append(t.first, len(t.elements))
		t.elements = appendElements(t.elements, c)
		t.item = append(t.item, i)
		for len(t.item) < len(t.elements) {
			t.item = append(t.item, -1)
		}
	}
	t.first = append(t.first, len(t.elements))
	t.item = append(t.item, len(t.items))
	return t
}

func (t *decoded) end() int { return len(t.items) }

// skip passes the item i and the non-base items that follow: what `?` eats.
// It fails at the end.
func (t *decoded) skip(i int) (int, bool) {
	if i == t.end() {
		return i, false
	}
	for i++; i < t.end() && !isBase(t.items[i]); i++ {
	}
	return i, true
}

// consume is CONSUME: it passes the literal from the item i on.
func (t *decoded) consume(i int, lit []element) (int, bool) {
	r := t.elements[t.first[i]:]
	p, q, reordered := 0, 0, false
	for p < len(lit) {
		if q == len(r) { // a
			return 0, false
		}
		if reordered = !same(lit[p], r[q]); !reordered { // b
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
	}
	i = t.item[t.first[i]+q]
	if i < 0 || reordered && i < t.end() && hasRow(t.items[i]) {
		return 0, false
	}
	return i, true
}

// equalMarks is step (d) of CONSUME: the length of the runs of marks at the
// front of l and r, if they are two or more and the same but for their order;
// else 0.
func equalMarks(l, r []element) int {
	n := marks(l)
	if n < 2 || marks(r[:min(n+1, len(r))]) != n {
		return 0
	}
	equal := slices.EqualFunc(ordered(l[:n]), ordered(r[:n]), func(e, f element) bool { return e.val() == f.val() })
	if !equal {
		return 0
	}
	return n
}

// marks counts the elements with a class at the front of list.
func marks(list []element) int {
	n := 0
	for n < len(list) && list[n].class() != 0 {
		n++
	}
	return n
}

// ordered gives the marks in canonical order.
func ordered(run []element) []element {
	run = slices.Clone(run)
	slices.SortStableFunc(run, func(e, f element) int { return int(e.class()) - int(f.class()) })
	return run
}

// section is SECTION: it passes s from the item i on.
func (t *decoded) section(i int, s section) (int, bool) {
	for k, lit := range s {
		ok := true
		if k > 0 {
			i, ok = t.skip(i)
		}
		if ok && len(lit) > 0 {
			i, ok = t.consume(i, lit)
		}
		if !ok || i < t.end() && !isBase(t.items[i]) {
			return 0, false
		}
	}
	return i, true
}

// find is FIND: the leftmost place from the item i on where s holds.
func (t *decoded) find(i int, s section) (int, bool) {
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
		if !t.begins(j, s[0][0].val()) {
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
func (t *decoded) begins(j int, c element) bool {
	return t.elements[t.first[j]].val() == c && t.items[j] != 0x0340
}
