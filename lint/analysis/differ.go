package analysis

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
	// only limits the policies of list that are of interest; nil is all, and
	// rest.
	only set
	// shows reports whether the law agrees that the request is one, k being
	// the policy of the list, or -1.
	shows func(g *group, r policy.Request, k int) bool
	// proofs has, for a policy of the list or -1, sets of policies that leave
	// it no request of the form. A proof for one group holds for each that
	// sees those policies.
	proofs proofs
}

// proofs are kept by the place of a policy.
type proofs map[int][]set

// differing is a question under way in one group. Of the policies that the
// group sees it looks at those in sees, which has all that may meet the form.
type differing struct {
	*Analysis
	*question
	group *group
	sees  set
	form  *form
	avoid []*form
	found Truth
}

// differ answers a question for one group: Yes if a request was confirmed.
func (a *Analysis) differ(g *group, sees set, q *question) Truth {
	d := &differing{Analysis: a, question: q, group: g, sees: sees, form: orEverything(q.form), found: No}
	d.avoid = a.formsIn(nil, sees, q.base.lo, q.base.hi)
	ended := false
	sees.each(q.list.lo, q.list.hi, func(k int) bool {
		a.prover.budget.spend(1)
		if a.outcomes[k] != q.want && (q.only == nil || q.only.has(k)) {
			d.by(k, orEverything(a.patterns[k]))
		}
		d.avoid = append(d.avoid, a.patterns[k])
		ended = a.patterns[k] != nil && a.holds(a.patterns[k], d.form) == covered
		return d.found != Yes && !ended
	})
	if d.found != Yes && !ended && q.only == nil && q.rest != q.want {
		d.by(-1, everything)
	}
	return d.found
}

// by looks for a request of one policy of the list, or of the rest.
func (d *differing) by(k int, other *form) {
	for _, proof := range d.proofs[k] {
		if d.prover.budget.spend(len(proof)); proof.within(d.sees) {
			d.found = worse(d.found, No)
			return
		}
	}
	if d.prover.broke() {
		d.found = worse(d.found, Open)
		return
	}
	if d.holds(other, d.form) == covered {
		other = everything
	}
	answer := d.prover.escape(d.form, other, d.avoid)
	switch {
	case answer.verdict == covered:
		d.prove(k, answer.used)
		d.found = worse(d.found, No)
	case answer.verdict == escaped && d.shows(d.group, d.group.request(d.text(answer.letters)), k):
		d.found = Yes
	default:
		d.found = worse(d.found, Open)
	}
}

// prove keeps a proof. The forms to avoid are those of base and then those of
// list, so an index among them tells the policy.
func (d *differing) prove(k int, used []int) {
	var among []int
	for _, r := range []places{d.base, d.list} {
		d.sees.each(r.lo, r.hi, func(p int) bool {
			among = append(among, p)
			return true
		})
	}
	proof := newSet(len(d.patterns))
	for _, i := range used {
		proof.add(among[i])
	}
	d.proofs[k] = append(d.proofs[k], proof)
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
	matters.addRange(a.mayMeet(p), q.base)
	matters.addRange(a.mayMeet(p), q.list)
	found, done, buf := No, map[string]bool{}, newSet(len(a.patterns))
	a.space.seenBy[p].each(0, len(a.space.groups), func(i int) bool {
		g := &a.space.groups[i]
		buf.common(matters, g.sees)
		key := buf.key()
		if !g.asked() || done[key] {
			return true
		}
		done[key] = true
		found = worse(found, a.differ(g, buf, q))
		return found != Yes
	})
	return found
}

// loss finds out whether an unreachable policy would have given another
// outcome than its requests get, and looks first for a request that a culprit
// decides.
func (a *Analysis) loss(p int) {
	r := &a.Policies[p]
	q := &question{form: a.patterns[p], list: places{0, p}, want: r.Outcome, rest: r.Outcome, proofs: proofs{}}
	q.shows = func(_ *group, request policy.Request, k int) bool {
		if k < 0 || !a.confirm(request, k) || !a.File.Policies[p].Matches(request) {
			return false
		}
		r.DiffersBy = &Slice{k, request}
		return true
	}
	if q.only = setOf(len(a.patterns), r.Culprits()); a.differAnywhere(p, q) == Yes {
		r.Differs = Yes
		return
	}
	q.only = nil
	r.Differs = a.differAnywhere(p, q)
}

// redundant finds out whether the list decides the same without a policy that
// is reachable. That it doesn't is no finding, so no witness is given out.
func (a *Analysis) redundant(p int) {
	r, n := &a.Policies[p], len(a.Policies)
	r.Heir = a.heir(p)
	if a.outcome(r.Heir) != r.Outcome {
		r.Redundant = No
		return
	}
	q := &question{
		form: a.patterns[p], base: places{0, p}, list: places{p + 1, n},
		want: r.Outcome, rest: a.outcome(-1), proofs: proofs{},
	}
	q.shows = func(g *group, request policy.Request, _ int) bool {
		return len(a.irregularHit(g, request.Destination, n)) == 0
	}
	switch a.differAnywhere(p, q) {
	case Yes:
		r.Redundant = No
	case No:
		if !a.confirm(r.found.request, p) {
			r.Doubt = Unconfirmed
			return
		}
		r.Redundant, r.Safe = Yes, a.safeHeir(p)
	}
}

// heir gives the policy that would decide the policy's witness, were the
// policy not there; -1 is the default policy.
func (a *Analysis) heir(p int) int {
	r, heir := &a.Policies[p], -1
	r.found.group.sees.each(p+1, len(a.Policies), func(k int) bool {
		matches := false
		if f := a.patterns[k]; f != nil {
			matches = f.match(r.found.letters)
		} else {
			matches = wildcard.Match(a.File.Policies[k].Destination, r.found.request.Destination)
		}
		if matches {
			heir = k
		}
		return !matches
	})
	return heir
}

// outcome gives the outcome of a policy; -1 is the default policy.
func (a *Analysis) outcome(p int) Outcome {
	if p < 0 {
		return DefaultOutcome(a.File)
	}
	return a.outcomes[p]
}
