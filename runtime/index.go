package runtime

import (
	"fmt"
	"math/bits"
	"slices"
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
	whole     table     // by the whole text
	sids      table     // by the SID
	ends      table     // by what the text begins or ends with
	endMasks  []endMask
	grams     []gramTable
	crowd     int32 // the first policy of the patterns that are in no table
	swarm     *swarm

	onceLetters sync.Once
	lettersNow  *letters
}

// gramTable is a table by what stands anywhere in the text, and how to look.
type gramTable struct {
	table
	gramSpan
	mask uint64
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

// decide is List.Decide.
func (x *index) decide(sid uint32, passed bool, destination string) (int, error) {
	if len(destination) <= usualText {
		var r usualRoom
		return x.decideIn(r[:], sid, passed, destination)
	}
	var r longRoom
	return x.decideIn(r.zeros(len(destination)), sid, passed, destination)
}

func (x *index) decideIn(zeros []byte, sid uint32, passed bool, destination string) (int, error) {
	q := query{index: x, sid: sid, kind: kindOf(sid, passed), best: none}
	q.padded, q.n = zeros, len(destination)
	if !q.foldASCII(destination) || len(x.irregular) > 0 {
		return x.decideUTF8(sid, passed, destination)
	}
	q.search()
	return q.place(), nil
}

// place is the place of the policy found; -1 if there is none.
func (q *query) place() int {
	if q.best == none {
		return -1
	}
	return int(q.best)
}

func (x *index) decideUTF8(sid uint32, passed bool, destination string) (int, error) {
	var buffer [longText]uint16
	units, err := wildcard.AppendUTF16(buffer[:0], destination)
	if err != nil {
		return -1, fmt.Errorf("destination: %w", err)
	}
	return x.decideUTF16(sid, passed, units), nil
}

func (x *index) decideUTF16(sid uint32, passed bool, destination []uint16) int {
	var r longRoom
	q := query{index: x, sid: sid, kind: kindOf(sid, passed), best: none}
	q.padded, q.n = r.zeros(len(destination)), len(destination)
	if !q.foldUnits(destination) {
		q.units = destination
		if !x.letters().fill(&q.text, destination) {
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
	x.onceLetters.Do(func() {
		var foreign [][]uint16
		for _, p := range x.policies {
			if slices.ContainsFunc(p.Destination, isForeign) {
				foreign = append(foreign, p.Destination)
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
	for _, k := range t.entries(hash) {
		if k.kinds&q.kind != 0 && k.hash == hash && k.low < q.best {
			q.try(k.pattern)
		}
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
