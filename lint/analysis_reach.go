package lint

import "slices"

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
	rivals set   // earlier policies that may share a string with it
	covers []set // sets of policies that cover it
	buf    set
}

func (a *Analysis) newSearch(p int) *search {
	s := &search{Analysis: a, policy: p, rivals: newSet(len(a.patterns)), buf: newSet(len(a.patterns))}
	for q := range p {
		if a.patterns[q] != nil && a.patterns[p].mayHold(everything, a.patterns[q]) {
			s.rivals.add(q)
		}
	}
	return s
}

// run reports whether some request of the groups, asked about or not, gets to
// the policy, and keeps it as the witness.
func (s *search) run(asked bool) Truth {
	found := No
	s.space.seenBy[s.policy].each(0, len(s.space.groups), func(i int) bool {
		if g := &s.space.groups[i]; g.asked() == asked {
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
	answer := s.prover.escape(s.patterns[s.policy], everything, s.formsIn(nil, s.buf, 0, s.policy))
	switch answer.verdict {
	case covered:
		s.covers = append(s.covers, s.buf.pick(answer.used))
		return No
	case exhausted:
		return Open
	}
	r := &s.Policies[s.policy]
	text := s.text(answer.letters)
	if hit := s.irregularHit(g, text, s.policy); len(hit) > 0 {
		r.irregular = merge(r.irregular, hit)
		return Open
	}
	r.witness, r.group = g.request(text), g
	r.letters = append(r.letters[:0], answer.letters...)
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
	r := &s.Policies[s.policy]
	before := *r
	defer func() { *r = before }()
	r.letters = nil
	return s.run(true) == No && (r.Reach == NeverAsked || s.run(false) == No)
}
