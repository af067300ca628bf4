package analysis

import (
	"slices"

	"ups/policy"
)

// Relation compares an earlier policy with a later one in one dimension.
type Relation uint8

// The relations, by inclusion.
const (
	Apart    Relation = iota // neither has all of the other, or it isn't decided
	Same                     // both have the same
	Wider                    // the earlier one has all of the later one, and more
	Narrower                 // the other way round
)

func relation(wider, narrower bool) Relation {
	switch {
	case wider && narrower:
		return Same
	case wider:
		return Wider
	case narrower:
		return Narrower
	}
	return Apart
}

// Conflict is with an earlier policy that decides requests of a later one with
// another outcome, and is more general in at least one dimension.
type Conflict struct {
	Decided
	SIDs, Security, Destinations Relation
}

// OutOfOrder reports whether the earlier policy is in no dimension the more
// specific one.
func (c Conflict) OutOfOrder() bool {
	return c.SIDs != Narrower && c.Security != Narrower && c.Destinations != Narrower
}

// Slight reports whether the two have little in common: the earlier one is for
// more SIDs, and the destinations merely overlap.
func (c Conflict) Slight() bool {
	return c.SIDs == Wider && c.Security == Same && c.Destinations == Apart
}

// general reports whether the earlier policy is more general in some dimension.
func (c Conflict) general() bool {
	return c.SIDs == Wider || c.Security == Wider || c.Destinations == Wider
}

// findConflicts finds the conflicts of a Reachable policy.
func (r *Result) findConflicts(p int) {
	result := &r.Policies[p]
	r.prover.budget.spend(p)
	s := &conflictSearch{engine: r.engine, p: p}
	r.neighbours.load(r.engine, p)
	for e := range r.overlapping(p).in(interval{0, p}) {
		if r.Policies[e].Reach != Reachable || r.outcomes[e] == result.Outcome {
			continue
		}
		c, answer := s.conflict(e)
		switch answer {
		case Yes:
			result.Conflicts = append(result.Conflicts, c)
		case Unknown:
			result.ConflictsUndecided = true
		}
	}
	r.confirmFirst(p, true)
	r.confirmFirst(p, false)
}

// confirmFirst confirms the first conflict that is out of order, or the first
// that isn't: that one's witness is shown. Those that can't be confirmed are
// dropped.
func (r *Result) confirmFirst(p int, outOfOrder bool) {
	result := &r.Policies[p]
	for i := 0; i < len(result.Conflicts); i++ {
		c := result.Conflicts[i]
		if c.OutOfOrder() != outOfOrder {
			continue
		}
		if r.confirm(c.Request, c.By) && r.File.Policies[p].Matches(c.Request) {
			return
		}
		result.Conflicts = slices.Delete(result.Conflicts, i, i+1)
		result.ConflictsUndecided, result.Doubt = true, Unconfirmed
		i--
	}
}

// conflictSearch looks for conflicts of the policy p.
type conflictSearch struct {
	*engine
	p       int
	earlier []int // the policies that matter to p and another
	visible []int // those of them that are visible to a group
	covers  []set // sets of them that leave nothing in some group
}

// conflict returns the conflict with an earlier policy, if there is one.
func (s *conflictSearch) conflict(e int) (Conflict, Truth) {
	c, decided := s.compare(e)
	switch {
	case decided && !c.general():
		return c, No
	case !decided || s.prover.lowBudget():
		return c, Unknown
	}
	s.earlier, s.covers = s.neighbours.of(s.earlier[:0], s.engine, e), nil
	s.prover.budget.spend(len(s.earlier))
	answer := No
	for i := range s.groupsOf[e].common(s.groupsOf[s.p]) {
		if g := &s.groups[i]; g.asked() {
			request, found := s.in(g, e)
			c.Request = request
			answer = answer.or(found)
		}
		if answer == Yes {
			return c, Yes
		}
		if s.prover.lowBudget() {
			return c, Unknown
		}
	}
	return c, answer
}

// compare compares an earlier policy with p.
func (s *conflictSearch) compare(e int) (c Conflict, decided bool) {
	earlier, later := s.policies[e].Security, s.policies[s.p].Security
	wider := s.includes(s.patterns[e], s.patterns[s.p])
	narrower := s.includes(s.patterns[s.p], s.patterns[e])
	return Conflict{
		Decided:      Decided{By: e},
		SIDs:         relation(s.sids[s.p].within(s.sids[e]), s.sids[e].within(s.sids[s.p])),
		Security:     relation(holdsWherever(earlier, later), holdsWherever(later, earlier)),
		Destinations: relation(wider == included, narrower == included),
	}, wider != exhausted && narrower != exhausted
}

// holdsWherever reports whether a holds wherever b does.
func holdsWherever(a, b policy.Security) bool { return a == b || a == policy.PassedOrFailed }

// in looks for a request of one group that e decides and p matches.
func (s *conflictSearch) in(g *group, e int) (policy.Request, Truth) {
	for _, c := range s.covers {
		if s.prover.budget.spend(len(c)); c.within(g.visible) {
			return policy.Request{}, No
		}
	}
	s.visible = s.visible[:0]
	for _, k := range s.earlier {
		if g.visible.has(k) {
			s.visible = append(s.visible, k)
		}
	}
	a := s.prover.includes(s.patterns[e], s.patterns[s.p], s.patternsOf(s.visible))
	switch a.status {
	case exhausted:
		return policy.Request{}, Unknown
	case included:
		s.covers = append(s.covers, s.coreOf(a, s.visible))
		return policy.Request{}, No
	}
	request := s.request(g, a.refutation)
	if len(s.irregularMatches(g, request.Destination, e)) > 0 {
		return request, Unknown
	}
	return request, Yes
}
