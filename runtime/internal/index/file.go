package index

// filing puts patterns into tables, each under the one of its keys that is the
// rarest.
type filing struct {
	common sketch // how many patterns have a key
	loads  sketch // how many are filed under it
	whole  []keyed
	sids   []keyed
	ends   []keyed
	used   [len(endSpans)]bool
	grams  [len(gramSpans)][]keyed
	blanks []int32
	rest   []int32 // patterns that aren't filed
	keys   []key   // of one pattern
}

// Fewer patterns than that may share a key. For each request that has the key
// they are all tried.
const (
	few  = 5 // of the kinds that take the least time
	many = 9
)

// fileAll files the patterns of an index. Those of which all keys of some kinds
// are common go by keys of the next kinds; but first by a common key after all,
// if nearly all patterns that have it went elsewhere.
func fileAll(x *Index) {
	f := &filing{common: newSketch(len(x.patterns)), loads: newSketch(len(x.patterns))}
	for i := range x.patterns {
		f.sort(&x.patterns[i], int32(i))
	}
	for rank := range lastKind.rank() {
		if rank < gramKind.rank() {
			f.pass(x.patterns, &f.common, few, rank, rank)
			continue
		}
		f.pass(x.patterns, &f.common, many, rank, rank)
		f.pass(x.patterns, &f.loads, many, 0, rank)
	}
	f.finish(x)
}

// sort counts the keys of a pattern, or files it if it doesn't need any.
func (f *filing) sort(p *pattern, place int32) {
	switch p.shape {
	case shapeExact:
		f.whole = append(f.whole, p.keyed(textOf(p.codes).hash, place))
	case shapeBlank:
		f.blanks = append(f.blanks, place)
	default:
		f.rest = append(f.rest, place)
		f.keys = p.appendKeys(f.keys[:0])
		for _, k := range f.keys {
			f.common.add(k, place)
		}
	}
}

// pass files the patterns that have a key of these ranks of which s counts
// fewer than limit.
func (f *filing) pass(patterns []pattern, s *sketch, limit int, from, to keyKind) {
	rest := f.rest[:0]
	for _, place := range f.rest {
		best, fewest := key{}, limit
		f.keys = patterns[place].appendKeys(f.keys[:0])
		for _, k := range f.keys {
			if r := k.kind.rank(); r < from || r > to {
				continue
			}
			if n := s.most(k); n < fewest {
				best, fewest = k, n
			}
		}
		if fewest == limit {
			rest = append(rest, place)
			continue
		}
		f.put(best, &patterns[place], place)
	}
	f.rest = rest
}

// put files a pattern under a key.
func (f *filing) put(k key, p *pattern, place int32) {
	list := &f.sids
	switch {
	case k.kind >= gramKind:
		list = &f.grams[k.kind-gramKind]
	case k.kind >= endKind:
		list = &f.ends
		f.used[k.kind-endKind] = true
	}
	for _, hash := range k.hash[:k.n] {
		*list = append(*list, p.keyed(hash, place))
	}
	f.loads.add(k, place)
}

func (p *pattern) keyed(hash uint32, place int32) keyed {
	return keyed{hash: hash, pattern: place, low: p.low, kinds: p.allKinds}
}

// finish makes the tables.
func (f *filing) finish(x *Index) {
	x.blanks = f.blanks
	x.whole, x.sids, x.ends = newTable(f.whole, keyBits), newTable(f.sids, keyBits), newTable(f.ends, keyBits)
	for i, used := range f.used {
		if used {
			x.endMasks = append(x.endMasks, endSpans[i].mask())
		}
	}
	for i, list := range f.grams {
		if len(list) > 0 {
			x.grams = append(x.grams, gramTable{newTable(list, gramBits), gramSpans[i], gramSpans[i].maskOf()})
		}
	}
	x.swarm, x.crowd = newSwarm(x.patterns, f.rest), none
	if len(f.rest) > 0 {
		x.crowd = x.patterns[f.rest[0]].low
	}
}

// sketch counts the patterns that have a key: never too few, now and then too
// many.
type sketch struct {
	counts []int32
	last   []int32 // the pattern that counted last, plus one
}

func newSketch(patterns int) sketch {
	n := 64
	for n < 32*patterns && n < 1<<16 {
		n *= 2
	}
	return sketch{make([]int32, n), make([]int32, n)}
}

func (s *sketch) place(kind keyKind, hash uint32) uint32 {
	return (hash ^ uint32(kind)*0x85EBCA6B) & uint32(len(s.counts)-1)
}

// add counts a key of a pattern, once for each pattern.
func (s *sketch) add(k key, pattern int32) {
	for _, hash := range k.hash[:k.n] {
		i := s.place(k.kind, hash)
		if s.last[i] != pattern+1 {
			s.last[i] = pattern + 1
			s.counts[i]++
		}
	}
}

// most is how many patterns share the most common part of the key.
func (s *sketch) most(k key) (n int) {
	for _, hash := range k.hash[:k.n] {
		n = max(n, int(s.counts[s.place(k.kind, hash)]))
	}
	return n
}
