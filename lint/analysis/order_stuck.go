package analysis

import (
	"slices"

	"ups/policy"
)

// stuck says of a policy why it stands after more general ones.
func (s *sorting) stuck(p int) Stuck {
	out := Stuck{Policy: p, General: s.general[p]}
	last := s.general[p][len(s.general[p])-1]
	answer, f, _ := s.changes(p, s.firstOf(last), interval{0, len(s.policies)})
	if answer == Yes {
		if by, ok := s.confirmMove(p, last, f.request); ok {
			out.Decided = Decided{f.request, by}
			out.Now, out.Then = s.outcomes[by], s.outcomes[p]
			return out
		}
	}
	switch {
	case answer != No:
		out.Reason = NotDecided
	case s.stretch[p] != s.stretch[last]:
		out.Reason = Separate
	case s.options.Alone:
		out.Reason = Around
	default:
		out.Reason = Unproved
	}
	return out
}

// firstOf returns the set of the policies before one.
func (s *sorting) firstOf(p int) set {
	out := newSet(len(s.policies))
	for q := range p {
		out.add(q)
	}
	return out
}

// changes looks for a request that would change among the decisions of some
// policies, if one of them were placed after those that are ahead, and returns
// its outcome now. What it finds isn't confirmed.
func (s *sorting) changes(p int, ahead set, among interval) (answer Truth, f *found, now Outcome) {
	if s.patterns[p] == nil {
		return Unknown, nil, Outcome{}
	}
	q := &question{
		form: s.patterns[p], list: among, ahead: ahead,
		want: s.outcomes[p], rest: s.outcomes[p], proofs: proofs{},
	}
	q.confirm = func(g *group, r policy.Request, decider int) bool {
		f, now = &found{r, g, slices.Clone(q.refutation)}, s.outcomes[decider]
		return true
	}
	answer = s.differsAnywhere(p, q)
	return answer, f, now
}

// confirmMove confirms that a request has another outcome than a policy's and
// would be decided by that if it stood before another.
func (s *sorting) confirmMove(p, before int, r policy.Request) (by int, ok bool) {
	by = s.File.Decide(r)
	s.prover.budget.spend(len(s.policies) * decideCost)
	return by, by >= before && s.outcomes[by] != s.outcomes[p] && s.File.Policies[p].Matches(r)
}
