package runtime

import (
	"ups/policy"
)

// newIndex makes the index. It takes time and memory in proportion to the
// length of the patterns and the lists of SIDs.
func newIndex(policies []policy.Policy) *index {
	x := &index{policies: policies}
	x.gather()
	f := newFiling(len(x.patterns))
	for i := range x.patterns {
		f.count(&x.patterns[i], int32(i))
	}
	for i := range x.patterns {
		f.file(&x.patterns[i], int32(i))
	}
	f.finish(x)
	return x
}

// gather gives the index its patterns, in the order of their first policies.
// Policies with equal patterns share one.
func (x *index) gather() {
	places := make(map[string]int32, len(x.policies)) // of the patterns in lists
	var lists [][]int32                               // of the policies of each pattern
	var codes []string
	for i := range x.policies {
		c, ok := x.codesOf(x.policies[i].Destination)
		if !ok {
			x.irregular = append(x.irregular, newOwners(x.policies, []int32{int32(i)}))
			continue
		}
		at, known := places[string(c)]
		if !known {
			at = int32(len(lists))
			codes, lists = append(codes, string(c)), append(lists, nil)
			places[codes[at]] = at
		}
		lists[at] = append(lists[at], int32(i))
	}
	x.patterns = make([]pattern, len(lists))
	for i, list := range lists {
		x.patterns[i] = newPattern([]byte(codes[i]))
		x.patterns[i].owners = newOwners(x.policies, list)
	}
}

// codesOf gives the codes of a pattern; false if it isn't regular.
func (x *index) codesOf(destination []uint16) ([]byte, bool) {
	for _, u := range destination {
		if u >= firstForeign {
			return x.letters().pattern(destination)
		}
	}
	return asciiCodes(destination), true
}

// asciiCodes gives the codes of an ASCII pattern. Of a run of wildcards the
// star comes last.
func asciiCodes(pattern []uint16) []byte {
	codes, star := make([]byte, 0, len(pattern)), false
	for _, u := range pattern {
		switch {
		case u == '*':
			star = true
			continue
		case u == '?':
			codes = append(codes, codeAny)
			continue
		case star:
			codes, star = append(codes, codeStar), false
		}
		codes = append(codes, foldByte(byte(u)))
	}
	if star {
		codes = append(codes, codeStar)
	}
	return codes
}

// filing puts patterns into tables, each under the one of its keys that is the
// rarest.
type filing struct {
	sketch
	whole  []keyed
	ends   [2][]keyed // by what a text begins with, and ends with
	used   [2][len(reaches)]bool
	grams  [longestGram][]keyed
	blanks []int32
	crowd  []int32 // patterns without a rare key
	keys   []key   // of one pattern
}

// key is a key of a pattern.
type key struct {
	kind keyKind
	hash uint32
}

// keyKind is one of the lengths that a text begins with, then of those that it
// ends with, then a length of grams.
type keyKind uint32

const (
	headKinds = keyKind(0)
	tailKinds = headKinds + keyKind(len(reaches))
	gramKinds = tailKinds + keyKind(len(reaches))
)

func newFiling(patterns int) *filing { return &filing{sketch: newSketch(patterns)} }

// count counts the keys of a pattern.
func (f *filing) count(p *pattern, place int32) {
	for _, k := range f.keysOf(p) {
		f.sketch.add(k, place)
	}
}

// How many patterns may share a key. For each text that has the key they are
// all matched.
const (
	few   = 4 // so that nothing better is looked for
	crowd = 8 // at all
)

// file puts a pattern where it belongs.
func (f *filing) file(p *pattern, place int32) {
	e := filed{place, p.low}
	switch p.shape {
	case shapeExact:
		t := textOf(p.codes)
		f.whole = append(f.whole, keyed{t.hash(), e})
		return
	case shapeBlank:
		f.blanks = append(f.blanks, place)
		return
	}
	best, fewest := key{}, crowd+1
	for _, k := range f.keysOf(p) {
		n := f.sketch.get(k)
		if n < fewest {
			best, fewest = k, n
		}
		if n <= few && k.kind < gramKinds {
			break
		}
	}
	if fewest > crowd {
		f.crowd = append(f.crowd, place)
		return
	}
	list := f.list(best.kind)
	*list = append(*list, keyed{best.hash, e})
}

// list is the list for keys of a kind, which from now on is used.
func (f *filing) list(kind keyKind) *[]keyed {
	if kind >= gramKinds {
		return &f.grams[kind-gramKinds]
	}
	end, n := kind/tailKinds, kind%tailKinds
	f.used[end][n] = true
	return &f.ends[end]
}

// keysOf gives the keys of a pattern, those of its ends first. The list lives
// until the next call.
func (f *filing) keysOf(p *pattern) []key {
	f.keys = f.keys[:0]
	if p.shape == shapeExact || p.shape == shapeBlank {
		return nil
	}
	if n := literalLen(p.codes); n > 0 {
		f.keys = append(f.keys, headKey(p.codes[:n]))
	}
	lits := literals(p.codes)
	if p.codes[len(p.codes)-1] < codeAny {
		f.keys = append(f.keys, tailKey(lits[len(lits)-1]))
	}
	for _, lit := range lits {
		f.keys = appendGrams(f.keys, lit)
	}
	return f.keys
}

func headKey(lit []byte) key {
	i, t := longestReach(len(lit)), textOf(lit)
	r, w := headReach(reaches[i]), t.headWords()
	return key{headKinds + i, r.hash(&w)}
}

func tailKey(lit []byte) key {
	i, t := longestReach(len(lit)), textOf(lit)
	r, w := tailReach(reaches[i]), t.tailWords()
	return key{tailKinds + i, r.hash(&w)}
}

// longestReach is the place in reaches of the longest that is at most n.
func longestReach(n int) (i keyKind) {
	for int(i)+1 < len(reaches) && reaches[i+1] <= n {
		i++
	}
	return i
}

func appendGrams(keys []key, lit []byte) []key {
	n := min(len(lit), longestGram)
	for i := range len(lit) - n + 1 {
		gram := uint32(0)
		for j := range n {
			gram |= uint32(lit[i+j]) << (8 * j)
		}
		keys = append(keys, key{gramKinds + keyKind(n-1), gramHash(gram)})
	}
	return keys
}

// textOf makes a text of codes.
func textOf(codes []byte) text {
	t := newText(new(room), len(codes))
	copy(t.codes(), codes)
	return t
}

// finish makes the tables.
func (f *filing) finish(x *index) {
	x.blanks, x.whole = f.blanks, newTable(f.whole)
	x.heads = newEnds(f.ends[0], f.used[0], headReach)
	x.tails = newEnds(f.ends[1], f.used[1], tailReach)
	for i, list := range f.grams {
		x.grams[i] = newTable(list)
	}
	x.crowd = none
	if len(f.crowd) > 0 {
		x.crowd = x.patterns[f.crowd[0]].low
	}
	x.swarm.crowd = f.crowd
}

// sketch counts keys: never too few, now and then too many.
type sketch struct {
	counts []int32
	last   []int32 // who counted last, plus one
}

func newSketch(patterns int) sketch {
	n := 64
	for n < 32*patterns && n < 1<<16 {
		n *= 2
	}
	return sketch{make([]int32, n), make([]int32, n)}
}

func (s *sketch) place(k key) uint32 {
	return (k.hash ^ uint32(k.kind)*0x85EBCA6B) & uint32(len(s.counts)-1)
}

// add counts a key of a pattern, once for each pattern.
func (s *sketch) add(k key, pattern int32) {
	i := s.place(k)
	if s.last[i] != pattern+1 {
		s.last[i] = pattern + 1
		s.counts[i]++
	}
}

func (s *sketch) get(k key) int { return int(s.counts[s.place(k)]) }
