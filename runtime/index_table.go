package runtime

import "math/bits"

// table finds patterns by the hash of a key that every text matched by them
// has. It is asked with many keys for each text, and nearly all of the answers
// are no: these come from the filter, which is small enough for the
// processor's first cache, without a branch.
type table struct {
	filter []uint64
	starts []int32 // of the entries of each slot; one more than there are slots
	slots  uint32  // bits of a hash that aren't the slot
	list   []filed
	low    int32 // the first policy of all
}

// filed is a pattern in a table. Those of a slot are in order.
type filed struct {
	pattern int32
	low     int32 // its first policy
}

// keyed is one that isn't in its table yet.
type keyed struct {
	hash uint32
	filed
}

// newTable makes a table of entries, which are ordered by their first policy.
func newTable(list []keyed) table {
	if len(list) == 0 {
		return table{low: none}
	}
	log := bits.Len(uint(len(list) - 1))
	t := table{
		filter: make([]uint64, 2<<log), // 128 bits for an entry: one wrong yes among that many
		starts: make([]int32, 2<<log+1),
		slots:  uint32(31 - log),
		list:   make([]filed, len(list)),
		low:    list[0].low,
	}
	for _, k := range list {
		t.filter[t.word(k.hash)] |= 1 << (k.hash & 63)
		t.starts[k.hash>>t.slots+1]++
	}
	for i := range t.starts[1:] {
		t.starts[i+1] += t.starts[i]
	}
	next := append([]int32(nil), t.starts...)
	for _, k := range list {
		at := &next[k.hash>>t.slots]
		t.list[*at] = k.filed
		*at++
	}
	return t
}

// word is the place of a hash in the filter.
func (t *table) word(hash uint32) uint32 { return hash >> 6 & uint32(len(t.filter)-1) }

// has gives 1 in its lowest bit if the table may have entries for the hash; the
// other bits mean nothing. The table must not be empty.
func (t *table) has(hash uint32) uint64 {
	return bits.RotateLeft64(t.filter[t.word(hash)], -int(hash&63))
}

// entries gives the entries for the hash, and perhaps others.
func (t *table) entries(hash uint32) []filed {
	slot := hash >> t.slots
	return t.list[t.starts[slot]:t.starts[slot+1]]
}
