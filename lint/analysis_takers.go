package lint

import "ups/policy"

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

// Taker is an earlier policy that decides requests of a later one, with
// another outcome, and is more general in at least one dimension.
type Taker struct {
	Slice
	SIDs, Security, Destinations Relation
}

// OutOfOrder reports whether the earlier policy is in no dimension the more
// specific one.
func (t Taker) OutOfOrder() bool {
	return t.SIDs != Narrower && t.Security != Narrower && t.Destinations != Narrower
}

// takers finds the earlier policies that take a part of a reachable one.
func (a *Analysis) takers(p int) {
	r := &a.Policies[p]
	for e := range p {
		a.prover.budget.spend(1)
		if a.Policies[e].Reach != Reachable || a.outcomes[e] == r.Outcome ||
			!a.patterns[e].mayMeet(a.patterns[p]) {
			continue
		}
		t, decided := a.compare(e, p)
		if decided && t.SIDs != Wider && t.Security != Wider && t.Destinations != Wider {
			continue
		}
		if !decided || a.prover.budget.broke() {
			r.TakersOpen = true
			continue
		}
		switch a.takes(e, p, &t.Request) {
		case Yes:
			r.Takers = append(r.Takers, t)
		case Open:
			r.TakersOpen = true
		}
	}
}

// compare compares an earlier policy with a later one.
func (a *Analysis) compare(e, p int) (t Taker, decided bool) {
	earlier, later := &a.File.Policies[e], &a.File.Policies[p]
	t.By = e
	sids := a.space.sids
	t.SIDs = relation(sids[p].within(sids[e]), sids[e].within(sids[p]))
	t.Security = relation(secures(earlier.Security, later.Security), secures(later.Security, earlier.Security))
	wider := a.holds(a.patterns[e], a.patterns[p])
	narrower := a.holds(a.patterns[p], a.patterns[e])
	t.Destinations = relation(wider == covered, narrower == covered)
	return t, wider != exhausted && narrower != exhausted
}

// secures reports whether a holds wherever b does.
func secures(a, b policy.Security) bool { return a == b || a == policy.PassedOrFailed }

// takes finds a request that e decides and p would match.
func (a *Analysis) takes(e, p int, witness *policy.Request) Truth {
	both := newSet(len(a.space.groups))
	both.common(a.space.seenBy[e], a.space.seenBy[p])
	var covers []set
	found := No
	both.each(0, len(a.space.groups), func(i int) bool {
		g := &a.space.groups[i]
		if g.asked() {
			found = worse(found, a.takesIn(g, e, p, &covers, witness))
		}
		return found != Yes && !a.prover.budget.broke()
	})
	if found == No && a.prover.budget.broke() {
		return Open
	}
	return found
}

func (a *Analysis) takesIn(g *group, e, p int, covers *[]set, witness *policy.Request) Truth {
	for _, c := range *covers {
		if a.prover.budget.spend(len(c)); c.within(g.sees) {
			return No
		}
	}
	rivals := g.between(nil, 0, e)
	answer := a.prover.escape(a.patterns[e], a.patterns[p], a.formsOf(rivals))
	switch answer.verdict {
	case exhausted:
		return Open
	case covered:
		c := newSet(len(a.patterns))
		for _, i := range answer.used {
			c.add(rivals[i])
		}
		*covers = append(*covers, c)
		return No
	}
	*witness = g.request(a.text(answer.letters))
	if a.confirm(*witness, e) && a.File.Policies[p].Matches(*witness) {
		return Yes
	}
	return Open
}
