package analysis

import (
	"maps"
	"slices"
)

// A policy that is new, or gone, takes requests from many. They are told as its
// own: all that it matches and nothing before it does. That is so in a group if
// whatever decides some of them in the other version is of the same change; and
// if something else does, it may be an exception.

// parts describes the cells of a change in as few areas as can be shown to be the
// same. It returns the cells that would be too many areas.
func (c *change) parts() (parts []part, left []*cell) {
	cells, groups := c.byGroup()
	rest := map[*cell][]*group{}
	for _, g := range groups {
		merged, others := c.mergeGroup(g, cells[g])
		parts = append(parts, merged...)
		for _, cell := range others {
			if rest[cell] == nil {
				left = append(left, cell)
			}
			rest[cell] = append(rest[cell], g)
		}
	}
	if len(left) > c.maxRegions {
		return parts, left
	}
	for _, cell := range left {
		parts = append(parts, part{c.areaOf(cell), rest[cell]})
	}
	return parts, nil
}

// byGroup returns the cells of each group, and the groups in order.
func (c *change) byGroup() (map[*group][]*cell, []*group) {
	cells := map[*group][]*cell{}
	var groups []*group
	for _, cell := range c.cells {
		for _, g := range cell.groups {
			if cells[g] == nil {
				groups = append(groups, g)
			}
			cells[g] = append(cells[g], cell)
		}
	}
	return cells, groups
}

// mergeGroup puts cells of a group together by what decides them in the new list,
// or else in the old one.
func (c *change) mergeGroup(g *group, cells []*cell) (parts []part, left []*cell) {
	left = cells
	for _, s := range []side{newSide, oldSide} {
		cells, left = left, nil
		mine := map[int][]*cell{}
		for _, cell := range cells {
			mine[s.of(cell)] = append(mine[s.of(cell)], cell)
		}
		for _, fixed := range slices.Sorted(maps.Keys(mine)) {
			if a, ok := c.merge(g, s, fixed, mine[fixed]); ok {
				parts = append(parts, part{a, []*group{g}})
			} else {
				left = append(left, mine[fixed]...)
			}
		}
	}
	return parts, left
}

// side is one of the two lists.
type side int

const (
	oldSide side = iota
	newSide
)

func (s side) of(c *cell) int {
	if s == newSide {
		return c.new
	}
	return c.old
}

// merge returns the area of a decider on one side: all that it decides in its
// list, less what another decider than those of the cells decides in the other.
func (c *change) merge(g *group, s side, fixed int, cells []*cell) (area, bool) {
	if len(cells) < 2 || fixed == NotAsked || c.prover.lowBudget() {
		return area{}, false
	}
	var mine []int // deciders of the other list
	for _, cell := range cells {
		mine = append(mine, (1 - s).of(cell))
	}
	except, ok := c.others(g, s, fixed, mine)
	if !ok {
		return area{}, false
	}
	list := interval{0, min(order(fixed), c.m)}
	if s == newSide {
		list = interval{c.m, min(order(fixed), len(c.outcomes))}
	}
	for e := range g.visible.in(list) {
		if f := c.patterns[e]; f == nil || c.formOf(fixed).mayOverlap(f) {
			except = append(except, e)
		}
	}
	var match []int
	if fixed >= 0 {
		match = []int{fixed}
	}
	return c.areaBetween(match, except), true
}

// others returns the deciders of the other list, besides mine, of some request
// that the fixed one decides. It returns false unless they can be told by their
// patterns: those of mine that stand before one must have nothing in common with
// it.
func (c *change) others(g *group, s side, fixed int, mine []int) ([]int, bool) {
	list := interval{0, c.m}
	if s == oldSide {
		list = interval{c.m, len(c.outcomes)}
	}
	var others []int
	for j := range g.visible.in(list) {
		if slices.Contains(mine, j) || !c.decides(g, s, fixed, j) {
			continue
		}
		for _, i := range mine {
			if order(i) < j && (c.patterns[j] == nil || c.patterns[i] == nil || !c.apart(c.patterns[i], c.patterns[j])) {
				return nil, false
			}
		}
		others = append(others, j)
	}
	return others, slices.Contains(mine, ByDefault) || !c.decides(g, s, fixed, ByDefault)
}

// decides reports whether a decider of the other list may decide a request that
// the fixed one decides. Once the budget is used up it may.
func (c *change) decides(g *group, s side, fixed, j int) bool {
	i, k := j, fixed
	if s == oldSide {
		i, k = fixed, j
	}
	if !c.formOf(i).mayOverlap(c.formOf(k)) || c.prover.lowBudget() {
		return c.formOf(i).mayOverlap(c.formOf(k))
	}
	return c.cellOf(g, i, k, c.outcomeOf(g, i, 0), c.outcomeOf(g, k, 1)).status != No
}
