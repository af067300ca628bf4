package analysis

import (
	"slices"

	"ups/internal/wildcard"
	"ups/policy"
)

// question asks whether some request of a form that no policy of base matches
// has another outcome than want, by the first policy of list that matches it, or
// by rest if none does.
type question struct {
	form       *form // nil: not regular, so it may be any string
	base, list interval
	// ahead are policies of list that stand before all others, and are asked
	// as base is; nil is none.
	ahead      set
	want, rest Outcome
	// only limits the policies of list that are looked at; nil is all, and
	// rest.
	only set
	// confirm reports whether the request that was found is one, decider being
	// the policy of the list, or -1.
	confirm func(g *group, r policy.Request, decider int) bool
	proofs  proofs

	refutation []wildcard.Letter // the destination that confirm is about
}

// proofs has, for a policy of the list or -1, sets of policies that leave it no
// request of the form. A proof for one group holds for each to which those
// policies are visible.
type proofs map[int][]set

// differing is a question under way in one group. Of the policies that are
// visible to the group it looks at some, which has all that may overlap the
// form.
type differing struct {
	*engine
	*question
	group  *group
	some   set
	form   *form
	answer Truth
}

// differs answers a question for one group: Yes if a request was confirmed.
func (e *engine) differs(g *group, some set, q *question) Truth {
	d := &differing{engine: e, question: q, group: g, some: some, form: orEverything(q.form), answer: No}
	d.before = slices.AppendSeq(d.before[:0], some.in(q.base))
	if q.ahead != nil {
		d.before = slices.AppendSeq(d.before, some.common(q.ahead))
	}
	for k := range some.in(q.list) {
		if e.prover.budget.spend(1); q.ahead != nil && q.ahead.has(k) {
			continue
		}
		if e.outcomes[k] != q.want && (q.only == nil || q.only.has(k)) {
			d.decidedBy(k, orEverything(e.patterns[k]))
		}
		d.before = append(d.before, k)
		if e.patterns[k] != nil && e.includes(e.patterns[k], d.form) == included || d.answer == Yes {
			return d.answer // nothing is left
		}
	}
	if q.only == nil && q.rest != q.want {
		d.decidedBy(-1, everything)
	}
	return d.answer
}

// decidedBy looks for a request that one policy of the list decides, or none.
func (d *differing) decidedBy(k int, pattern *form) {
	for _, proof := range d.proofs[k] {
		if d.prover.budget.spend(len(proof)); proof.within(d.some) {
			return
		}
	}
	if d.prover.lowBudget() {
		d.answer = d.answer.or(Unknown)
		return
	}
	if d.includes(pattern, d.form) == included {
		pattern = everything
	}
	a := d.prover.includes(d.form, pattern, d.patternsOf(d.before))
	switch {
	case a.status == included:
		d.proofs[k] = append(d.proofs[k], d.coreOf(a, d.before))
	case a.status == refuted && d.confirmed(a, k):
		d.answer = Yes
	default:
		d.answer = d.answer.or(Unknown)
	}
}

func (d *differing) confirmed(a answer, k int) bool {
	d.refutation = a.refutation
	return d.confirm(d.group, d.request(d.group, a.refutation), k)
}

func orEverything(f *form) *form {
	if f == nil {
		return everything
	}
	return f
}

// differsAnywhere answers a question about a policy for all groups that it is
// visible to and that the service is asked about. Groups to which the same of
// what matters is visible are asked once.
func (e *engine) differsAnywhere(p int, q *question) Truth {
	matters := newSet(len(e.patterns))
	for _, in := range []interval{q.base, q.list} {
		for k := range e.overlapping(p).in(in) {
			matters.add(k)
		}
	}
	answer, done := No, map[string]bool{}
	for i := range e.groupsOf[p].all() {
		g := &e.groups[i]
		some := intersection(matters, g.visible)
		if key := some.key(); g.asked() && !done[key] {
			done[key] = true
			answer = answer.or(e.differs(g, some, q))
		}
		if answer == Yes {
			break
		}
	}
	return answer
}

// findDiffers finds out whether some request of an Unreachable policy has
// another outcome than the policy's. It looks first for one that a policy
// decides which covers it.
func (r *Result) findDiffers(p int) {
	result := &r.Policies[p]
	q := &question{form: r.patterns[p], list: interval{0, p}, want: result.Outcome, rest: result.Outcome, proofs: proofs{}}
	q.confirm = func(_ *group, request policy.Request, decider int) bool {
		if decider < 0 || !r.confirm(request, decider) || !r.File.Policies[p].Matches(request) {
			return false
		}
		result.DifferingRequest = &Decided{request, decider}
		return true
	}
	q.only = setOf(len(r.patterns), result.Cover())
	if result.Differs = r.differsAnywhere(p, q); result.Differs != Yes {
		q.only = nil
		result.Differs = r.differsAnywhere(p, q)
	}
}
