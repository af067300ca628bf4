package analysis

import (
	"slices"

	"ups/policy"
)

// gaps finds the requests that the service is asked about and no policy
// matches.
func (a *Analysis) gaps() {
	n := len(a.Policies)
	for i := range a.space.groups {
		g := &a.space.groups[i]
		if !g.asked() {
			continue
		}
		answer := a.prover.escape(everything, everything, a.formsIn(nil, g.sees, 0, n))
		switch answer.verdict {
		case exhausted:
			a.GapsOpen = true
		case escaped:
			text := a.text(answer.letters)
			if len(a.irregularHit(g, text, n)) == 0 {
				a.addGaps(g, text)
			}
		}
	}
}

// addGaps adds the gap of a group, for each result of the check that is in it.
func (a *Analysis) addGaps(g *group, text policy.Text) {
	for _, passed := range []bool{true, false} {
		of := slices.IndexFunc(g.atoms, func(at atom) bool { return at.passed == passed })
		if of < 0 {
			continue
		}
		r := policy.Request{SID: g.atoms[of].sid, Passed: passed, Destination: text}
		a.Gaps = append(a.Gaps, Gap{r, g.clients(passed), passed, a.denies(g)})
	}
}

// denies reports whether a policy that decides some request, and that the
// group sees, denies without a prompt.
func (a *Analysis) denies(g *group) bool {
	found := false
	g.sees.each(0, len(a.Policies), func(p int) bool {
		found = a.outcomes[p].Denies() && a.Policies[p].Reach == Reachable
		return !found
	})
	return found
}

// Uncovered returns the clients that have gaps with one result of the check,
// as classes and single SIDs, and the SIDs of those classes that have none.
func (a *Analysis) Uncovered(passed bool) (in SIDSet, except []uint32) {
	for _, g := range a.Gaps {
		if g.Passed == passed {
			in = in.union(g.Clients)
		}
	}
	for _, sid := range a.space.listed {
		if in.Classes.Has(sid) && !slices.Contains(in.SIDs, sid) {
			except = append(except, sid)
		}
	}
	in.SIDs = slices.DeleteFunc(in.SIDs, in.Classes.Has)
	return in, except
}

// Gap returns the gap to show, if there is one: the first where a policy denies,
// or else the first. It is confirmed by the plain law.
func (a *Analysis) Gap() (g Gap, ok bool) {
	for _, other := range a.Gaps {
		if !ok || other.Denies && !g.Denies {
			g, ok = other, true
		}
	}
	return g, ok && a.confirm(g.Request, -1)
}
