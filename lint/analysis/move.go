package analysis

// Move is what comes of moving a policy to an earlier place: an edit that is
// proved before it is advised.
type Move struct {
	To int // the place of the policy that it would stand before
	// Kills are policies that some request gets to now, and none would then.
	Kills []int
}

// Revive finds the last place from which an unreachable policy would decide
// some request, and what comes of moving it there. It returns false if that
// isn't decided.
func (a *Analysis) Revive(p int) (Move, bool) {
	lo, hi := 0, p // no request gets to it at hi; at 0 some do
	if alone := a.Policies[p].Alone; len(alone) > 0 {
		hi = alone[0] + 1
	}
	for lo+1 < hi {
		middle := (lo + hi) / 2
		switch a.newSearchAt(p, middle).run(true) {
		case Yes:
			lo = middle
		case No:
			hi = middle
		default:
			return Move{}, false
		}
	}
	return a.MoveBefore(p, lo)
}

// MoveBefore finds what comes of moving a policy before the one at place to.
// It returns false if that isn't decided, or if the policy would decide no
// request there.
func (a *Analysis) MoveBefore(p, to int) (Move, bool) {
	m := Move{To: to}
	if a.newSearchAt(p, to).run(true) != Yes {
		return m, false
	}
	for k := to; k < p; k++ {
		if r := &a.Policies[k]; r.Reach != Reachable || !a.File.Policies[p].Matches(r.found.request) {
			continue
		}
		s := a.newSearch(k)
		s.addRival(p)
		switch s.run(true) {
		case No:
			m.Kills = append(m.Kills, k)
		case Open:
			return m, false
		}
	}
	return m, true
}

// MoveLast finds whether a policy would decide any request at the end of the
// list, and to which of those that stand after it no request would get even
// then.
func (a *Analysis) MoveLast(p int) (decides bool, stays []int) {
	n := len(a.Policies)
	for k := p + 1; k < n; k++ {
		s := a.newSearch(k)
		s.rivals.remove(p)
		if a.Policies[k].Reach == Unreachable && s.run(true) != Yes {
			stays = append(stays, k)
		}
	}
	return a.newSearchAt(p, n).run(true) == Yes, stays
}
