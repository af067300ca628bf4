package analysis_test

import (
	"flag"
	"fmt"
	"math/bits"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"ups/internal/wildcard"
	"ups/lint/analysis"
	"ups/lint/internal/bruteforce"
	"ups/policy"
)

// A million take some minutes; under the race detector a few must do.
var lists = flag.Int("lists", 20_000/bruteforce.Slowness, "how many generated lists are compared with brute force")

// TestExact compares all that is claimed of generated lists with the oracle.
func TestExact(t *testing.T) {
	r := rand.New(rand.NewPCG(1, uint64(*lists)))
	var seen counts
	for n := range *lists {
		f := bruteforce.RandomList(r, 8)
		c := newCheck(f)
		c.all()
		seen.add(c)
		if len(c.wrong) > 0 {
			t.Fatalf("list %d:\n%s%s", n, bruteforce.Show(f), strings.Join(c.wrong, "\n"))
		}
	}
	t.Logf("%+v", seen)
	seen.enough(t, *lists)
}

// counts counts claims, to check that the generated lists are of all kinds.
type counts struct {
	Lists, Policies                                         int
	Reach                                                   [analysis.Undecided + 1]int
	Alone, Together, Differs, Redundant, Conflicts, Misfits int
	Gaps, Longest                                           int
}

func (n *counts) add(c *check) {
	n.Lists++
	n.Policies += len(c.a.Policies)
	n.Gaps += len(c.a.Gaps)
	n.Longest = max(n.Longest, c.Longest)
	for _, r := range c.a.Policies {
		n.Reach[r.Reach]++
		n.Alone += min(1, len(r.CoveredBy))
		n.Together += min(1, len(r.CoveredTogether))
		n.Differs += int(r.Differs / analysis.Yes)
		n.Redundant += int(r.Redundant / analysis.Yes)
		n.Conflicts += len(r.Conflicts)
		for _, t := range r.Conflicts {
			if t.OutOfOrder() {
				n.Misfits++
			}
		}
	}
}

// enough fails if a claim was hardly made.
func (n *counts) enough(t *testing.T, lists int) {
	kinds := map[string]int{
		"reachable": n.Reach[analysis.Reachable], "never asked": n.Reach[analysis.NeverAsked], "unreachable": n.Reach[analysis.Unreachable],
		"matches nothing": n.Reach[analysis.MatchesNothing], "alone": n.Alone, "together": n.Together,
		"differs": n.Differs, "redundant": n.Redundant, "conflicts": n.Conflicts, "out of order": n.Misfits, "gaps": n.Gaps,
	}
	for kind, n := range kinds {
		if n < lists/200 {
			t.Errorf("%s: %d of %d lists", kind, n, lists)
		}
	}
	if n.Reach[analysis.Undecided]+n.Reach[analysis.Irregular] > 0 {
		t.Errorf("%d policies are not decided", n.Reach[analysis.Undecided]+n.Reach[analysis.Irregular])
	}
}

// check compares the analysis of one list with the oracle.
type check struct {
	*bruteforce.List
	a     *analysis.Result
	wrong []string
}

func newCheck(f *policy.File) *check {
	return &check{List: bruteforce.NewList(f), a: analysis.Analyse(f, analysis.Options{})}
}

func (c *check) fail(format string, args ...any) {
	c.wrong = append(c.wrong, fmt.Sprintf(format, args...))
}

func (c *check) all() {
	for p := range c.File.Policies {
		c.reach(p)
		c.cover(p)
		c.differs(p)
		c.redundant(p)
		c.conflicts(p)
	}
	c.gaps()
}

func (c *check) reach(p int) {
	want := analysis.MatchesNothing
	c.Each(func(asked bool, m uint64) {
		switch {
		case bits.TrailingZeros64(m) == p && asked:
			want = analysis.Reachable
		case bits.TrailingZeros64(m) == p && want != analysis.Reachable:
			want = analysis.NeverAsked
		case m>>p&1 != 0 && want == analysis.MatchesNothing:
			want = analysis.Unreachable
		}
	})
	if got := c.a.Policies[p].Reach; got != want {
		c.fail("policy %d: reach %d, brute force %d", p, got, want)
	}
	if ok := decidesWitness(c.a, p); ok != (want == analysis.Reachable || want == analysis.NeverAsked) {
		c.fail("policy %d: its witness is confirmed: %t", p, ok)
	}
}

func (c *check) cover(p int) {
	r := c.a.Policies[p]
	var alone []int
	for q := range p {
		if c.CoveredBy(p, []int{q}, false) {
			alone = append(alone, q)
		}
	}
	if r.Reach == analysis.Unreachable && !slices.Equal(alone, r.CoveredBy) {
		c.fail("policy %d: covered by %v, brute force %v", p, r.CoveredBy, alone)
	}
	if len(r.CoveredBy) > 0 && len(r.CoveredTogether) > 0 || r.Reach == analysis.Unreachable && len(r.CoveredBy)+len(r.CoveredTogether) == 0 {
		c.fail("policy %d: alone %v, together %v", p, r.CoveredBy, r.CoveredTogether)
	}
	if r.Reach != analysis.NeverAsked && len(r.CoveredTogether) == 0 {
		return
	}
	if !c.CoveredBy(p, r.CoveredTogether, r.Reach == analysis.NeverAsked) {
		c.fail("policy %d: not covered by %v", p, r.CoveredTogether)
	}
	for i := range r.CoveredTogether {
		if c.CoveredBy(p, slices.Delete(slices.Clone(r.CoveredTogether), i, i+1), r.Reach == analysis.NeverAsked) {
			c.fail("policy %d: %v is not irredundant", p, r.CoveredTogether)
		}
	}
}

func (c *check) differs(p int) {
	r, want := c.a.Policies[p], analysis.No
	if r.Reach != analysis.Unreachable {
		return
	}
	c.Each(func(asked bool, m uint64) {
		if asked && m>>p&1 != 0 && c.Outcome(m) != c.Outcome(1<<p) {
			want = analysis.Yes
		}
	})
	if r.Differs != want {
		c.fail("policy %d: differs %d, brute force %d", p, r.Differs, want)
	}
	if s := r.DifferingRequest; want == analysis.Yes && (c.File.Decide(s.Request) != s.By || !c.File.Policies[p].Matches(s.Request)) {
		c.fail("policy %d: wrong witness for a difference", p)
	}
}

func (c *check) redundant(p int) {
	if c.a.Policies[p].Reach != analysis.Reachable {
		return
	}
	want := analysis.Yes
	c.Each(func(asked bool, m uint64) {
		if asked && m>>p&1 != 0 && c.Outcome(m) != c.Outcome(m&^(1<<p)) {
			want = analysis.No
		}
	})
	if got := c.a.Policies[p].Redundant; got != want {
		c.fail("policy %d: redundant %d, brute force %d", p, got, want)
	}
}

func (c *check) conflicts(p int) {
	r := c.a.Policies[p]
	if r.Reach != analysis.Reachable {
		return
	}
	var want []string
	for e := range p {
		if conflict, ok := c.Conflict(e, p); ok {
			want = append(want, conflict)
		}
	}
	var got []string
	for _, t := range r.Conflicts {
		got = append(got, fmt.Sprint(t.By, t.SIDs, t.Security, t.Destinations))
		if c.File.Decide(t.Request) != t.By || !c.File.Policies[p].Matches(t.Request) {
			c.fail("policy %d: wrong witness for the conflict with %d", p, t.By)
		}
	}
	if !slices.Equal(got, want) || r.ConflictsUndecided {
		c.fail("policy %d: conflicts %v, brute force %v, undecided %t", p, got, want, r.ConflictsUndecided)
	}
}

func (c *check) gaps() {
	for i, a := range c.Clients {
		want := c.Asked[i] && slices.ContainsFunc(c.Vectors, func(v uint64) bool { return v&c.Visible[i] == 0 })
		got := slices.ContainsFunc(c.a.Gaps, func(g analysis.Gap) bool { return c.inGap(g, a) })
		if got != want {
			c.fail("SID %#x, passed %t: gap %t, brute force %t", a.SID, a.Passed, got, want)
		}
	}
	for _, g := range c.a.Gaps {
		if c.File.Decide(g.Request) != -1 {
			c.fail("wrong witness for the gap of %v", g.Clients)
		}
	}
}

// inGap reports whether a client has the gap.
func (c *check) inGap(g analysis.Gap, of analysis.Client) bool {
	return g.Passed == of.Passed &&
		(slices.Contains(g.Clients.SIDs, of.SID) || g.Clients.Classes.Has(of.SID) && !c.listed(of.SID))
}

func (c *check) listed(sid uint32) bool {
	return slices.ContainsFunc(c.File.Policies, func(p policy.Policy) bool { return slices.Contains(p.SIDs, sid) })
}

// TestOracle compares the oracle with the matcher, on all strings of up to
// six letters.
func TestOracle(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 20 / bruteforce.Slowness {
		f := bruteforce.RandomList(r, 8)
		patterns := bruteforce.Patterns(f)
		o := bruteforce.NewOracle(patterns)
		seen := map[uint64]bool{}
		for _, s := range stringsUpTo(6) {
			v := uint64(0)
			for i, p := range f.Policies {
				if wildcard.Match(p.Destination, policy.NewText(s)) {
					v |= 1 << i
				}
			}
			if seen[v] = true; !slices.Contains(o.Vectors, v) {
				t.Fatalf("%q: the matcher says %b for %q, which the oracle didn't see", patterns, v, s)
			}
		}
		if o.Longest <= 7 && len(seen) != len(o.Vectors) {
			t.Errorf("%q: the oracle saw %d kinds of string, the matcher %d", patterns, len(o.Vectors), len(seen))
		}
	}
}

func stringsUpTo(n int) []string {
	all := []string{""}
	for i := 0; i < len(all); i++ {
		if len(all[i]) < n {
			for _, l := range bruteforce.Letters {
				all = append(all, all[i]+string(l))
			}
		}
	}
	return all
}

// TestCompareExact compares the comparison of versions with the oracle.
func TestCompareExact(t *testing.T) {
	r := rand.New(rand.NewPCG(5, uint64(*lists)))
	var changed [analysis.Yes + 1]int
	for n := range *lists {
		old := bruteforce.RandomList(r, 4)
		changedFile := bruteforce.Mutate(r, old)
		got := analysis.Compare(old, changedFile, analysis.Options{})
		want := compareByForce(old, changedFile)
		if changed[want]++; got.Changed != want {
			t.Fatalf("list %d: changed %d, brute force %d\n%s\n%s", n, got.Changed, want, bruteforce.Show(old), bruteforce.Show(changedFile))
		}
		if got.Changed == analysis.Yes {
			before, _ := analysis.Decision(old, got.Witness, got.FromROM)
			after, _ := analysis.Decision(changedFile, got.Witness, got.FromROM)
			if before != got.Before || after != got.After || before == after {
				t.Fatalf("list %d: wrong witness\n%s\n%s", n, bruteforce.Show(old), bruteforce.Show(changedFile))
			}
		}
	}
	if t.Logf("%v", changed); changed[analysis.No] < *lists/10 || changed[analysis.Yes] < *lists/10 {
		t.Errorf("the lists are too much alike: %v", changed)
	}
}

func compareByForce(old, changed *policy.File) analysis.Truth {
	o := bruteforce.NewOracle(bruteforce.Patterns(old, changed))
	m := len(old.Policies)
	before, after := bruteforce.ListOf(o, old, 0, bruteforce.SomeClients), bruteforce.ListOf(o, changed, m, bruteforce.SomeClients)
	outcome := func(l *bruteforce.List, client analysis.Client, rom bool, matches uint64) analysis.Outcome {
		switch {
		case bruteforce.Asked(l.File, client, rom):
			return l.Outcome(matches)
		case client.Passed:
			return analysis.Outcome{Decision: policy.DecisionYes}
		}
		return analysis.Outcome{Decision: policy.DecisionNo}
	}
	for i, client := range bruteforce.SomeClients {
		for _, v := range o.Vectors {
			for _, rom := range []bool{false, true} {
				if outcome(before, client, rom, v&before.Visible[i]) != outcome(after, client, rom, v&after.Visible[i]>>m) {
					return analysis.Yes
				}
			}
		}
	}
	return analysis.No
}
