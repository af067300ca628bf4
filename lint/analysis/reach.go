package analysis

import (
	"slices"

	"ups/internal/wildcard"
	"ups/policy"
)

// reach finds out whether any request gets to a policy: first among those that
// the service is asked about, then among the others.
func (a *Analysis) reach(p int) {
	r := &a.Policies[p]
	switch {
	case a.space.seenBy[p].empty():
		r.Reach = MatchesNothing
		return
	case a.patterns[p] == nil:
		r.Reach = Unclaimed
		return
	}
	s := a.newSearch(p)
	defer func() { r.found, r.Irregular = s.found, s.irregular }()
	switch s.run(true) {
	case Yes:
		r.Reach = Reachable
		return
	case Open:
		r.Reach = Undecided
	default:
		r.Reach, r.Together = Unreachable, s.culprits()
	}
	switch s.run(false) {
	case Yes:
		if r.Reach == Unreachable {
			r.Reach = NeverAsked
		}
	case Open:
		r.Reach = Undecided
	default:
		if r.Reach == Unreachable {
			r.Together = s.culprits()
		}
	}
}

// search looks for a request that a policy decides, one group after another.
type search struct {
	*Analysis
	policy int
	before int   // the place at which the policy stands; its own, unless another is tried
	rivals set   // policies that stand before it and may share a string with it
	covers []set // sets of policies that cover it
	buf    set

	irregular []int // policies that aren't regular and took what was found
	found     *found
}

// found is a request that a policy decides.
type found struct {
	request policy.Request
	group   *group
	letters []wildcard.Letter // of its destination
}

func (a *Analysis) newSearch(p int) *search { return a.newSearchAt(p, p) }

// newSearchAt is for a policy that stands before the one at another place.
func (a *Analysis) newSearchAt(p, before int) *search {
	s := &search{Analysis: a, policy: p, before: before, rivals: newSet(len(a.patterns)), buf: newSet(len(a.patterns))}
	for q := range before {
		if q != p {
			s.addRival(q)
		}
	}
	return s
}

// addRival adds a policy to those that stand before.
func (s *search) addRival(q int) {
	own := s.patterns[s.policy]
	if own != nil && s.patterns[q] != nil && own.mayHold(everything, s.patterns[q]) {
		s.rivals.add(q)
	}
}

// run reports whether some request of the groups, asked about or not, gets to
// the policy, and keeps it.
func (s *search) run(asked bool) Truth {
	return s.among(func(g *group) bool { return g.asked() == asked })
}

// among is run for some groups.
func (s *search) among(wanted func(*group) bool) Truth {
	found := No
	s.space.seenBy[s.policy].each(0, len(s.space.groups), func(i int) bool {
		if g := &s.space.groups[i]; wanted(g) {
			switch s.group(g) {
			case Yes:
				found = Yes
			case Open:
				found = Open
			}
		}
		return found != Yes
	})
	return found
}

func (s *search) group(g *group) Truth {
	s.buf.common(s.rivals, g.sees)
	if slices.ContainsFunc(s.covers, func(c set) bool { return c.within(s.buf) }) {
		return No
	}
	answer := s.prover.escape(s.patterns[s.policy], everything, s.formsIn(nil, s.buf, 0, len(s.patterns)))
	switch answer.verdict {
	case covered:
		s.covers = append(s.covers, s.buf.pick(answer.used))
		return No
	case exhausted:
		return Open
	}
	text := s.text(answer.letters)
	if hit := s.irregularHit(g, text, s.before); len(hit) > 0 {
		s.irregular = merge(s.irregular, hit)
		return Open
	}
	s.found = &found{g.request(text), g, slices.Clone(answer.letters)}
	return Yes
}

// culprits gives the policies that cover it in all groups so far.
func (s *search) culprits() []int {
	all := newSet(len(s.patterns))
	for _, c := range s.covers {
		all.addAll(c)
	}
	return all.list()
}

// blame finds out who covers a policy: each one that does so alone, or a set
// none of which can be spared.
func (a *Analysis) blame(p int) {
	r := &a.Policies[p]
	if r.Reach == Unreachable {
		for q := range p {
			if a.patterns[q] != nil && a.space.seenBy[p].within(a.space.seenBy[q]) &&
				a.holds(a.patterns[q], a.patterns[p]) == covered {
				r.Alone = append(r.Alone, q)
			}
		}
		if len(r.Alone) > 0 {
			r.Together = nil
			return
		}
	}
	s := a.newSearch(p)
	for i := 0; i < len(r.Together); {
		fewer := slices.Delete(slices.Clone(r.Together), i, i+1)
		if !s.suffice(fewer) {
			i++
			continue
		}
		r.Together = fewer
	}
}

// suffice reports whether it is proved that these policies cover the policy,
// as far as the service is asked about it if the policy is NeverAsked.
func (s *search) suffice(culprits []int) bool {
	s.rivals, s.covers = newSet(len(s.patterns)), nil
	for _, q := range culprits {
		s.rivals.add(q)
	}
	return s.run(true) == No && (s.Policies[s.policy].Reach == NeverAsked || s.run(false) == No)
}
