package analysis

import (
	"slices"

	"ups/internal/wildcard"
	"ups/policy"
)

// differ is a comparison that finds all cells: the requests that one decider of
// the old list and one of the new decide, where their outcomes differ. In the
// places of deciders those of the new list come after those of the old.
type differ struct {
	*comparison
	sameQuestion bool // the authorisation policies are the same
	maxRegions   int
	cells        map[cellKey]*cell
	found        []*cell // that have a request
	undecided    []Deciders
	buffer       []int // of earlier
	exhausted    bool  // the budget was used up before all was looked at
}

// cellKey is a cell but for its groups: to all of them the same is visible of
// what matters.
type cellKey struct {
	old, new  int
	earlier   places
	decisions [2]policy.Decision // where the service isn't asked
}

// places are some policies by place, two bytes each, so that they can be a key.
type places string

func placesOf(list []int) places {
	b := make([]byte, 0, 2*len(list))
	for _, p := range list {
		b = append(b, byte(p>>8), byte(p)) // two files have under 6,000 policies
	}
	return places(b)
}

func (s places) list() []int {
	list := make([]int, 0, len(s)/2)
	for i := 0; i < len(s); i += 2 {
		list = append(list, int(s[i])<<8|int(s[i+1]))
	}
	return list
}

// cell is the requests of some groups that one decider of each list decides.
type cell struct {
	old, new      int // joined places, ByDefault or NotAsked
	before, after Outcome
	earlier       places // that matter and stand before one of the two
	status        Truth
	groups        []*group
	destination   []wildcard.Letter // of a request, if there is one
}

// compareGroup finds the cells of a group.
func (d *differ) compareGroup(g *group) {
	all := interval{d.m, len(d.outcomes)}
	switch asked := [2]bool{g.answers[0] == policy.Ask, g.answers[1] == policy.Ask}; asked {
	case [2]bool{true, true}:
		d.compareAsked(g, all)
	case [2]bool{true, false}:
		d.eachDecider(g.visible, interval{0, d.m}, func(i int) { d.look(g, i, NotAsked) })
	case [2]bool{false, true}:
		d.eachDecider(g.visible, all, func(k int) { d.look(g, NotAsked, k) })
	default:
		d.look(g, NotAsked, NotAsked)
	}
}

// compareAsked goes through the policies of the old list, and for each through
// those of the new one that may decide some of its requests (pairs.go).
func (d *differ) compareAsked(g *group, all interval) {
	for i := range g.visible.in(interval{0, d.m}) {
		q := question{list: all, want: d.outcomes[i], rest: DefaultOutcome(d.new)}
		some := d.narrow(intersection(g.visible, d.overlapping(i)), i, &q)
		end := d.eachOf(some, q.list, orEverything(d.patterns[i]), func(k int) { d.look(g, i, k) })
		if !end && q.rest != q.want {
			d.look(g, i, ByDefault)
		}
		if d.patterns[i] == everything {
			return
		}
	}
	q := question{list: all}
	d.eachDecider(d.narrow(g.visible, -1, &q), all, func(k int) { d.look(g, ByDefault, k) })
}

// eachDecider calls look with the policies of one list that are visible, and
// with the default policy.
func (d *differ) eachDecider(visible set, list interval, look func(int)) {
	if !d.eachOf(visible, list, everything, look) {
		look(ByDefault)
	}
}

// eachOf calls look with policies up to one that matches all that a form does. It
// reports whether there is one.
func (d *differ) eachOf(visible set, list interval, f *form, look func(int)) bool {
	for k := range visible.in(list) {
		if look(k); d.exhausted {
			return true
		}
		if d.patterns[k] != nil && d.includes(d.patterns[k], f) == included {
			return true
		}
	}
	return false
}

// look finds out whether the deciders differ for any request of a group.
func (d *differ) look(g *group, i, k int) {
	if d.exhausted = d.exhausted || d.prover.lowBudget(); d.exhausted {
		return
	}
	before, after := d.outcomeOf(g, i, 0), d.outcomeOf(g, k, 1)
	if before != after {
		d.cellOf(g, i, k, before, after)
	}
}

// cellOf returns the cell of two deciders in a group.
func (d *differ) cellOf(g *group, i, k int, before, after Outcome) *cell {
	key := cellKey{old: i, new: k, earlier: placesOf(d.earlier(g, i, k))}
	if i == NotAsked {
		key.decisions[0] = before.Decision
	}
	if k == NotAsked {
		key.decisions[1] = after.Decision
	}
	c := d.cells[key]
	if c == nil {
		d.prover.budget.spend(cellCost + len(key.earlier))
		c = &cell{old: i, new: k, before: before, after: after, earlier: key.earlier}
		d.cells[key] = c
		d.decide(g, c)
		if before != after && c.status == Yes {
			d.found = append(d.found, c)
		}
		if before != after && c.status == Unknown {
			d.undecided = append(d.undecided, d.decidersOf(c))
		}
	}
	if c.status == Yes {
		c.groups = append(c.groups, g)
	}
	return c
}

// cellCost is what a new cell costs, in steps: the memory for it.
const cellCost = 1 << 12

// outcomeOf returns the outcome by a decider of one of the lists.
func (d *differ) outcomeOf(g *group, decider, list int) Outcome {
	switch decider {
	case NotAsked:
		return unaskedOutcome(g.answers[list])
	case ByDefault:
		return DefaultOutcome([]*policy.File{d.old, d.comparison.new}[list])
	}
	return d.outcomes[decider]
}

// formOf returns the pattern of a decider; everything for one that isn't regular.
func (d *differ) formOf(decider int) *form {
	if decider < 0 {
		return everything
	}
	return orEverything(d.patterns[decider])
}

// earlier returns the policies that stand before one of two deciders in its list,
// are visible, and may match what both match. Of two that are a pair the old one
// is enough. The result is good until the next call.
func (d *differ) earlier(g *group, i, k int) []int {
	ends := [2]interval{{0, min(order(i), d.m)}, {d.m, min(order(k), len(d.outcomes))}}
	if i == NotAsked {
		ends[0] = interval{}
	}
	if k == NotAsked {
		ends[1] = interval{}
	}
	earlier := d.buffer[:0]
	may := slices.Clone(g.visible)
	for _, decider := range []int{i, k} {
		if decider >= 0 {
			may.intersect(d.overlapping(decider))
		}
	}
	d.prover.budget.spend(len(may))
	for _, list := range ends {
		for e := range may.in(list) {
			d.prover.budget.spend(1)
			if pair := d.pairs[e]; e < d.m || pair < 0 || pair >= ends[0].hi {
				earlier = append(earlier, e)
			}
		}
	}
	d.buffer = earlier
	return earlier
}

// decide finds out whether a cell has a request. Where all patterns are regular
// that is proved either way, and a request is confirmed when it is shown.
func (d *differ) decide(g *group, c *cell) {
	a := d.prover.includes(d.formOf(c.old), d.formOf(c.new), d.patternsOf(c.earlier.list()))
	c.destination = slices.Clone(a.refutation)
	switch {
	case a.status == included:
		c.status = No
	case a.status == refuted && d.certain(c):
		c.status = Yes
	default:
		c.status = Unknown
	}
}

// certain reports whether the request that was found is one of the cell, although
// patterns may matter that aren't regular, of which proofs say nothing.
func (d *differ) certain(c *cell) bool {
	if d.irregular.empty() {
		return true
	}
	destination := wildcard.Decode(d.alphabet.Render(c.destination))
	matches := func(p int) bool {
		d.prover.budget.spend(decideCost)
		return d.prepare(p).Match(&destination)
	}
	for _, p := range []int{c.old, c.new} {
		if p >= 0 && d.patterns[p] == nil && !matches(p) {
			return false
		}
	}
	return !slices.ContainsFunc(c.earlier.list(), func(p int) bool { return d.patterns[p] == nil && matches(p) })
}

// witness returns a request of a cell. It returns false if policy.File.Decide
// doesn't confirm it.
func (d *differ) witness(g *group, c *cell) (Witness, bool) {
	d.prover.budget.spend(len(d.policies) * decideCost)
	r, rom := d.request(g, c.destination), g.clients[0].fromROM
	before, i := d.decision(d.old, r, rom)
	after, k := d.decision(d.comparison.new, r, rom)
	elsewhereBefore, _ := d.decision(d.old, r, !rom)
	elsewhereAfter, _ := d.decision(d.comparison.new, r, !rom)
	w := Witness{
		Request: r, FromROM: rom && (before != elsewhereBefore || after != elsewhereAfter),
		Deciders: Deciders{i, k}, Before: before, After: after,
	}
	return w, before == c.before && after == c.after && w.Deciders == d.decidersOf(c)
}

// decision is that of Compare, with the decider.
func (d *differ) decision(f *policy.File, r policy.Request, rom bool) (Outcome, int) {
	o, i := decision(f, r, rom)
	if f.HeaderOrZero().AuthorisationPolicy.Answer(r.SID, r.Passed, rom) != policy.Ask {
		i = NotAsked
	}
	return o, i
}

// decidersOf returns the deciders of a cell, each by its place in its own list.
func (d *differ) decidersOf(c *cell) Deciders {
	deciders := Deciders{c.old, c.new}
	if c.new >= 0 {
		deciders.New -= d.m
	}
	return deciders
}
