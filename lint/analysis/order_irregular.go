package analysis

import "slices"

// Irregular destinations are decided as before too if no policy that comes to
// stand before another could take such a request from it. Let a request be
// decided by r in the list, and by q in the new order, with another outcome. Then
// r stands before q in the list, and both match the request. So it is enough that
// they don't, or that a policy before r matches all that either of them does.

// keepsIrregular reports whether that is known of all links of a chain.
func (c *chain) keepsIrregular() bool {
	for i, q := range c.links {
		for r := range q {
			if !c.placed.has(r) && !slices.Contains(c.links[:i], r) && !c.neverTakes(q, r) {
				return false
			}
		}
	}
	return true
}

// neverTakes reports whether it is known that a policy takes nothing of another
// outcome from one before it.
func (p *pass) neverTakes(q, r int) bool {
	return p.outcomes[q] == p.outcomes[r] || !p.meet(q, r) ||
		p.firstCover(q) < r || p.firstCover(r) < r || p.disjoint(q, r)
}

// meet reports whether two policies are for some clients in common.
func (p *pass) meet(q, r int) bool {
	for range p.groupsOf[q].common(p.groupsOf[r]) {
		return true
	}
	return false
}

// firstCover returns the first policy that matches all that one does, be the
// destination regular or not: the policy itself if none does before it. If
// stretches are looked at alone, it is of the same.
func (p *pass) firstCover(q int) int {
	if p.firstCovers[q] >= 0 {
		return p.firstCovers[q]
	}
	y := 0
	if p.options.Alone {
		y = p.stretch[q].lo
	}
	for y < q && !(p.groupsOf[q].within(p.groupsOf[y]) && p.includesAll(y, q)) {
		y++
	}
	p.firstCovers[q] = y
	return y
}
