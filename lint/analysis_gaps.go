package lint

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
				a.Gaps = append(a.Gaps, Gap{g.request(text), g.sids(), a.denies(g)})
			}
		}
	}
}

// denies reports whether a policy that the group sees denies without a prompt.
func (a *Analysis) denies(g *group) bool {
	found := false
	g.sees.each(0, len(a.Policies), func(p int) bool {
		found = a.outcomes[p].Denies()
		return !found
	})
	return found
}

// gap gives the gap to show, if there is one: the first where a policy denies,
// or else the first. It is confirmed by the plain law.
func (a *Analysis) gap() (g Gap, ok bool) {
	for _, other := range a.Gaps {
		if !ok || other.Denies && !g.Denies {
			g, ok = other, true
		}
	}
	return g, ok && a.confirm(g.Request, -1)
}
