package index

import (
	"math/bits"
	"slices"
)

// table finds patterns by the hash of a key that every text matched by them
// has. It is asked with many keys for each text, and nearly all of the answers
// are no: these come from the filter, which is small enough for the
// processor's first cache, without a branch.
type table struct {
	filter filter
	starts []int32 // of the entries of each slot; one more than there are slots
	slots  uint32  // bits of a hash that aren't the slot
	list   []keyed
	low    int32 // the first policy of all
}

// keyed is a pattern in a table.
type keyed struct {
	hash    uint32
	pattern int32
	low     int32  // its first policy
	kinds   uint32 // of clients that it is for
}

// Bits of a filter for each entry. A text has many grams, and each that is
// wrongly taken for a key costs more than a larger filter does.
const (
	keyBits  = 64
	gramBits = 256
)

// newTable makes a table. Of other hashes, its filter has one in bitsEach or
// fewer.
func newTable(list []keyed, bitsEach int) table {
	if len(list) == 0 {
		return table{low: none}
	}
	slices.SortStableFunc(list, func(k, l keyed) int { return int(k.low - l.low) })
	log := bits.Len(uint(len(list)))
	t := table{
		filter: make(filter, max(1, bitsEach<<log/64)),
		starts: make([]int32, 2<<log+1),
		slots:  uint32(31 - log),
		list:   make([]keyed, len(list)),
		low:    list[0].low,
	}
	for _, k := range list {
		t.filter.add(k.hash)
		t.starts[k.hash>>t.slots+1]++
	}
	for i := range t.starts[1:] {
		t.starts[i+1] += t.starts[i]
	}
	next := append([]int32(nil), t.starts...)
	for _, k := range list {
		at := &next[k.hash>>t.slots]
		t.list[*at] = k
		*at++
	}
	return t
}

// filter has a bit for each key, and other keys may have the same.
type filter []uint64

func (f filter) word(hash uint32) uint32 { return hash >> 6 & uint32(len(f)-1) }

func (f filter) add(hash uint32) { f[f.word(hash)] |= 1 << (hash & 63) }

// has gives the bit k if the hash may have been added, and else 0. The filter
// must not be empty.
func (f filter) has(hash uint32, k int) uint64 {
	return bits.RotateLeft64(f[f.word(hash)], k-int(hash)) & (1 << k)
}

// even asks for the grams of up to six codes at the even places of a word, and
// gives a bit for each.
func (f filter) even(w, next, mask uint64) uint64 {
	high := w>>32 | next<<32
	return f.has(hashOf(w&mask), 0) | f.has(hashOf(w>>16&mask), 2) |
		f.has(hashOf(high&mask), 4) | f.has(hashOf(high>>16&mask), 6)
}

// entries gives the entries for the hash, and perhaps others.
func (t *table) entries(hash uint32) []keyed {
	slot := hash >> t.slots
	return t.list[t.starts[slot]:t.starts[slot+1]]
}
