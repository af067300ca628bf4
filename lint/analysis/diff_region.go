package analysis

import (
	"slices"

	"ups/internal/wildcard"
	"ups/policy"
)

// Region is requests: clients, times destinations.
type Region struct {
	Who    []Clients     // disjoint
	Match  []policy.Text // patterns that the destination matches, all of them; `*` if any
	Except []policy.Text // and those that it doesn't
	// Decided is nil, or the requests are only those that two of these decide:
	// there are too many to tell them all by their destinations.
	Decided []Deciders

	decided *decided
	// asked is set if only requests count that reach the service under this
	// authorisation policy, which both versions have.
	asked *policy.AuthorisationPolicy
}

// Contains reports whether a request is in the region.
func (r *Region) Contains(q policy.Request, fromROM bool) bool {
	if r.decided != nil && !r.decided.contains(q, fromROM) {
		return false
	}
	if r.asked != nil && r.asked.Answer(q.SID, q.Passed, fromROM) != policy.Ask {
		return false
	}
	matches := func(pattern policy.Text) bool { return wildcard.Match(pattern, q.Destination) }
	return slices.ContainsFunc(r.Who, func(c Clients) bool { return c.Contains(q.SID, q.Passed, fromROM) }) &&
		!slices.ContainsFunc(r.Match, func(p policy.Text) bool { return !matches(p) }) && !slices.ContainsFunc(r.Except, matches)
}

// area is the destinations of a region: those that match some policies' patterns,
// and none of others'. Of policies with the same pattern it has the first.
type area struct{ match, except places }

// change is the cells of one effect.
type change struct {
	*differ
	cells []*cell
}

func (c *change) describe(e Effect) Change {
	out := Change{Effect: e}
	slices.SortFunc(c.cells, func(a, b *cell) int { return compareDeciders(Deciders{a.old, a.new}, Deciders{b.old, b.new}) })
	for _, cell := range c.cells {
		out.Before, out.After = addOutcome(out.Before, cell.before), addOutcome(out.After, cell.after)
		out.Deciders = append(out.Deciders, c.decidersOf(cell))
	}
	out.Regions = c.regions(e)
	slices.SortFunc(out.Deciders, compareDeciders)
	out.Deciders = slices.Compact(out.Deciders)
	out.Witness = c.confirm()
	return out
}

// regions describes the cells. Those that can't be told in so many regions are
// told by their deciders.
func (c *change) regions(e Effect) []Region {
	groups := map[area][]*group{}
	var areas []area
	parts, left := c.parts()
	for _, p := range parts {
		if groups[p.area] == nil {
			areas = append(areas, p.area)
		}
		groups[p.area] = append(groups[p.area], p.groups...)
	}
	var regions []Region
	for _, a := range areas {
		regions = append(regions, c.region(a, groups[a]))
	}
	if len(left) > 0 {
		regions = append(regions, c.regionOf(left, e))
	}
	return regions
}

// confirm returns a request of the change. What can't be confirmed isn't known,
// and neither is then what was proved by the same means.
func (c *change) confirm() Witness {
	for _, cell := range c.cells {
		if w, ok := c.witness(cell.groups[0], cell); ok {
			return w
		}
		c.undecided = append(c.undecided, c.decidersOf(cell))
	}
	return Witness{}
}

func addOutcome(list []Outcome, o Outcome) []Outcome {
	if slices.Contains(list, o) {
		return list
	}
	return append(list, o)
}

// part is an area of some groups.
type part struct {
	area
	groups []*group
}

// region puts the groups of an area together.
func (c *change) region(a area, groups []*group) Region {
	r := Region{Match: c.texts(a.match), Except: c.texts(a.except)}
	if r.Match == nil {
		r.Match = []policy.Text{policy.NewText("*")}
	}
	if c.sameQuestion {
		p := c.old.HeaderOrZero().AuthorisationPolicy
		if groups[0].answers[0] == policy.Ask {
			r.asked = &p
		}
	}
	r.Who = c.clientsOf(groups, r.asked)
	return r
}

// regionOf returns the requests of cells, told by their deciders.
func (c *change) regionOf(cells []*cell, e Effect) Region {
	r := Region{Match: []policy.Text{policy.NewText("*")}, decided: &decided{c.differ, e, map[Deciders]bool{}}}
	var groups []*group
	for _, cell := range cells {
		groups = append(groups, cell.groups...)
		if d := c.decidersOf(cell); !r.decided.by[d] {
			r.decided.by[d] = true
			r.Decided = append(r.Decided, d)
		}
	}
	r.Who = c.clientsOf(groups, nil)
	return r
}

// decided is the requests that change alike and are decided by some deciders.
type decided struct {
	*differ
	effect Effect
	by     map[Deciders]bool
}

func (d *decided) contains(q policy.Request, fromROM bool) bool {
	before, i := d.decision(d.old, q, fromROM)
	after, k := d.decision(d.comparison.new, q, fromROM)
	return d.by[Deciders{i, k}] && before != after && effectOf(before, after) == d.effect
}

// texts returns the patterns of policies.
func (d *differ) texts(of places) []policy.Text {
	var texts []policy.Text
	for _, p := range of.list() {
		texts = append(texts, d.policies[p].Destination)
	}
	return texts
}

// areaOf returns the destinations of a cell, in the fewest patterns that are
// proved to say the same.
func (d *differ) areaOf(c *cell) area {
	var match []int
	for _, decider := range []int{c.old, c.new} {
		if decider >= 0 {
			match = append(match, decider)
		}
	}
	if len(match) == 2 {
		p, q := d.patterns[match[0]], d.patterns[match[1]]
		switch {
		case p != nil && q != nil && d.includes(q, p) == included:
			match = match[:1]
		case p != nil && q != nil && d.includes(p, q) == included:
			match = match[1:]
		}
	}
	return d.areaBetween(match, c.earlier.list())
}

// areaBetween returns the destinations that match some policies' patterns, one
// or two, and none of others.
func (d *differ) areaBetween(match, except []int) area {
	forms := []*form{everything, everything}
	for n, p := range match {
		forms[n] = orEverything(d.patterns[p])
	}
	except = slices.Clone(except)
	slices.Sort(except)
	return area{placesOf(d.firsts(match)), placesOf(d.firsts(d.needed(forms, len(match) < 2, except)))}
}

// firsts replaces policies by the first of those with the same pattern.
func (d *differ) firsts(list []int) []int {
	var out []int
	for _, p := range list {
		if f := d.patterns[p]; f != nil {
			p = slices.Index(d.patterns, f)
		}
		if !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

// maxExceptions is how many exceptions are compared with each other.
const maxExceptions = 64

// needed leaves out exceptions that can be shown to take nothing away, as far as
// the budget goes: they have nothing in common with the forms, or others take the
// same.
func (d *differ) needed(forms []*form, single bool, except []int) []int {
	if d.prover.lowBudget() {
		return except
	}
	except = slices.DeleteFunc(slices.Clone(except), func(e int) bool {
		return d.patterns[e] != nil && (d.apart(forms[0], d.patterns[e]) || d.apart(forms[1], d.patterns[e]))
	})
	for i := 0; i < len(except) && len(except) <= maxExceptions && !d.prover.lowBudget(); i++ {
		others := slices.Delete(slices.Clone(except), i, i+1)
		if d.patterns[except[i]] != nil && d.taken(forms, single, d.patterns[except[i]], others) {
			except = others
			i--
		}
	}
	return except
}

// taken reports whether exceptions can be shown to take all that one more would.
func (d *differ) taken(forms []*form, single bool, f *form, others []int) bool {
	if single {
		return d.prover.includes(forms[0], f, d.patternsOf(others)).status == included
	}
	return slices.ContainsFunc(others, func(o int) bool { return d.patterns[o] != nil && d.includes(d.patterns[o], f) == included })
}

// apart reports whether two forms match nothing in common.
func (d *differ) apart(f, g *form) bool {
	if f == everything || g == everything || !f.mayOverlap(g) {
		return f != everything && g != everything
	}
	d.prover.budget.spend(len(f.Stars) * len(g.Stars))
	return !d.prover.product.load(f, g)
}
