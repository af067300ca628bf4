package analysis

import (
	"slices"

	"ups/policy"
)

// Comparison says whether two versions of a list decide alike.
type Comparison struct {
	// Changed says whether some request, of a regular destination, gets
	// another outcome.
	Changed Truth
	// The rest is of one such request.
	Witness                policy.Request
	FromROM                bool // it makes a difference that the client was started from drive Z
	Before, After          Outcome
	OldDecider, NewDecider int // policies by place; -1 if none
}

// Compare compares two versions of a list. What counts is what the system
// server gets to hear, so the authorisation policies take part. The budget is
// as in Analyse.
func Compare(before, after *policy.File, steps int) *Comparison {
	c := &comparison{Analysis: newAnalysis(steps, before, after), old: before, new: after, m: len(before.Policies), proofs: map[asked]proofs{}}
	c.result.Changed = No
	c.align()
	for i := range c.space.groups {
		if c.group(&c.space.groups[i]); c.result.Changed == Yes {
			break
		}
	}
	return &c.result
}

// comparison is a comparison under way. Policies have their places in both
// lists put one behind the other.
type comparison struct {
	*Analysis
	result   Comparison
	old, new *policy.File
	m        int // policies of the old list
	// pairs has, for each policy of either list, by place, the one of the other
	// list that stands for it; -1 if none does. They come in the same order.
	pairs []int
	// unpaired are all policies of the old list, and those of the new one that
	// have no pair.
	unpaired set
	proofs   map[asked]proofs
}

// asked is a question but for the group. Those of equal gates share proofs.
type asked struct {
	policy        int // of the old list; -1 for what none decides
	before, after gate
}

// group compares the lists for one group.
func (c *comparison) group(g *group) {
	q := question{form: everything, list: places{c.m, len(c.outcomes)}, rest: DefaultOutcome(c.new), shows: c.confirmChange}
	if g.gates[1] != ask {
		q.list, q.rest = places{}, g.gates[1].outcome()
	}
	if g.gates[0] != ask {
		q.want = g.gates[0].outcome()
		c.ask(g, -1, q)
		return
	}
	g.sees.each(0, c.m, func(i int) bool {
		about := q
		about.form, about.want, about.base.hi = c.patterns[i], c.outcomes[i], i
		return c.ask(g, i, about) != Yes
	})
	if c.result.Changed != Yes {
		q.want, q.base.hi = DefaultOutcome(c.old), c.m
		c.ask(g, -1, q)
	}
}

func (c *comparison) ask(g *group, i int, q question) Truth {
	key := asked{i, g.gates[0], g.gates[1]}
	if c.proofs[key] == nil {
		c.proofs[key] = proofs{}
	}
	q.proofs = c.proofs[key]
	sees := slices.Clone(g.sees)
	if i >= 0 {
		sees.common(sees, c.mayMeet(i))
	}
	if g.gates[0] == ask && g.gates[1] == ask {
		c.narrow(sees, i, &q)
	}
	if q.rest == q.want && sees.next(q.list.lo, q.list.hi) < 0 {
		return No
	}
	t := c.differ(g, sees, &q)
	c.result.Changed = worse(c.result.Changed, t)
	return t
}

// confirmChange asks the plain law about a request of the group.
func (c *comparison) confirmChange(g *group, r policy.Request, _ int) bool {
	c.prover.budget.spend(len(c.space.policies) * 32)
	before, i := decision(c.old, r, g.atoms[0].rom)
	after, k := decision(c.new, r, g.atoms[0].rom)
	if before == after {
		return false
	}
	w := &c.result
	w.Witness, w.Before, w.After, w.OldDecider, w.NewDecider = r, before, after, i, k
	elsewhere, _ := decision(c.old, r, !g.atoms[0].rom)
	now, _ := decision(c.new, r, !g.atoms[0].rom)
	w.FromROM = g.atoms[0].rom && elsewhere == now
	return true
}

// decision gives the outcome of a request, and the policy that decides it or
// -1, by the plain law.
func decision(f *policy.File, r policy.Request, fromROM bool) (Outcome, int) {
	if g := gateOf(header(f).AuthorisationPolicy, r.SID, r.Passed, fromROM); g != ask {
		return g.outcome(), -1
	}
	if i := f.Decide(r); i >= 0 {
		return OutcomeOf(f, &f.Policies[i]), i
	}
	return DefaultOutcome(f), -1
}
