package wildcard

import "math/bits"

// places answers FIND and step 6 of MATCH for all places of a text at once: a
// set of places is a bit for each element, so that a step of the definition is
// a few operations on words. That bounds what a pattern costs on a text by
// O(|pattern| · |text| / 64), where the definition takes O(|pattern| · |text|).
//
// Sets are enough, though the definition wants the leftmost place j from which
// SECTION succeeds, and where it ends from there. For CONSUME passes as many
// elements of the text as the literal has, by (b) and by (d), and what `?`
// passes ends no earlier for a later start: so the lowest end belongs to the
// leftmost start.
//
// It refers to nothing of the text, which may be on a stack.
type places struct {
	end      int             // the place after the last element
	bases    set             // where a base item begins, or the text ends
	rows     set             // where an item begins that has a row in F
	begins   map[element]set // where an item begins whose F begins with this val; never U+0340
	equals   map[element]set // where an element is ≈ to this one
	marks    map[marks][]int32
	markSets map[marks]set // of those that stand in many places
	chunks   map[chunkKey]chunkEnds
	none     set
	items    set       // where an item begins, or the text ends
	tails    []int32   // by N of step 5, from 1 on: the first item of W
	now      set       // of the search under way
	long     chunkEnds // of the last chunk that isn't kept
	steps    int       // words worked on, for tests
}

// set is a set of places: the elements of a text, and its end.
type set []uint64

func (s set) add(i int)      { s[i/64] |= 1 << (i % 64) }
func (s set) has(i int) bool { return s[i/64]>>(i%64)&1 != 0 }

// first returns the lowest place; false if there is none.
func (s set) first() (int, bool) {
	for i, w := range s {
		if w != 0 {
			return i*64 + bits.TrailingZeros64(w), true
		}
	}
	return 0, false
}

// newPlaces goes over a text once.
func newPlaces(t *Decoded) *places {
	x := &places{
		end: len(t.elements) - 1, tails: tailsOf(t),
		begins: map[element]set{}, equals: map[element]set{}, chunks: map[chunkKey]chunkEnds{}, markSets: map[marks]set{},
	}
	for _, s := range []*set{&x.bases, &x.rows, &x.none, &x.items, &x.now, &x.long.plain, &x.long.reordered} {
		*s = x.newSet()
	}
	for i := range t.items {
		at, it := int(t.items[i].first), &t.items[i]
		if x.items.add(at); t.atBase(i) {
			x.bases.add(at)
		}
		if i == t.end() {
			break
		}
		if hasRow(it.point) {
			x.rows.add(at)
		}
		if it.point != 0x0340 {
			x.setOf(x.begins, t.elements[at].val()).add(at)
		}
	}
	for at, e := range t.elements[:x.end] {
		x.setOf(x.equals, e.element).add(at)
	}
	x.mergePsi()
	x.marks = marksOf(t.elements[:x.end])
	return x
}

// mergePsi makes Ψ equal to 03B9 and 0345, which aren't equal to each other.
func (x *places) mergePsi() {
	loose := x.equals[psi]
	all := x.newSet()
	for _, e := range []element{iota03B9, mark0345} {
		own := x.setOf(x.equals, e)
		for i := range own {
			all[i] |= own[i]
			if loose != nil {
				own[i] |= loose[i]
			}
		}
	}
	for i := range loose {
		all[i] |= loose[i]
	}
	x.equals[psi] = all
}

func (x *places) newSet() set { return make(set, x.end/64+1) }

// setOf returns the set of an element in a table, which is made if need be.
func (x *places) setOf(table map[element]set, e element) set {
	s := table[e]
	if s == nil {
		s = x.newSet()
		table[e] = s
	}
	return s
}

// lookup returns the set of an element, empty if it has none.
func (x *places) lookup(table map[element]set, e element) set {
	if s, ok := table[e]; ok {
		return s
	}
	return x.none
}

// find is FIND.
func (x *places) find(t *Decoded, i int, s section) (int, bool) {
	for ; len(s) > 1 && len(s[0]) == 0; s = s[1:] {
		var ok bool
		if i, ok = t.skip(i); !ok {
			return 0, false
		}
	}
	if len(s[0]) == 0 {
		return i, true
	}
	from := int(t.items[i].first)
	now := append(x.now[:0], x.lookup(x.begins, s[0][0].val())...)
	clear(now[:from/64])
	now[from/64] &^= 1<<(from%64) - 1
	x.section(now, s, from/64)
	end, ok := now.first()
	if !ok {
		return 0, false
	}
	return int(t.elements[end].item), true
}

// headHolds is step 6: whether s can be passed from any place, to the end if it
// is the last section.
func (x *places) headHolds(s section, last bool) bool {
	now := append(x.now[:0], x.items...)
	x.section(now, s, 0)
	if last {
		return now.has(x.end)
	}
	_, ok := now.first()
	return ok
}

// tailsOf works out the windows of step 5.
func tailsOf(t *Decoded) (first []int32) {
	j := t.end()
	for i := len(t.units) - 1; i >= 0; i-- {
		if !isBase(rune(t.units[i])) {
			continue
		}
		for j > 0 && int(t.items[j-1].unit) >= i {
			j--
		}
		first = append(first, int32(j))
	}
	return first
}

// tailHolds is step 5, for a last section and its N.
func (x *places) tailHolds(t *Decoded, s section, n int) bool {
	i := 0
	if n <= len(x.tails) {
		i = int(x.tails[n-1])
	}
	_, ok := t.section(i, s)
	return ok
}

// match is MATCH.
func (x *places) match(p *Prepared, t *Decoded) bool {
	if len(t.units) == 0 && p.nonEmpty { // 1, 2
		return false
	}
	i, ok := t.section(0, p.sections[0]) // 3
	last := len(p.sections) - 1
	if !ok || last == 0 {
		return ok && i == t.end()
	}
	for _, s := range p.sections[1:] { // 4
		if i, ok = x.find(t, i, s); !ok {
			return false
		}
	}
	if i != t.end() && p.tail > 0 && !x.tailHolds(t, p.sections[last], p.tail) { // 5
		return false
	}
	return p.head == 0 || x.headHolds(p.sections[p.head], p.head == last) // 6, 7
}

// section is SECTION: it replaces the places, none of which is in a word before
// the one given, by those where s ends.
func (x *places) section(now set, s section, from int) {
	for k, lit := range s {
		if k > 0 {
			x.skip(now, from)
		}
		if len(lit) > 0 && !x.consume(now, lit, from) {
			clear(now)
			return
		}
		if k == 0 || len(lit) > 0 {
			x.keep(now, x.bases, from)
		}
	}
}

// skip is what `?` does: on to the next base item, or the end. Added to the
// places that aren't such, a place between carries to the first that is.
func (x *places) skip(now set, from int) {
	now[x.end/64] &^= 1 << (x.end % 64)
	moved, carry := uint64(0), uint64(0)
	for i := from; i < len(now); i++ {
		w := now[i]<<1 | moved
		moved = now[i] >> 63
		between := ^x.bases[i]
		var sum uint64
		sum, carry = bits.Add64(w&between, between, carry)
		now[i] = (w | sum) & x.bases[i]
	}
	x.steps += len(now) - from
}

func (x *places) keep(now, other set, from int) {
	for i := from; i < len(now); i++ {
		now[i] &= other[i]
	}
	x.steps += len(now) - from
}
