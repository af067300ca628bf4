package index

import "slices"

// The tables of an index, by what their keys are of. A pattern goes into the
// first where it has a key that few others share.
const (
	byExact = iota // all codes, of patterns without a wildcard
	byGram6        // six codes in a row
	bySID          // the SID of the client
	byGram4
	byGram2
	tables
)

// spans are the lengths of grams.
//
// Grams are looked up at the even places of a text alone: a literal of seven
// codes has two grams of six, and wherever it stands, one of them is at an even
// place. So a pattern has postings for both.
var spans = [tables]int{byGram6: 6, byGram4: 4, byGram2: 2}

// builder makes the postings: for each pattern by the rarest of its keys.
type builder struct {
	patterns []pattern
	common   sketch // how many patterns have a key
	loads    sketch // how many are found by it
	lists    [tables][]hashed
	unkeyed  []int32
	keys     []key // of one pattern
}

// maxShared is how many patterns may share a key. For each request that has the
// key they may all become candidates.
const maxShared = 8

// fewPostings are looked at one by one in less time than grams are looked up.
const fewPostings = 32

func (x *Index) addPostings() {
	b := &builder{patterns: x.patterns, common: newSketch(len(x.globs)), loads: newSketch(len(x.globs))}
	if len(x.globs) <= fewPostings {
		b.unkeyed = x.globs
	} else {
		b.addAll(x.globs)
	}
	for table, list := range b.lists {
		if spans[table] > 0 && len(list) <= fewPostings {
			for _, p := range list {
				b.unkeyed = append(b.unkeyed, p.pattern)
			}
		} else if len(list) > 0 {
			x.tables = append(x.tables, newTable(table, list))
		}
	}
	slices.Sort(b.unkeyed)
	for _, i := range slices.Compact(b.unkeyed) {
		x.unkeyed = append(x.unkeyed, newPosting(x.patterns, i, x.patterns[i].front()))
	}
}

// addAll adds the postings of patterns. What has no key that is rare enough for
// any table goes by its rarest with room for more; or it becomes a candidate for
// every request.
func (b *builder) addAll(places []int32) {
	rest := slices.Clone(places)
	for table := 0; table < tables && len(rest) > 0; table++ {
		b.count(table, places)
		rest = slices.DeleteFunc(rest, func(i int32) bool {
			k, n := b.rarest(table, i)
			if n <= maxShared {
				b.add(k, i)
			}
			return n <= maxShared
		})
	}
	for _, i := range rest {
		best, fewest := key{}, none
		for table := range tables {
			if k, n := b.rarest(table, i); n < fewest {
				best, fewest = k, n
			}
		}
		if fewest == none {
			b.unkeyed = append(b.unkeyed, i)
			continue
		}
		b.add(best, i)
	}
}

// count counts the keys of patterns for a table.
func (b *builder) count(table int, places []int32) {
	for _, i := range places {
		p := &b.patterns[i]
		b.keys = p.appendKeys(b.keys[:0], table)
		for _, k := range b.keys {
			b.common.add(k, p)
		}
	}
}

// rarest returns the key of a pattern for a table that the fewest patterns
// share, of those with room for more, and how many do; none if there is no such
// key.
func (b *builder) rarest(table int, i int32) (best key, fewest int32) {
	p := &b.patterns[i]
	fewest = none
	b.keys = p.appendKeys(b.keys[:0], table)
	for _, k := range b.keys {
		if n := b.common.most(k, p); n < fewest && b.loads.most(k, p) < maxShared {
			best, fewest = k, n
		}
	}
	return best, fewest
}

func (b *builder) add(k key, i int32) {
	p := &b.patterns[i]
	b.loads.add(k, p)
	k.hashes(p, func(hash uint32, literal []byte) {
		b.lists[k.table] = append(b.lists[k.table], hashed{hash, newPosting(b.patterns, i, literal)})
	})
}

// key is something of a pattern: every request that it decides has one of its
// hashes.
type key struct {
	table   int
	literal []byte // of the pattern, from the place of a gram on
}

// maxSIDs is how many SIDs may be listed for them to be a key.
const maxSIDs = 8

// appendKeys appends the keys of a pattern for a table.
func (p *pattern) appendKeys(keys []key, table int) []key {
	switch {
	case table == byExact && p.exact():
		return append(keys, key{table, p.codes})
	case table == bySID && len(p.classes) == 0 && len(p.sids) <= maxSIDs:
		return append(keys, key{table, p.front()})
	case spans[table] > 0:
		for literal := range p.literals {
			for at := range len(literal) - spans[table] {
				keys = append(keys, key{table, literal[at:]})
			}
		}
	}
	return keys
}

// hashes calls yield with the hashes of a key, and the literal that a text has
// where it is found by that.
func (k key) hashes(p *pattern, yield func(hash uint32, literal []byte)) {
	switch k.table {
	case byExact:
		yield(textOf(k.literal).hash, k.literal)
	case bySID:
		for _, s := range p.sids {
			yield(hashOf(uint64(s.sid)), k.literal)
		}
	default:
		for at := range 2 {
			yield(hashOf(wordOf(k.literal[at:at+spans[k.table]])), k.literal[at:])
		}
	}
}

// sketch counts hashes of keys: never too few, now and then too many.
type sketch []int32

func newSketch(patterns int) sketch {
	n := 64
	for n < 128*patterns && n < 1<<18 {
		n *= 2
	}
	return make(sketch, n)
}

func (s sketch) count(table int, hash uint32) *int32 {
	return &s[(hash^uint32(table)*0x85EBCA6B)&uint32(len(s)-1)]
}

func (s sketch) add(k key, p *pattern) {
	k.hashes(p, func(hash uint32, _ []byte) { *s.count(k.table, hash)++ })
}

// most is the count of the most common hash of a key.
func (s sketch) most(k key, p *pattern) (n int32) {
	k.hashes(p, func(hash uint32, _ []byte) { n = max(n, *s.count(k.table, hash)) })
	return n
}
