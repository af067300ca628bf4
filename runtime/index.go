package runtime

import (
	"fmt"
	"sync"

	"ups/internal/wildcard"
	"ups/policy"
)

// index finds the policy that decides. It always agrees with
// policy.File.Decide.
type index struct {
	policies  []policy.Policy
	patterns  []pattern // the regular ones
	irregular []owners  // of the others, one policy each
	blanks    []int32   // patterns without a literal
	whole     table     // by whole texts
	heads     ends
	tails     ends
	grams     [longestGram]table // by length less one
	crowd     int32              // the first policy of the patterns that are in no table

	swarm      swarm
	onceLetter sync.Once
	lettersNow *letters
}

// ends is a table by what texts begin with, or end with.
type ends struct {
	table
	reaches []reach
}

func newEnds(list []keyed, used [len(reaches)]bool, reachOf func(int) reach) ends {
	e := ends{table: newTable(list)}
	for i, n := range reaches {
		if used[i] {
			e.reaches = append(e.reaches, reachOf(n))
		}
	}
	return e
}

// query is the search for one decision.
type query struct {
	*index
	text
	sid   uint32
	kind  uint32
	units []uint16 // the destination, if it isn't ASCII
	best  int32    // the first policy found so far
	tries int
}

// maxTries is how many general patterns are matched one by one for a request.
const maxTries = 16

func (x *index) decide(sid uint32, passed bool, destination string) (int, error) {
	var r room
	q := query{index: x, text: newText(&r, len(destination)), sid: sid, kind: kindOf(sid, passed), best: none}
	if q.foldASCII(destination) {
		if len(x.irregular) > 0 {
			return x.decideUTF8(sid, passed, destination)
		}
		q.search()
		return q.place(), nil
	}
	return x.decideUTF8(sid, passed, destination)
}

// place is the place of the policy found; -1 if there is none.
func (q *query) place() int {
	if q.best == none {
		return -1
	}
	return int(q.best)
}

func (x *index) decideUTF8(sid uint32, passed bool, destination string) (int, error) {
	var buffer [onStack]uint16
	units, err := wildcard.AppendUTF16(buffer[:0], destination)
	if err != nil {
		return -1, fmt.Errorf("destination: %w", err)
	}
	return x.decideUTF16(sid, passed, units), nil
}

func (x *index) decideUTF16(sid uint32, passed bool, destination []uint16) int {
	var r room
	q := query{index: x, sid: sid, kind: kindOf(sid, passed), best: none}
	q.text = newText(&r, len(destination))
	if !q.foldUnits(destination) {
		var ok bool
		q.units = destination
		r = room{}
		if q.text, ok = x.letters().text(&r, destination); !ok {
			return x.plain(sid, passed, destination)
		}
	}
	q.search()
	q.searchIrregular(destination)
	return q.place()
}

// plain asks each policy in turn.
func (x *index) plain(sid uint32, passed bool, destination []uint16) int {
	f := policy.File{Policies: x.policies}
	return f.Decide(policy.Request{SID: sid, Passed: passed, Destination: destination})
}

func (x *index) letters() *letters {
	x.onceLetter.Do(func() {
		var foreign [][]uint16
		for _, p := range x.policies {
			for _, u := range p.Destination {
				if u >= firstForeign {
					foreign = append(foreign, p.Destination)
					break
				}
			}
		}
		x.lettersNow = newLetters(foreign)
	})
	return x.lettersNow
}

// search finds the first policy with a regular pattern.
func (q *query) search() {
	for _, p := range q.blanks {
		q.try(p)
	}
	if q.whole.low < q.best {
		if h := q.text.hash(); q.whole.has(h)&1 != 0 {
			q.tryAll(q.whole.entries(h))
		}
	}
	if q.heads.low < q.best {
		w := q.headWords()
		q.searchEnd(&q.heads, &w)
	}
	if q.tails.low < q.best {
		w := q.tailWords()
		q.searchEnd(&q.tails, &w)
	}
	for i := range q.grams {
		if t := &q.grams[i]; t.low < q.best {
			q.searchGrams(t, i+1)
		}
	}
	if q.crowd < q.best || q.tries > maxTries {
		q.searchSwarm()
	}
}

func (q *query) searchEnd(e *ends, words *[3]uint64) {
	found := uint64(0)
	for i := range e.reaches {
		found |= e.has(e.reaches[i].hash(words))
	}
	if found&1 == 0 {
		return
	}
	for i := range e.reaches {
		if h := e.reaches[i].hash(words); e.has(h)&1 != 0 {
			q.tryAll(e.entries(h))
		}
	}
}

// searchGrams looks for grams of n codes at all places, eight at a time.
func (q *query) searchGrams(t *table, n int) {
	mask := gramMask(n)
	for i := 0; i <= q.n-n; i += 8 {
		low, next := q.word(i), q.word(i+8)
		high := low>>32 | next<<32
		found := t.has(gramHash(uint32(low)&mask)) |
			t.has(gramHash(uint32(low>>8)&mask)) |
			t.has(gramHash(uint32(low>>16)&mask)) |
			t.has(gramHash(uint32(low>>24)&mask)) |
			t.has(gramHash(uint32(high)&mask)) |
			t.has(gramHash(uint32(high>>8)&mask)) |
			t.has(gramHash(uint32(high>>16)&mask)) |
			t.has(gramHash(uint32(high>>24)&mask))
		if found&1 != 0 {
			q.tryGrams(t, mask, low, high)
		}
	}
}

// tryGrams tries what is filed under eight grams: four in each word.
func (q *query) tryGrams(t *table, mask uint32, low, high uint64) {
	for _, w := range [...]uint64{low, high} {
		for range 4 {
			if h := gramHash(uint32(w) & mask); t.has(h)&1 != 0 {
				q.tryAll(t.entries(h))
			}
			w >>= 8
		}
	}
}

func (q *query) tryAll(list []filed) {
	for _, e := range list {
		if e.low >= q.best {
			return
		}
		q.try(e.pattern)
	}
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
	return q.units == nil || wildcard.Match(q.policies[p.low].Destination, q.units)
}

// searchIrregular asks the law about the irregular patterns, in order.
func (q *query) searchIrregular(destination []uint16) {
	for i := range q.irregular {
		o := &q.irregular[i]
		if o.low >= q.best {
			return
		}
		if first := o.first(q.sid, q.kind); first < q.best && wildcard.Match(q.policies[first].Destination, destination) {
			q.best = first
		}
	}
}
