package index

import (
	"math/bits"

	"ups/internal/wildcard"
)

// query is the search for one decision.
type query struct {
	*Index
	text
	client
	textKind textKind          // of the text
	decoded  *wildcard.Decoded // the destination, if there may be need of the definition
	best     int32             // the first policy found so far
	cost     int32             // of the candidates tried so far
}

// decided is the place of the policy found; -1 if there is none.
func (q *query) decided() int {
	if q.best == none {
		return -1
	}
	return int(q.best)
}

// search finds the first policy with a regular pattern.
func (q *query) search() {
	q.tryPostings(q.unkeyed, 0)
	for i := range q.tables {
		t := &q.tables[i]
		switch {
		case t.low >= q.best:
		case t.kind == byExact:
			q.lookUp(t, q.hash)
		case t.kind == bySID:
			q.lookUp(t, hashOf(uint64(q.sid)))
		default:
			q.searchGrams(t, spans[t.kind])
		}
	}
	if q.cost > q.maxCost {
		q.runAutomaton()
	}
}

// lookUp tries what has a key.
func (q *query) lookUp(t *table, hash uint32) {
	if t.filter.has(hash, 0) != 0 {
		q.tryPostings(t.slot(hash), 0)
	}
}

// searchGrams looks up the grams of the text, in 64 places at a time.
func (q *query) searchGrams(t *table, span int) {
	f, mask, last := t.filter, maskOf(span), q.n-span
	for i := 0; i <= last; i += 64 {
		found := uint64(0)
		for j := 0; j < 64 && i+j <= last; j += 8 {
			w, next := q.word(i+j), q.word(i+j+8)
			found |= f.even(w, next, mask) << (j & 63)
		}
		for ; found != 0; found &= found - 1 {
			at := i + bits.TrailingZeros64(found)
			q.tryPostings(t.slot(hashOf(q.word(at)&mask)), at)
		}
	}
}

// tryPostings tries those that may match with their key at some place.
func (q *query) tryPostings(list []posting, place int) {
	for i := range list {
		if p := &list[i]; p.low < q.best && p.mayMatch(q, place) {
			q.try(p.pattern)
		}
	}
}

// try matches a candidate, if those before it haven't cost too much.
func (q *query) try(i int32) {
	p := &q.patterns[i]
	if q.cost > q.maxCost {
		return
	}
	q.cost += p.cost
	if p.match(q.codes()) {
		q.found(p)
	}
}

// found notes the first policy of a pattern that may match, if that is for the
// client, comes before the best so far, and the pattern does match.
func (q *query) found(p *pattern) {
	first := p.first(&q.client)
	if first < q.best && q.confirm(p) {
		q.best = first
	}
}

// confirm matches by the definition, unless the codes decide.
func (q *query) confirm(p *pattern) bool {
	switch {
	case q.textKind == ascii && p.regular():
		return true
	case p.prepared != nil:
		return p.prepared.Match(q.decoded)
	}
	prepared := wildcard.Prepare(q.policies[p.low].Destination)
	return prepared.Match(q.decoded)
}

// searchDefinition finds the first policy with a pattern that the codes say
// nothing of.
func (q *query) searchDefinition() {
	for _, i := range q.definition[q.textKind] {
		p := &q.patterns[i]
		if p.low >= q.best {
			return
		}
		q.found(p)
	}
}

// wordsOnStack is how many words of states are kept without allocation.
const wordsOnStack = 64

// runAutomaton matches all patterns at once.
func (q *query) runAutomaton() {
	a := q.automaton()
	states := append(make(wildcard.States, 0, wordsOnStack), a.Start()...)
	for _, c := range q.codes() {
		a.Step(states, states, letterOf(c))
	}
	a.Accepting(states, false, func(glob int) bool {
		q.found(&q.patterns[q.globs[glob]])
		return true
	})
}
