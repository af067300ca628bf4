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
		found = a.outcomes[p].Answer.Denies()
		return !found
	})
	return found
}
