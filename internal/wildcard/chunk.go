package wildcard

import "math/rand/v2"

// A chunk is an element of a literal and the marks (elements of a class other
// than 0) that follow it. CONSUME passes a literal chunk by chunk: (d) takes the
// rest of one, and where two chunks meet it has nothing to take.

// chunkKey is a chunk that isn't long.
type chunkKey struct {
	elements [usualMarks]element
	length   uint8
}

// chunkEnds says where a chunk ends that is passed from anywhere, by whether
// its last step is (b) or (d).
type chunkEnds struct{ plain, reordered set }

// chunkLen returns the length of the first chunk of a literal.
func chunkLen(lit []element) int {
	n := 1
	for n < len(lit) && lit[n].class() != 0 {
		n++
	}
	return n
}

// consume is CONSUME, for the places of now. It reports whether any are left.
func (x *places) consume(now set, lit []element, from int) bool {
	for len(lit) > 0 {
		n := chunkLen(lit)
		chunk := lit[:n]
		lit = lit[n:]
		x.steps += len(now) - from
		if n == 1 {
			from = advance(now, x.lookup(x.equals, chunk[0]), from)
		} else {
			from = x.consumeMarked(now, chunk, len(lit) == 0, from)
		}
		if from == len(now) {
			return false
		}
	}
	return true
}

// advance moves the places that equal has on by one element. It returns the
// first word that has a place from then on.
func advance(now, equal set, from int) (first int) {
	carry, first := uint64(0), len(now)
	for i := from; i < len(now); i++ {
		w := now[i] & equal[i]
		now[i] = w<<1 | carry
		carry = w >> 63
		if now[i] != 0 && first > i {
			first = i
		}
	}
	return first
}

// consumeMarked passes a chunk with marks. If it is the last of its literal, an
// item that has a row in F may not follow re-ordered marks. It goes through the
// words from the last to the first, so that a place is moved once.
func (x *places) consumeMarked(now set, chunk []element, last bool, from int) (first int) {
	ends, words, rest := x.endsOf(chunk), len(chunk)/64, len(chunk)%64
	first = len(now)
	for i := len(now) - 1; i >= from; i-- {
		w := uint64(0)
		if j := i - words; j > from {
			w = now[j]<<rest | now[j-1]>>(64-rest)
		} else if j == from {
			w = now[j] << rest
		}
		reordered := ends.reordered[i]
		if last {
			reordered &^= x.rows[i]
		}
		if now[i] = w & (ends.plain[i] | reordered); now[i] != 0 {
			first = i
		}
	}
	return first
}

// endsOf works out where a chunk ends. What a few characters have in common is
// worked out once.
func (x *places) endsOf(chunk []element) chunkEnds {
	if len(chunk) > usualMarks {
		clear(x.long.reordered)
		x.makeEnds(x.long, chunk)
		return x.long
	}
	key := chunkKey{length: uint8(len(chunk))}
	copy(key.elements[:], chunk)
	ends, ok := x.chunks[key]
	if !ok {
		ends = chunkEnds{x.newSet(), x.newSet()}
		x.makeEnds(ends, chunk)
		x.chunks[key] = ends
	}
	return ends
}

// makeEnds fills ends, whose set reordered is empty.
func (x *places) makeEnds(ends chunkEnds, chunk []element) {
	now := ends.plain // at first, all
	for i := range now {
		now[i] = ^uint64(0)
	}
	suffixes := suffixMarks(chunk)
	for p, e := range chunk {
		equal := x.lookup(x.equals, e)
		if rest := len(chunk) - p; p > 0 && rest > 1 {
			x.reorder(ends.reordered, now, equal, suffixes[p])
		}
		carry, any := uint64(0), uint64(0)
		for i, w := range now {
			w &= equal[i]
			now[i] = w<<1 | carry
			carry = w >> 63
			any |= w
		}
		if x.steps += len(now); any == 0 {
			return
		}
	}
}

// reorder is (d): it adds where the marks end that are the same but for their
// order, from the places of now where the first differs.
func (x *places) reorder(ends, now, equal set, m marks) {
	list := x.marks[m]
	if len(list) <= len(now) {
		for _, q := range list {
			if now.has(int(q)) && !equal.has(int(q)) {
				ends.add(int(q) + m.length)
			}
		}
		x.steps += len(list)
		return
	}
	s := x.markSets[m]
	if s == nil {
		s = x.newSet()
		for _, q := range list {
			s.add(int(q))
		}
		x.markSets[m] = s
		x.steps += len(list)
	}
	words, rest := m.length/64, m.length%64
	for i, w := range s {
		w &= now[i] &^ equal[i]
		if j := i + words; j < len(ends) {
			ends[j] |= w << rest
		}
		if j := i + words + 1; j < len(ends) && rest > 0 {
			ends[j] |= w >> (64 - rest)
		}
	}
	x.steps += len(s)
}

// marks stands for a run of marks in canonical order: two runs have the same
// length and, sorted, the same vals if their marks are equal, but for a
// collision of sums of 64 bits that are drawn anew in each process. Runs of the
// same vals always have equal marks.
type marks struct {
	length int
	sum    uint64
}

var markSeed = rand.Uint64()

// marksOf lists, for each run of two or more marks that ends where no mark
// follows, where it stands in the elements.
func marksOf(elements []placed) map[marks][]int32 {
	list := map[marks][]int32{}
	var r run
	for i := len(elements) - 1; i >= 0; i-- {
		if elements[i].class() == 0 {
			if r.length > 0 {
				r = run{}
			}
			continue
		}
		if r.add(elements[i].element); r.length > 1 {
			list[r.marks] = append(list[r.marks], int32(i))
		}
	}
	return list
}

// suffixMarks returns the marks of chunk[p:], for p from 1 on.
func suffixMarks(chunk []element) []marks {
	list := make([]marks, len(chunk))
	var r run
	for p := len(chunk) - 1; p > 0; p-- {
		r.add(chunk[p])
		list[p] = r.marks
	}
	return list
}

// run is a run of marks that grows at its front. To put it in order leaves the
// marks of one class in sequence, so a hash for each class identifies it.
type run struct {
	marks
	classes [256]uint64
}

func (r *run) add(e element) {
	h := &r.classes[e.class()]
	r.sum -= *h
	*h = scramble(*h ^ scramble(markSeed^uint64(e.val())<<8^uint64(e.class())))
	r.sum += *h
	r.length++
}

// scramble is the finalizer of SplitMix64.
func scramble(h uint64) uint64 {
	h = (h ^ h>>30) * 0xBF58476D1CE4E5B9
	h = (h ^ h>>27) * 0x94D049BB133111EB
	return h ^ h>>31
}
