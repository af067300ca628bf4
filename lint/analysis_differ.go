package lint

import (
	"ups/internal/wildcard"
	"ups/policy"
)

// places are policies from lo up to but not including hi.
type places struct{ lo, hi int }

// question asks whether some request of a form that no policy of base matches
// is given another outcome than want by the first policy of list that matches
// it, or by rest if none does.
type question struct {
	form       *form // nil: not regular, so it may be any string
	base, list places
	want, rest Outcome
	// confirm reports whether the plain law agrees that the request shows it,
	// k being the policy of the list, or -1.
	confirm func(g *group, r policy.Request, k int) bool
}

// differ answers a question for one group: Yes if a request was confirmed.
func (a *Analysis) differ(g *group, q *question) Truth {
	subject := q.form
	if subject == nil {
		subject = everything
	}
	avoid := a.formsOf(g.between(nil, q.base.lo, q.base.hi))
	found, ended := No, false
	try := func(other *form, k int) bool {
		found = worse(found, a.differBy(g, q, subject, other, avoid, k))
		return found != Yes
	}
	g.sees.each(q.list.lo, q.list.hi, func(k int) bool {
		a.prover.budget.spend(1)
		other := a.patterns[k]
		if other != nil && !subject.mayMeet(other) {
			return true
		}
		if a.outcomes[k] != q.want && !try(orEverything(other), k) {
			return false
		}
		if other == nil {
			return true
		}
		ended = a.holds(other, subject) == covered
		avoid = append(avoid, other)
		return !ended
	})
	if found != Yes && !ended && q.rest != q.want {
		try(everything, -1)
	}
	return found
}

// differBy answers for one policy of the list, or for the rest.
func (a *Analysis) differBy(g *group, q *question, subject, other *form, avoid []*form, k int) Truth {
	if a.prover.budget.broke() {
		return Open
	}
	if a.holds(other, subject) == covered {
		other = everything
	}
	switch answer := a.prover.escape(subject, other, avoid); answer.verdict {
	case covered:
		return No
	case escaped:
		if q.confirm(g, g.request(a.text(answer.letters)), k) {
			return Yes
		}
	}
	return Open
}

func orEverything(f *form) *form {
	if f == nil {
		return everything
	}
	return f
}

// worse gives what is known when one of two answers may be Yes.
func worse(a, b Truth) Truth {
	switch {
	case a == Yes || b == Yes:
		return Yes
	case a == Open || b == Open:
		return Open
	}
	return No
}

// differAnywhere answers a question for all groups that see the policy and
// that the service is asked about. Groups that see the same of what matters
// are asked once.
func (a *Analysis) differAnywhere(p int, q *question) Truth {
	matters := newSet(len(a.patterns))
	for _, s := range []places{q.base, q.list} {
		for k := s.lo; k < s.hi; k++ {
			if a.patterns[k] == nil || a.patterns[p].mayMeet(a.patterns[k]) {
				matters.add(k)
			}
		}
	}
	found, done, buf := No, map[string]bool{}, newSet(len(a.patterns))
	a.space.seenBy[p].each(0, len(a.space.groups), func(i int) bool {
		g := &a.space.groups[i]
		buf.common(matters, g.sees)
		key := buf.key()
		if !g.asked() || done[key] {
			return true
		}
		done[key] = true
		found = worse(found, a.differ(g, q))
		return found != Yes
	})
	return found
}

// loss finds out whether an unreachable policy would have given another
// outcome than its requests get.
func (a *Analysis) loss(p int) {
	r := &a.Policies[p]
	q := &question{form: a.patterns[p], list: places{0, p}, want: r.Outcome, rest: r.Outcome}
	q.confirm = func(_ *group, request policy.Request, k int) bool {
		if k < 0 || !a.confirm(request, k) || !a.File.Policies[p].Matches(request) {
			return false
		}
		r.DiffersBy = &Slice{k, request}
		return true
	}
	r.Differs = a.differAnywhere(p, q)
}

// redundant finds out whether the list decides the same without a policy that
// is reachable. That it doesn't is no finding, so no witness is given out.
func (a *Analysis) redundant(p int) {
	r, n := &a.Policies[p], len(a.Policies)
	if a.next(p) != r.Outcome {
		r.Redundant = No
		return
	}
	q := &question{form: a.patterns[p], base: places{0, p}, list: places{p + 1, n}, want: r.Outcome, rest: DefaultOutcome(a.File)}
	q.confirm = func(g *group, request policy.Request, _ int) bool {
		return len(a.irregularHit(g, request.Destination, n)) == 0
	}
	switch a.differAnywhere(p, q) {
	case Yes:
		r.Redundant = No
	case No:
		r.Redundant = Yes
	}
}

// next gives the outcome of the policy's witness, were the policy not there.
func (a *Analysis) next(p int) Outcome {
	r := &a.Policies[p]
	o := DefaultOutcome(a.File)
	r.group.sees.each(p+1, len(a.Policies), func(k int) bool {
		matches := false
		if f := a.patterns[k]; f != nil {
			matches = f.match(r.letters)
		} else {
			matches = wildcard.Match(a.File.Policies[k].Destination, r.witness.Destination)
		}
		if matches {
			o = a.outcomes[k]
		}
		return !matches
	})
	return o
}
