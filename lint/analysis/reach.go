package analysis

import (
	"slices"

	"ups/internal/wildcard"
	"ups/policy"
)

// findReach finds out whether a policy decides any request: first among those
// that the service is asked about, then among the others.
func (r *Result) findReach(p int) {
	result := &r.Policies[p]
	switch {
	case r.groupsOf[p].empty():
		result.Reach = MatchesNothing
		return
	case r.patterns[p] == nil:
		result.Reach = Irregular
		return
	}
	s := r.newSearch(p)
	switch asked := s.run(true); {
	case asked == Yes:
		result.Reach = Reachable
	case asked == No:
		result.CoveredTogether = s.cover()
		result.Reach = s.reachUnasked()
		if result.Reach == Unreachable {
			result.CoveredTogether = s.cover()
		}
	default:
		s.run(false) // which may find the irregular policies that match
		result.Reach = Undecided
	}
	result.IrregularBefore = s.irregular
	if result.Reach == Reachable || result.Reach == NeverAsked {
		result.found, result.Witness = s.found, s.found.request
	}
}

// reachUnasked is the reach of a policy that decides nothing that the service
// is asked about.
func (s *search) reachUnasked() Reach {
	switch s.run(false) {
	case Yes:
		return NeverAsked
	case No:
		return Unreachable
	}
	return Undecided
}

// search looks for a request that a policy decides, one group after another.
type search struct {
	*engine
	policy  int
	end     int   // the policies that stand before it are before this place, but for itself
	earlier set   // those of them that matter
	covers  []set // sets of policies that cover it in some group

	irregular []int  // policies that aren't regular and match what was found
	found     *found // a request, once there is one
}

// found is a request that a policy decides.
type found struct {
	request policy.Request
	group   *group
	letters []wildcard.Letter // of its destination
}

func (e *engine) newSearch(p int) *search { return e.newSearchAt(p, p) }

// newSearchAt is for a policy that is moved before the one at a place.
func (e *engine) newSearchAt(p, place int) *search {
	s := &search{engine: e, policy: p, end: place, earlier: newSet(len(e.patterns))}
	for q := range place {
		if q != p {
			s.addEarlier(q)
		}
	}
	return s
}

// addEarlier lets a policy stand before the one that is looked at.
func (s *search) addEarlier(q int) {
	own := s.patterns[s.policy]
	if own != nil && s.patterns[q] != nil && s.patterns[q].matters(own, everything) {
		s.earlier.add(q)
	}
}

// run reports whether the policy decides some request of the groups that the
// service is asked about, or else of the others.
func (s *search) run(asked bool) Truth {
	answer := No
	for i := range s.groupsOf[s.policy].all() {
		g := &s.groups[i]
		if g.asked() != asked {
			continue
		}
		switch s.in(g) {
		case Yes:
			return Yes
		case Unknown:
			answer = Unknown
		}
	}
	return answer
}

// in is run for one group.
func (s *search) in(g *group) Truth {
	before := intersection(s.earlier, g.visible)
	if slices.ContainsFunc(s.covers, func(c set) bool { return c.within(before) }) {
		return No
	}
	earlier := slices.Collect(before.all())
	a := s.prover.includes(s.patterns[s.policy], everything, s.patternsOf(earlier))
	switch a.status {
	case included:
		s.covers = append(s.covers, s.coreOf(a, earlier))
		return No
	case exhausted:
		return Unknown
	}
	request := s.request(g, a.refutation)
	if matches := s.irregularMatches(g, request.Destination, s.end); len(matches) > 0 {
		s.irregular = sortedSet(append(s.irregular, matches...))
		return Unknown
	}
	s.found = &found{request, g, slices.Clone(a.refutation)}
	return Yes
}

// coreOf returns the policies that a proof rests on, which was about these.
func (e *engine) coreOf(a answer, policies []int) set {
	core := newSet(len(e.patterns))
	for _, i := range a.core {
		core.add(policies[i])
	}
	return core
}

// cover returns the policies that cover the policy in all groups so far.
func (s *search) cover() []int {
	all := newSet(len(s.patterns))
	for _, c := range s.covers {
		all.union(c)
	}
	return slices.Collect(all.all())
}
