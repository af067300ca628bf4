package analysis

import (
	"ups/internal/wildcard"
	"ups/policy"
)

// engine holds what all questions share about one list, or about two. The places
// of policies are then those in the two lists joined.
type engine struct {
	*partition
	outcomes  []Outcome // of each policy
	patterns  []*form   // of each policy; nil if not regular
	irregular set       // the policies whose patterns aren't
	alphabet  *wildcard.Alphabet

	prover     prover
	inclusions map[[2]int]status    // by the ids of two forms
	overlaps   []set                // of each policy; nil if not asked for: see overlapping
	neighbours neighbours           // of the policy whose conflicts are looked for
	buf        []*form              // of patternsOf
	prepared   []*wildcard.Prepared // of each policy; nil if it wasn't needed
	before     []int                // of a differing: the policies of base, and those of list so far
}

func newEngine(o Options, files ...*policy.File) *engine {
	forms := &forms{}
	e := &engine{
		partition:  newPartition(files...),
		alphabet:   &forms.alphabet,
		prover:     prover{budget: newBudget(o)},
		inclusions: map[[2]int]status{},
	}
	e.overlaps, e.irregular = make([]set, len(e.policies)), newSet(len(e.policies))
	for _, f := range files {
		for i := range f.Policies {
			form := forms.of(f.Policies[i].Destination)
			if form == nil {
				e.irregular.add(len(e.patterns))
			}
			e.patterns = append(e.patterns, form)
			e.outcomes = append(e.outcomes, OutcomeOf(f, &f.Policies[i]))
		}
	}
	return e
}

// request returns a request of a group.
func (e *engine) request(g *group, destination []wildcard.Letter) policy.Request {
	return policy.Request{SID: g.clients[0].SID, Passed: g.clients[0].Passed, Destination: e.alphabet.Render(destination)}
}

// includes reports whether outer matches all that inner does.
func (e *engine) includes(outer, inner *form) status {
	switch {
	case inner == outer || outer == everything:
		return included
	case !outer.matters(inner, everything):
		return refuted
	}
	key := [2]int{inner.id, outer.id}
	if s, ok := e.inclusions[key]; ok {
		return s
	}
	s := e.prover.includes(inner, everything, []*form{outer}).status
	e.inclusions[key] = s
	return s
}

// overlapping returns the policies that may match a destination that p matches
// too, whatever the client. Those that aren't regular may.
func (e *engine) overlapping(p int) set {
	if e.overlaps[p] == nil {
		e.overlaps[p] = newSet(len(e.patterns))
		for q, f := range e.patterns {
			if f == nil || e.patterns[p] == nil || e.patterns[p].mayOverlap(f) {
				e.overlaps[p].add(q)
			}
		}
	}
	return e.overlaps[p]
}

// patternsOf returns the forms of some policies, until the next call; nil for
// what isn't regular.
func (e *engine) patternsOf(policies []int) []*form {
	e.buf = e.buf[:0]
	for _, p := range policies {
		e.buf = append(e.buf, e.patterns[p])
	}
	return e.buf
}

// irregularMatches returns the policies before end that aren't regular and match
// a request of the group.
func (e *engine) irregularMatches(g *group, destination policy.Text, end int) []int {
	var out []int
	for p := range e.irregular.in(interval{0, end}) {
		if g.visible.has(p) && wildcard.Match(e.policies[p].Destination, destination) {
			out = append(out, p)
		}
	}
	return out
}
