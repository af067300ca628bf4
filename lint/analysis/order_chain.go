package analysis

import "slices"

// chain is policies to be placed one after the other before a general one, so
// that the last may be placed, which is more specific.
type chain struct {
	*pass
	general int
	tried   set // those that are in the chain, or were to be
	links   []int
}

// lead adds a policy to the chain, after others that take what would change
// with their own outcome, which is the same.
func (c *chain) lead(policy int) bool {
	c.tried.add(policy)
	for {
		ok, w := c.mayFollow(policy, c.links)
		if ok {
			c.links = append(c.links, policy)
			return true
		}
		if w == nil || !c.leadTaker(w) {
			return false
		}
	}
}

// leadTaker adds a policy that takes a request, with what has to stand before it.
func (c *chain) leadTaker(w *kept) bool {
	return slices.ContainsFunc(w.takers, func(q int) bool {
		if c.tried.has(q) || c.begun.has(q) || c.stretch[q] != c.stretch[c.general] || c.covers(q, c.general) {
			return false
		}
		n := len(c.links)
		if !c.lead(q) {
			c.links = c.links[:n]
			return false
		}
		return true
	})
}
