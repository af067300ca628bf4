package index

import (
	"math/bits"
	"slices"

	"ups/internal/wildcard"
)

// query is the search for one decision.
type query struct {
	*Index
	text
	sid     uint32
	kind    uint32
	decoded *wildcard.Decoded // the destination, if it isn't ASCII
	best    int32             // the first policy found so far
	tries   int
	looks   int              // at entries of tables
	seen    map[seenKey]bool // once there are many looks
}

// seenKey is a key that a text has had. Of two tables, no two entries are for
// the same pattern, so that the first tells the table.
type seenKey struct {
	hash  uint32
	first int32
}

// manyLooks is how many entries are looked at before a text that has one key
// in many places isn't led to the same patterns again.
const manyLooks = 1024

// maxTries is how many general patterns are matched one by one for a request.
const maxTries = 16

// place is the place of the policy found; -1 if there is none.
func (q *query) place() int {
	if q.best == none {
		return -1
	}
	return int(q.best)
}

// search finds the first policy with a regular pattern.
func (q *query) search() {
	for _, i := range q.blanks {
		p := &q.patterns[i]
		if first := p.first(q.sid, q.kind); first < q.best && p.fits(q.n) && q.confirm(p) {
			q.best = first
		}
	}
	q.look(&q.whole, q.hash)
	q.look(&q.sids, hashOf(uint64(q.sid)))
	q.searchEnds()
	for i := range q.grams {
		if t := &q.grams[i]; t.low < q.best {
			q.searchGrams(t)
		}
	}
	if q.crowd < q.best || q.tries > maxTries {
		q.searchSwarm()
	}
}

// look tries what has a key.
func (q *query) look(t *table, hash uint32) {
	if t.low < q.best && t.filter.has(hash, 0) != 0 {
		q.tryAll(t, hash)
	}
}

// searchEnds looks for keys at the ends of the text.
func (q *query) searchEnds() {
	if q.ends.low >= q.best {
		return
	}
	f, found := q.ends.filter, uint64(0)
	for i, m := range q.endMasks {
		found |= f.has(m.hash(q.first, q.last), 0) << (i & 63)
	}
	for ; found != 0; found &= found - 1 {
		m := q.endMasks[bits.TrailingZeros64(found)]
		q.tryAll(&q.ends, m.hash(q.first, q.last))
	}
}

// searchGrams looks for grams, in 64 places at a time.
func (q *query) searchGrams(t *gramTable) {
	f, mask, last := t.filter, t.mask, q.n-t.n
	for i := 0; i <= last; i += 64 {
		found := uint64(0)
		for j := 0; j < 64 && i+j <= last; j += 8 {
			w, next := q.word(i+j), q.word(i+j+8)
			found |= f.even(w, next, mask) << (j & 63)
			if t.step == 1 {
				found |= f.even(w>>8|next<<56, next>>8, mask) << (j & 63) << 1
			}
		}
		for ; found != 0; found &= found - 1 {
			at := i + bits.TrailingZeros64(found)
			q.tryAll(&t.table, hashOf(q.word(at)&mask))
		}
	}
}

// tryAll tries the patterns with the key.
func (q *query) tryAll(t *table, hash uint32) {
	entries := t.entries(hash)
	if q.looks > manyLooks && len(entries) > 0 && !q.isNew(seenKey{hash, entries[0].pattern}) {
		return
	}
	q.looks += len(entries)
	for _, k := range entries {
		if k.kinds&q.kind != 0 && k.hash == hash && k.low < q.best {
			q.try(k.pattern)
		}
	}
}

// isNew reports whether the text has had no such key since looks are many.
func (q *query) isNew(k seenKey) bool {
	if q.seen == nil {
		q.seen = map[seenKey]bool{}
	}
	seen := q.seen[k]
	q.seen[k] = true
	return !seen
}

// try matches one pattern, if it could be the first.
func (q *query) try(i int32) {
	p := &q.patterns[i]
	first := p.first(q.sid, q.kind)
	if first >= q.best {
		return
	}
	if p.shape == shapeGeneral {
		if q.tries++; q.tries > maxTries {
			return
		}
	}
	if p.match(q.codes()) && q.confirm(p) {
		q.best = first
	}
}

// confirm asks the law itself, for texts of which codes don't tell all.
func (q *query) confirm(p *pattern) bool {
	if q.decoded == nil {
		return true
	}
	law := wildcard.Prepare(q.policies[p.low].Destination)
	return law.Match(q.decoded)
}

// searchForeign asks the law about the regular patterns that aren't ASCII, in
// order, for an irregular text.
func (q *query) searchForeign(laws []wildcard.Prepared) {
	for k, i := range q.foreign {
		p := &q.patterns[i]
		if p.low >= q.best {
			return
		}
		if first := p.first(q.sid, q.kind); first < q.best && laws[k].Match(q.decoded) {
			q.best = first
		}
	}
}

// searchIrregular asks the law about irregular patterns, in order.
func (q *query) searchIrregular(list []*irregular, destination *wildcard.Decoded) {
	for _, p := range list {
		if p.low >= q.best {
			return
		}
		if first := p.first(q.sid, q.kind); first < q.best && p.Match(destination) {
			q.best = first
		}
	}
}

// searchForASCII is that for an ASCII text.
func (q *query) searchForASCII(destination string) {
	var room [usualText]uint16
	units := slices.Grow(room[:0], len(destination))
	for i := range len(destination) {
		units = append(units, uint16(destination[i]))
	}
	d := wildcard.Decode(units)
	q.searchIrregular(q.forASCII, &d)
}
