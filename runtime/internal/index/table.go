package index

import (
	"cmp"
	"math/bits"
	"slices"
)

// table finds patterns by the hash of a key: something that every request that
// they decide has. It is asked about many keys of each request, and nearly all
// of the answers are no: these come from the filter, without a branch.
type table struct {
	kind     int // of its keys
	filter   filter
	starts   []int32 // of the postings of each slot; one more than there are slots
	shift    uint32  // a slot is the bits of a hash from this one on
	postings []posting
	low      int32 // the first policy of all
}

// hashed is a posting with the hash of its key.
type hashed struct {
	hash uint32
	posting
}

// bitsEach are the bits of a filter for each posting: of other hashes, one in so
// many or fewer is in it.
const bitsEach = 64

// newTable makes a table of at least one posting.
func newTable(kind int, list []hashed) table {
	slices.SortFunc(list, func(k, l hashed) int {
		return cmp.Or(cmp.Compare(k.hash, l.hash), cmp.Compare(k.pattern, l.pattern))
	})
	log := bits.Len(uint(len(list)))
	t := table{
		kind:     kind,
		filter:   make(filter, bitsEach<<log/64),
		starts:   make([]int32, 2<<log+1),
		shift:    uint32(31 - log),
		postings: make([]posting, len(list)),
		low:      none,
	}
	for i, k := range list {
		t.filter.add(k.hash)
		t.starts[k.hash>>t.shift+1]++
		t.postings[i] = k.posting
		t.low = min(t.low, k.low)
	}
	for i := range t.starts[1:] {
		t.starts[i+1] += t.starts[i]
	}
	return t
}

// slot returns the postings of a hash, and perhaps others.
func (t *table) slot(hash uint32) []posting {
	i := hash >> t.shift
	return t.postings[t.starts[i]:t.starts[i+1]]
}

// filter has a bit for each key, and other keys may have the same.
type filter []uint64

func (f filter) word(hash uint32) uint32 { return hash >> 6 & uint32(len(f)-1) }

func (f filter) add(hash uint32) { f[f.word(hash)] |= 1 << (hash & 63) }

// has returns the bit k if the hash may have been added, and else 0. The filter
// must not be empty.
func (f filter) has(hash uint32, k int) uint64 {
	return bits.RotateLeft64(f[f.word(hash)], k-int(hash)) & (1 << k)
}

// even looks up the grams at the even places of a word, and returns a bit for
// each place.
func (f filter) even(w, next, mask uint64) uint64 {
	high := w>>32 | next<<32
	return f.has(hashOf(w&mask), 0) | f.has(hashOf(w>>16&mask), 2) |
		f.has(hashOf(high&mask), 4) | f.has(hashOf(high>>16&mask), 6)
}
