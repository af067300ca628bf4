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
	a.prover.budget.spend(p)
	a.beside.divide(a, p)
	a.mayMeet(p).each(0, p, func(e int) bool {
		if a.Policies[e].Reach == Reachable && a.outcomes[e] != r.Outcome {
			a.taker(e, p)
		}
		return true
	})
	a.confirmFirst(r, p, true)
	a.confirmFirst(r, p, false)
}

// taker adds e to the takers of p, if it is one.
func (a *Analysis) taker(e, p int) {
	r := &a.Policies[p]
	t, decided := a.compare(e, p)
	if decided && t.SIDs != Wider && t.Security != Wider && t.Destinations != Wider {
		return
	}
	if !decided || a.prover.broke() {
		r.TakersOpen = true
		return
	}
	switch a.takes(e, p, &t.Request) {
	case Yes:
		r.Takers = append(r.Takers, t)
	case Open:
		r.TakersOpen = true
	}
}

// confirmFirst asks the plain law about the first taker that is out of order,
// or the first that isn't: that one's witness is given out. Those that the law
// doesn't confirm are dropped.
func (a *Analysis) confirmFirst(r *Result, p int, outOfOrder bool) {
	for i := 0; i < len(r.Takers); i++ {
		t := r.Takers[i]
		if t.OutOfOrder() != outOfOrder {
			continue
		}
		if a.confirm(t.Request, t.By) && a.File.Policies[p].Matches(t.Request) {
			return
		}
		r.Takers, r.TakersOpen, r.Doubt = slices.Delete(r.Takers, i, i+1), true, Unconfirmed
		i--
	}
}

// compare compares an earlier policy with a later one.
func (a *Analysis) compare(e, p int) (t Taker, decided bool) {
	earlier, later, sids := &a.File.Policies[e], &a.File.Policies[p], a.space.sids
	t.By = e
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
	a.rivals = a.beside.of(a.rivals[:0], a.patterns[e], a.mayMeet(e), e)
	a.prover.budget.spend(len(a.rivals))
	var covers []set
	found := No
	a.space.seenBy[e].eachCommon(a.space.seenBy[p], func(i int) bool {
		g := &a.space.groups[i]
		if g.asked() {
			found = worse(found, a.takesIn(g, e, p, &covers, witness))
		}
		return found != Yes && !a.prover.broke()
	})
	if found == No && a.prover.broke() {
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
	a.buf, a.among = a.buf[:0], a.among[:0]
	for _, r := range a.rivals {
		if g.sees.has(r) {
			a.buf, a.among = append(a.buf, a.patterns[r]), append(a.among, r)
		}
	}
	answer := a.prover.escape(a.patterns[e], a.patterns[p], a.buf)
	switch answer.verdict {
	case exhausted:
		return Open
	case covered:
		cover := newSet(len(a.patterns))
		for _, i := range answer.used {
			cover.add(a.among[i])
		}
		*covers = append(*covers, cover)
		return No
	}
	*witness = g.request(a.text(answer.letters))
	if len(a.irregularHit(g, witness.Destination, e)) > 0 {
		return Open
	}
	return Yes
}
