package analysis

import (
	"ups/policy"
)

// Comparison says whether two versions of a list decide alike. It must not be
// changed.
type Comparison struct {
	// Changed says whether some request, of a regular destination, has another
	// outcome.
	Changed Truth
	// The rest is of one such request.
	Witness                policy.Request
	FromROM                bool // it makes a difference that the client was started from drive Z
	Before, After          Outcome
	OldDecider, NewDecider int // policies by place; -1 if none
}

// Compare compares two versions of a list by the answers that the system server
// gets, so by their authorisation policies too.
func Compare(before, after *policy.File, o Options) *Comparison {
	c := newComparison(before, after, o)
	c.result.Changed = No
	for i := range c.groups {
		if c.compareGroup(&c.groups[i]); c.result.Changed == Yes {
			break
		}
	}
	return &c.result
}

// comparison is a comparison under way. The places of policies are those in the
// two lists joined, the old one first.
type comparison struct {
	*engine
	result   Comparison
	old, new *policy.File
	m        int   // policies of the old list
	pairs    []int // of each policy of either list the one it is paired with, or -1
	// unpaired are all policies of the old list, and those of the new one that
	// aren't paired.
	unpaired set
	proofs   map[proofKey]proofs
}

func newComparison(before, after *policy.File, o Options) *comparison {
	c := &comparison{engine: newEngine(o, before, after), old: before, new: after, m: len(before.Policies), proofs: map[proofKey]proofs{}}
	c.pair()
	return c
}

// proofKey is a question but for the group. Those of equal answers share proofs.
type proofKey struct {
	policy        int // of the old list; -1 for what none decides
	before, after policy.Answer
}

// compareGroup compares the lists for one group.
func (c *comparison) compareGroup(g *group) {
	q := question{form: everything, list: interval{c.m, len(c.outcomes)}, rest: DefaultOutcome(c.new), confirm: c.confirmChange}
	if g.answers[1] != policy.Ask {
		q.list, q.rest = interval{}, unaskedOutcome(g.answers[1])
	}
	if g.answers[0] != policy.Ask {
		q.want = unaskedOutcome(g.answers[0])
		c.ask(g, -1, q)
		return
	}
	for i := range g.visible.in(interval{0, c.m}) {
		about := q
		about.form, about.want, about.base.hi = c.patterns[i], c.outcomes[i], i
		if c.ask(g, i, about) == Yes {
			break
		}
	}
	if c.result.Changed != Yes {
		q.want, q.base.hi = DefaultOutcome(c.old), c.m
		c.ask(g, -1, q)
	}
}

// ask asks about the requests that policy i of the old list decides.
func (c *comparison) ask(g *group, i int, q question) Truth {
	key := proofKey{i, g.answers[0], g.answers[1]}
	if c.proofs[key] == nil {
		c.proofs[key] = proofs{}
	}
	q.proofs = c.proofs[key]
	some := g.visible
	if i >= 0 {
		some = intersection(some, c.overlapping(i))
	}
	if g.answers[0] == policy.Ask && g.answers[1] == policy.Ask {
		some = c.narrow(some, i, &q)
	}
	if q.rest == q.want && !some.any(q.list) {
		return No
	}
	answer := c.differs(g, some, &q)
	c.result.Changed = c.result.Changed.or(answer)
	return answer
}

// confirmChange compares what becomes of a request of the group.
func (c *comparison) confirmChange(g *group, r policy.Request, _ int) bool {
	c.prover.budget.spend(len(c.policies) * decideCost)
	rom := g.clients[0].fromROM
	before, i := decision(c.old, r, rom)
	after, k := decision(c.new, r, rom)
	if before == after {
		return false
	}
	elsewhereBefore, _ := decision(c.old, r, !rom)
	elsewhereAfter, _ := decision(c.new, r, !rom)
	c.result = Comparison{
		Changed: c.result.Changed, Witness: r, FromROM: rom && elsewhereBefore == elsewhereAfter,
		Before: before, After: after, OldDecider: i, NewDecider: k,
	}
	return true
}

// decision returns the outcome of a request, and the policy that decides it or
// -1.
func decision(f *policy.File, r policy.Request, fromROM bool) (Outcome, int) {
	if a := f.HeaderOrZero().AuthorisationPolicy.Answer(r.SID, r.Passed, fromROM); a != policy.Ask {
		return unaskedOutcome(a), -1
	}
	if i := f.Decide(r); i >= 0 {
		return OutcomeOf(f, &f.Policies[i]), i
	}
	return DefaultOutcome(f), -1
}
