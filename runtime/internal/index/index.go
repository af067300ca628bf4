// Package index finds the policy that decides a request, in a time that doesn't
// depend on how many policies there are.
package index

import (
	"fmt"
	"slices"
	"sync"

	"ups/internal/wildcard"
	"ups/policy"
)

// Index finds the policy that decides, in a time that doesn't depend on how many
// there are. It always agrees with policy.File.Decide. It doesn't change but
// for what is made when first needed.
//
// Every regular pattern is filed under a key: something that all requests
// decided by it have and few other patterns share. A request is asked for all
// the keys it has, in tables that say no without a branch, and is matched with
// the few patterns that these lead to.
//
// An automaton over all patterns at once, the obvious way, was measured first.
// It takes a load for each byte that depends on the one before: 3 times the
// floor (BenchmarkDecide) for 64 states, 6 times for 4,096, before anything
// else is done, and has to be bounded, flushed and shared between goroutines
// while it grows.
type Index struct {
	policies  []policy.Policy
	patterns  []pattern // the regular ones
	foreign   []int32   // those of them that aren't ASCII
	irregular []*irregular
	forASCII  []*irregular // those of them that ASCII texts may match
	blanks    []int32      // patterns without a literal
	whole     table        // by the whole text
	sids      table        // by the SID
	ends      table        // by what the text begins or ends with
	endMasks  []endMask
	grams     []gramTable
	crowd     int32 // the first policy of the patterns that are in no table
	swarm     *swarm

	onceLetters sync.Once
	lettersNow  *letters
	onceForeign sync.Once
	foreignNow  []wildcard.Prepared
}

// gramTable is a table by what stands anywhere in the text, and how to look.
type gramTable struct {
	table
	gramSpan
	mask uint64
}

// Decide returns the place of the first policy that matches a request, or -1.
func (x *Index) Decide(sid uint32, passed bool, destination string) (int, error) {
	if len(destination) <= usualText {
		var r usualRoom
		return x.decideIn(r[:], sid, passed, destination)
	}
	var r longRoom
	return x.decideIn(r.zeros(len(destination)), sid, passed, destination)
}

func (x *Index) decideIn(zeros []byte, sid uint32, passed bool, destination string) (int, error) {
	q := query{Index: x, sid: sid, kind: kindOf(sid, passed), best: none}
	q.padded, q.n = zeros, len(destination)
	if !q.foldASCII(destination) {
		return x.decideUTF8(sid, passed, destination)
	}
	q.search()
	if len(x.forASCII) > 0 && x.forASCII[0].low < q.best {
		q.searchForASCII(destination)
	}
	return q.place(), nil
}

// decideUTF8 is Decide for texts that aren't ASCII.
func (x *Index) decideUTF8(sid uint32, passed bool, destination string) (int, error) {
	var buffer [longText]uint16
	units, err := wildcard.AppendUTF16(buffer[:0], destination)
	if err != nil {
		return -1, fmt.Errorf("destination: %w", err)
	}
	return x.DecideUTF16(sid, passed, units), nil
}

// DecideUTF16 is Decide for a destination in UTF-16 units. What matches an irregular text, its codes
// can't tell (see package wildcard), but they rule out nearly all ASCII
// patterns, so that no client can make a decision slow by its destination.
func (x *Index) DecideUTF16(sid uint32, passed bool, destination []uint16) int {
	var r longRoom
	q := query{Index: x, sid: sid, kind: kindOf(sid, passed), best: none}
	q.padded, q.n = r.zeros(len(destination)), len(destination)
	if q.foldUnits(destination) {
		q.search()
		if len(x.forASCII) > 0 {
			d := wildcard.Decode(destination)
			q.searchIrregular(x.forASCII, &d)
		}
		return q.place()
	}
	d := wildcard.Decode(destination)
	q.decoded = &d
	regular := x.letters().fill(&q.text, destination)
	if !regular {
		q.fillSieved(destination)
	}
	q.search()
	if !regular {
		q.searchForeign(x.foreignPatterns())
	}
	q.searchIrregular(x.irregular, &d)
	return q.place()
}

// letters gives the letters that aren't ASCII. Most lists never need them.
func (x *Index) letters() *letters {
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

// foreignPatterns gives the foreign patterns as the law is asked about them.
// Only irregular texts need them.
func (x *Index) foreignPatterns() []wildcard.Prepared {
	x.onceForeign.Do(func() {
		x.foreignNow = make([]wildcard.Prepared, len(x.foreign))
		for i, place := range x.foreign {
			x.foreignNow[i] = wildcard.Prepare(x.policies[x.patterns[place].low].Destination)
		}
	})
	return x.foreignNow
}
