package lint

import (
	"flag"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"ups/internal/wildcard"
	"ups/policy"
)

// A million take some minutes; under the race detector a few must do.
var lists = flag.Int("lists", 20_000/slowness, "how many generated lists are compared with brute force")

// TestExact compares all that is claimed of generated lists with the oracle.
func TestExact(t *testing.T) {
	r := rand.New(rand.NewPCG(1, uint64(*lists)))
	var seen counts
	for n := range *lists {
		f := randomList(r, 8)
		c := newCheck(f)
		c.all()
		seen.add(c)
		if len(c.wrong) > 0 {
			t.Fatalf("list %d:\n%s%s", n, show(f), strings.Join(c.wrong, "\n"))
		}
	}
	t.Logf("%+v", seen)
	seen.enough(t, *lists)
}

// counts tells that the generated lists are of all kinds.
type counts struct {
	Lists, Policies                                      int
	Reach                                                [Undecided + 1]int
	Alone, Together, Differs, Redundant, Takers, Misfits int
	Gaps, Longest                                        int
}

func (n *counts) add(c *check) {
	n.Lists++
	n.Policies += len(c.a.Policies)
	n.Gaps += len(c.a.Gaps)
	n.Longest = max(n.Longest, c.v.longest)
	for _, r := range c.a.Policies {
		n.Reach[r.Reach]++
		n.Alone += min(1, len(r.Alone))
		n.Together += min(1, len(r.Together))
		n.Differs += int(r.Differs / Yes)
		n.Redundant += int(r.Redundant / Yes)
		n.Takers += len(r.Takers)
		for _, t := range r.Takers {
			if t.OutOfOrder() {
				n.Misfits++
			}
		}
	}
}

// enough fails if a claim was hardly made.
func (n *counts) enough(t *testing.T, lists int) {
	kinds := map[string]int{
		"reachable": n.Reach[Reachable], "never asked": n.Reach[NeverAsked], "unreachable": n.Reach[Unreachable],
		"matches nothing": n.Reach[MatchesNothing], "alone": n.Alone, "together": n.Together,
		"differs": n.Differs, "redundant": n.Redundant, "takers": n.Takers, "out of order": n.Misfits, "gaps": n.Gaps,
	}
	for kind, n := range kinds {
		if n < lists/200 {
			t.Errorf("%s: %d of %d lists", kind, n, lists)
		}
	}
	if n.Reach[Undecided]+n.Reach[Unclaimed] > 0 {
		t.Errorf("%d policies are not decided", n.Reach[Undecided]+n.Reach[Unclaimed])
	}
}

// check compares the analysis of one list with the oracle.
type check struct {
	f     *policy.File
	a     *Analysis
	v     *view
	wrong []string
}

func newCheck(f *policy.File) *check {
	return &check{f: f, a: Analyse(f, 0), v: newView(newOracle(patternsOf(f)), f, 0)}
}

func (c *check) fail(format string, args ...any) {
	c.wrong = append(c.wrong, fmt.Sprintf(format, args...))
}

func (c *check) all() {
	for p := range c.f.Policies {
		c.reach(p)
		c.blame(p)
		c.loss(p)
		c.redundant(p)
		c.takers(p)
	}
	c.gaps()
}

func (c *check) reach(p int) {
	want := MatchesNothing
	c.v.each(func(asked bool, m uint64) {
		switch {
		case bits.TrailingZeros64(m) == p && asked:
			want = Reachable
		case bits.TrailingZeros64(m) == p && want != Reachable:
			want = NeverAsked
		case m>>p&1 != 0 && want == MatchesNothing:
			want = Unreachable
		}
	})
	if got := c.a.Policies[p].Reach; got != want {
		c.fail("policy %d: reach %d, brute force %d", p, got, want)
	}
	if _, ok := c.a.Witness(p); ok != (want == Reachable || want == NeverAsked) {
		c.fail("policy %d: its witness is confirmed: %t", p, ok)
	}
}

// coveredBy reports whether these policies cover p.
func (c *check) coveredBy(p int, culprits []int, onlyAsked bool) bool {
	set := uint64(0)
	for _, q := range culprits {
		set |= 1 << q
	}
	ok := true
	c.v.each(func(asked bool, m uint64) {
		if m>>p&1 != 0 && m&set == 0 && (asked || !onlyAsked) {
			ok = false
		}
	})
	return ok
}

func (c *check) blame(p int) {
	r := c.a.Policies[p]
	var alone []int
	for q := range p {
		if c.coveredBy(p, []int{q}, false) {
			alone = append(alone, q)
		}
	}
	if r.Reach == Unreachable && !slices.Equal(alone, r.Alone) {
		c.fail("policy %d: covered alone by %v, brute force %v", p, r.Alone, alone)
	}
	if len(r.Alone) > 0 && len(r.Together) > 0 || r.Reach == Unreachable && len(r.Alone)+len(r.Together) == 0 {
		c.fail("policy %d: alone %v, together %v", p, r.Alone, r.Together)
	}
	if r.Reach != NeverAsked && len(r.Together) == 0 {
		return
	}
	if !c.coveredBy(p, r.Together, r.Reach == NeverAsked) {
		c.fail("policy %d: not covered by %v", p, r.Together)
	}
	for i := range r.Together {
		if c.coveredBy(p, slices.Delete(slices.Clone(r.Together), i, i+1), r.Reach == NeverAsked) {
			c.fail("policy %d: %v is not irredundant", p, r.Together)
		}
	}
}

// outcome is that of the first policy in m.
func (c *check) outcome(m uint64) Outcome {
	if m == 0 {
		return DefaultOutcome(c.f)
	}
	return OutcomeOf(c.f, &c.f.Policies[bits.TrailingZeros64(m)])
}

func (c *check) loss(p int) {
	r, want := c.a.Policies[p], No
	if r.Reach != Unreachable {
		return
	}
	c.v.each(func(asked bool, m uint64) {
		if asked && m>>p&1 != 0 && c.outcome(m) != c.outcome(1<<p) {
			want = Yes
		}
	})
	if r.Differs != want {
		c.fail("policy %d: differs %d, brute force %d", p, r.Differs, want)
	}
	if s := r.DiffersBy; want == Yes && (c.f.Decide(s.Request) != s.By || !c.f.Policies[p].Matches(s.Request)) {
		c.fail("policy %d: wrong witness for the loss", p)
	}
}

func (c *check) redundant(p int) {
	if c.a.Policies[p].Reach != Reachable {
		return
	}
	want := Yes
	c.v.each(func(asked bool, m uint64) {
		if asked && m>>p&1 != 0 && c.outcome(m) != c.outcome(m&^(1<<p)) {
			want = No
		}
	})
	if got := c.a.Policies[p].Redundant; got != want {
		c.fail("policy %d: redundant %d, brute force %d", p, got, want)
	}
}

func (c *check) takers(p int) {
	r := c.a.Policies[p]
	if r.Reach != Reachable {
		return
	}
	var want []string
	for e := range p {
		if taker, ok := c.taker(e, p); ok {
			want = append(want, taker)
		}
	}
	var got []string
	for _, t := range r.Takers {
		got = append(got, fmt.Sprint(t.By, t.SIDs, t.Security, t.Destinations))
		if c.f.Decide(t.Request) != t.By || !c.f.Policies[p].Matches(t.Request) {
			c.fail("policy %d: wrong witness for taker %d", p, t.By)
		}
	}
	if !slices.Equal(got, want) || r.TakersOpen {
		c.fail("policy %d: takers %v, brute force %v, open %t", p, got, want, r.TakersOpen)
	}
}

// taker describes e as a taker of p, from the definition.
func (c *check) taker(e, p int) (string, bool) {
	takes := false
	c.v.each(func(asked bool, m uint64) {
		takes = takes || asked && bits.TrailingZeros64(m) == e && m>>p&1 != 0
	})
	pe, pp := &c.f.Policies[e], &c.f.Policies[p]
	var sids, security, destinations [2]bool // e has all of p, p has all of e
	sids, security, destinations = [2]bool{true, true}, [2]bool{true, true}, [2]bool{true, true}
	for _, a := range c.v.atoms {
		compare(&sids, pe.HasSID(a.sid), pp.HasSID(a.sid))
		compare(&security, pe.Security.Holds(a.passed), pp.Security.Holds(a.passed))
	}
	for _, v := range c.v.vectors {
		compare(&destinations, v>>e&1 != 0, v>>p&1 != 0)
	}
	s, x, d := relation(sids[0], sids[1]), relation(security[0], security[1]), relation(destinations[0], destinations[1])
	return fmt.Sprint(e, s, x, d), takes && c.outcome(1<<e) != c.outcome(1<<p) && (s == Wider || x == Wider || d == Wider)
}

func compare(all *[2]bool, inE, inP bool) {
	all[0] = all[0] && (inE || !inP)
	all[1] = all[1] && (inP || !inE)
}

func (c *check) gaps() {
	for i, a := range c.v.atoms {
		want := c.v.asked[i] && slices.ContainsFunc(c.v.vectors, func(v uint64) bool { return v&c.v.visible[i] == 0 })
		got := slices.ContainsFunc(c.a.Gaps, func(g Gap) bool { return c.inGap(g, a) })
		if got != want {
			c.fail("SID %#x, passed %t: gap %t, brute force %t", a.sid, a.passed, got, want)
		}
	}
	for _, g := range c.a.Gaps {
		if c.f.Decide(g.Request) != -1 {
			c.fail("wrong witness for the gap of %v", g.Clients)
		}
	}
}

// inGap reports whether an atom is in the group of the gap, which is found by
// its witness.
func (c *check) inGap(g Gap, a atom) bool {
	for _, group := range c.a.space.groups {
		r := group.request(nil)
		if r.SID != g.Request.SID || r.Passed != g.Request.Passed {
			continue
		}
		return slices.ContainsFunc(group.atoms, func(b atom) bool {
			return a.passed == b.passed && (a.sid == b.sid || b.rest && a.sid>>28 == b.sid>>28 && !c.listed(a.sid))
		})
	}
	return false
}

func (c *check) listed(sid uint32) bool {
	return slices.ContainsFunc(c.f.Policies, func(p policy.Policy) bool { return slices.Contains(p.SIDs, sid) })
}

// TestOracle compares the oracle with the matcher, on all strings of up to
// six letters.
func TestOracle(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20 / slowness {
		f := randomList(r, 8)
		patterns := patternsOf(f)
		o := newOracle(patterns)
		seen := map[uint64]bool{}
		for _, s := range stringsUpTo(6) {
			v := uint64(0)
			for i, p := range f.Policies {
				if wildcard.Match(p.Destination, policy.NewText(s)) {
					v |= 1 << i
				}
			}
			if seen[v] = true; !slices.Contains(o.vectors, v) {
				t.Fatalf("%q: the matcher says %b for %q, which the oracle didn't see", patterns, v, s)
			}
		}
		if o.longest <= 7 && len(seen) != len(o.vectors) {
			t.Errorf("%q: the oracle saw %d kinds of string, the matcher %d", patterns, len(o.vectors), len(seen))
		}
	}
}

func stringsUpTo(n int) []string {
	all := []string{""}
	for i := 0; i < len(all); i++ {
		if len(all[i]) < n {
			for _, l := range letters {
				all = append(all, all[i]+string(l))
			}
		}
	}
	return all
}

// TestCompareExact compares the comparison of versions with the oracle.
func TestCompareExact(t *testing.T) {
	r := rand.New(rand.NewPCG(5, uint64(*lists)))
	var changed [Yes + 1]int
	for n := range *lists {
		old := randomList(r, 4)
		changedFile := mutate(r, old)
		got := Compare(old, changedFile, 0)
		want := compareByForce(old, changedFile)
		if changed[want]++; got.Changed != want {
			t.Fatalf("list %d: changed %d, brute force %d\n%s\n%s", n, got.Changed, want, show(old), show(changedFile))
		}
		if got.Changed == Yes {
			before, _ := decision(old, got.Witness, got.FromROM)
			after, _ := decision(changedFile, got.Witness, got.FromROM)
			if before != got.Before || after != got.After || before == after {
				t.Fatalf("list %d: wrong witness\n%s\n%s", n, show(old), show(changedFile))
			}
		}
	}
	if t.Logf("%v", changed); changed[No] < *lists/10 || changed[Yes] < *lists/10 {
		t.Errorf("the lists are too much alike: %v", changed)
	}
}

func compareByForce(old, changed *policy.File) Truth {
	o := newOracle(patternsOf(old, changed))
	m := len(old.Policies)
	before, after := newView(o, old, 0), newView(o, changed, m)
	outcome := func(f *policy.File, a atom, rom bool, matches uint64) Outcome {
		if g := gateOf(f.Header.AuthorisationPolicy, a.sid, a.passed, rom); g != ask {
			return g.outcome()
		}
		return (&check{f: f}).outcome(matches)
	}
	for i, a := range oracleAtoms {
		for _, v := range o.vectors {
			for _, rom := range []bool{false, true} {
				if outcome(old, a, rom, v&before.visible[i]) != outcome(changed, a, rom, v&after.visible[i]>>m) {
					return Yes
				}
			}
		}
	}
	return No
}

func show(f *policy.File) string {
	var b strings.Builder
	fmt.Fprintf(&b, "authorisation policy %d, evaluator %d\n", f.Header.AuthorisationPolicy, f.Header.PolicyEvaluator)
	for i, p := range f.Policies {
		fmt.Fprintf(&b, "  %d: %q sids %x classes %x security %d options %x\n", i, p.Destination.String(), p.SIDs, p.SIDClasses, p.Security, p.Options)
	}
	return b.String()
}
