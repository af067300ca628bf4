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

var pairs = flag.Int("pairs", 10_000/bruteforce.Slowness, "how many generated pairs of lists Diff is compared with brute force for")

// TestDiffExact checks for generated pairs of versions that each request whose
// outcome differs is in exactly one change, and no other in any. Regions are
// taken literally.
func TestDiffExact(t *testing.T) {
	r := rand.New(rand.NewPCG(2, uint64(*pairs)))
	changes, regions, excepted, two := 0, 0, 0, 0
	for n := range *pairs {
		before := bruteforce.RandomList(r, 4)
		after := bruteforce.Mutate(r, before)
		switch r.IntN(12) {
		case 0:
			after = bruteforce.RandomList(r, 4)
		case 1:
			after.Header.PolicyEvaluator ^= 1
		case 2:
			after.Header.DialogCreator++
		}
		switch r.IntN(40) {
		case 0:
			before = nil
		case 1:
			after = nil
		}
		o := analysis.Options{}
		if r.IntN(8) == 0 {
			o.MaxRegions = 1
		}
		c := newDiffCheck(before, after, o)
		c.all()
		if n%500 == 0 {
			c.literally()
		}
		if len(c.wrong) > 0 {
			t.Fatalf("pair %d:\n%s%s%s", n, show(before), show(after), strings.Join(c.wrong[:min(5, len(c.wrong))], "\n"))
		}
		changes += len(c.d.Changes)
		for _, change := range c.d.Changes {
			regions += len(change.Regions)
			for _, region := range change.Regions {
				excepted += min(1, len(region.Except))
				two += min(1, len(region.Match)-1)
			}
		}
	}
	t.Logf("%d pairs, %d changes, %d regions, %d with exceptions, %d with two patterns", *pairs, changes, regions, excepted, two)
	if changes < *pairs/2 || excepted < *pairs/10 || two == 0 {
		t.Error("the pairs are not of all kinds")
	}
}

func show(f *policy.File) string {
	if f == nil {
		return "no file\n"
	}
	return bruteforce.Show(f)
}

type diffCheck struct {
	files    [2]*policy.File
	patterns []string
	lists    [2]*bruteforce.List
	d        *analysis.Difference
	wrong    []string
}

func newDiffCheck(before, after *policy.File, o analysis.Options) *diffCheck {
	c := &diffCheck{d: analysis.Diff(before, after, o)}
	none := &policy.File{Header: &policy.Header{AuthorisationPolicy: policy.NeverCheck}}
	c.files = [2]*policy.File{before, after}
	for i := range c.files {
		if c.files[i] == nil {
			c.files[i] = none
		}
	}
	c.patterns = bruteforce.Patterns(c.files[0], c.files[1])
	oracle := bruteforce.NewOracle(c.patterns)
	c.lists[0] = bruteforce.ListOf(oracle, c.files[0], 0, bruteforce.SomeClients)
	c.lists[1] = bruteforce.ListOf(oracle, c.files[1], len(c.files[0].Policies), bruteforce.SomeClients)
	return c
}

func (c *diffCheck) fail(format string, args ...any) {
	c.wrong = append(c.wrong, fmt.Sprintf(format, args...))
}

func (c *diffCheck) all() {
	if len(c.d.Undecided) > 0 {
		c.fail("not decided: %v", c.d.Undecided)
	}
	for i, client := range bruteforce.SomeClients {
		for _, rom := range []bool{false, true} {
			for _, v := range c.lists[0].Vectors {
				c.request(i, client, rom, v)
			}
		}
	}
	for i := range c.d.Changes {
		c.witness(&c.d.Changes[i])
	}
}

// outcome is that of one of the lists.
func (c *diffCheck) outcome(list, client int, rom bool, v uint64) (analysis.Outcome, int) {
	l := c.lists[list]
	who := bruteforce.SomeClients[client]
	if !bruteforce.Asked(l.File, who, rom) {
		if who.Passed {
			return analysis.Outcome{Decision: policy.DecisionYes}, analysis.NotAsked
		}
		return analysis.Outcome{Decision: policy.DecisionNo}, analysis.NotAsked
	}
	first := len(c.files[0].Policies) * list
	matches := (v & l.Visible[client]) >> first
	if matches == 0 {
		return analysis.DefaultOutcome(l.File), analysis.ByDefault
	}
	place := bits.TrailingZeros64(matches)
	return analysis.OutcomeOf(l.File, &l.File.Policies[place]), place
}

func (c *diffCheck) request(i int, client analysis.Client, rom bool, v uint64) {
	before, old := c.outcome(0, i, rom, v)
	after, place := c.outcome(1, i, rom, v)
	in := 0
	for _, change := range c.d.Changes {
		if !slices.ContainsFunc(change.Regions, func(r analysis.Region) bool {
			return c.contains(&r, client, rom, v, analysis.Deciders{Old: old, New: place})
		}) {
			continue
		}
		in++
		if effect := change.Effect; analysis.EffectOf(before, after) != effect {
			c.fail("%v, then %v, is in %+v", before, after, effect)
		}
		if !slices.Contains(change.Before, before) || !slices.Contains(change.After, after) ||
			!slices.Contains(change.Deciders, analysis.Deciders{Old: old, New: place}) {
			c.fail("%+v, drive Z %v, %b: %v by %d, then %v by %d, is in %+v", client, rom, v, before, old, after, place, change)
		}
	}
	if want := before != after; in > 1 || want != (in == 1) {
		c.fail("%+v, drive Z %v, %b: %v by %d, then %v by %d, is in %d changes of %+v", client, rom, v, before, old, after, place, in, c.d.Changes)
	}
}

// contains is Region.Contains for a kind of string.
func (c *diffCheck) contains(r *analysis.Region, client analysis.Client, rom bool, v uint64, by analysis.Deciders) bool {
	if !r.HasClient(client.SID, client.Passed, rom) {
		return false
	}
	if r.Decided != nil && !slices.Contains(r.Decided, by) {
		return false
	}
	matches := func(p policy.Text) bool {
		i := slices.Index(c.patterns, p.String())
		return i < 0 && p.String() == "*" || i >= 0 && v>>i&1 != 0
	}
	return !slices.ContainsFunc(r.Match, func(p policy.Text) bool { return !matches(p) }) && !slices.ContainsFunc(r.Except, matches)
}

func (c *diffCheck) witness(change *analysis.Change) {
	w := &change.Witness
	if !slices.ContainsFunc(change.Regions, func(r analysis.Region) bool {
		return r.Contains(w.Request, w.FromROM) || r.Contains(w.Request, true)
	}) || w.Before == w.After {
		c.fail("witness %+v of %+v", w, change)
	}
}

// literally asks Region.Contains about all short strings.
func (c *diffCheck) literally() {
	strings := []string{""}
	for n := 0; len(strings[n]) < 4; n++ {
		for _, letter := range bruteforce.Letters {
			strings = append(strings, strings[n]+string(letter))
		}
	}
	for _, s := range strings {
		for _, client := range bruteforce.SomeClients {
			q := policy.Request{SID: client.SID, Passed: client.Passed, Destination: policy.NewText(s)}
			v := uint64(0)
			for i, p := range c.patterns {
				if wildcard.Match(policy.NewText(p), q.Destination) {
					v |= 1 << i
				}
			}
			for _, change := range c.d.Changes {
				for _, r := range change.Regions {
					if got, want := r.Contains(q, false), c.contains(&r, client, false, v, c.deciders(q)); got != want {
						c.fail("%q of %+v: %v in %+v", s, client, got, r)
					}
				}
			}
		}
	}
}

// deciders are those of a request of a client that wasn't started from drive Z.
func (c *diffCheck) deciders(q policy.Request) analysis.Deciders {
	var d [2]int
	for i, f := range c.files {
		d[i] = f.Decide(q)
		if f.Header.AuthorisationPolicy.Answer(q.SID, q.Passed, false) != policy.Ask {
			d[i] = analysis.NotAsked
		}
	}
	return analysis.Deciders{Old: d[0], New: d[1]}
}

// TestDiffIrregular compares lists with patterns that aren't regular, about
// regular destinations: what is claimed is so, and what is left out is said.
func TestDiffIrregular(t *testing.T) {
	patterns := []string{"a\u0345*", "*\u0301", "\u0301*", "a*", "*", "ab", "b*\U00010400", "?\u0301"}
	r := rand.New(rand.NewPCG(5, 6))
	make := func() *policy.File {
		f := &policy.File{Header: &policy.Header{DialogCreator: 1}}
		for range 1 + r.IntN(4) {
			options := []policy.Options{policy.Yes, policy.No, policy.Yes | policy.No}[r.IntN(3)]
			f.Policies = append(f.Policies, policy.Policy{SIDClasses: policy.AllSIDs, Destination: policy.NewText(patterns[r.IntN(len(patterns))]), Options: options})
		}
		return f
	}
	changed, undecided := 0, 0
	for range 3000 {
		before, after := make(), make()
		d := analysis.Diff(before, after, analysis.Options{})
		if !d.Complete() {
			undecided++
		}
		for _, destination := range []string{"", "a", "ab", "b", "e\u0301", "a\u0301", "x", "bb"} {
			q := policy.Request{SID: 1, Destination: policy.NewText(destination)}
			differs := outcomeOf(before, q) != outcomeOf(after, q)
			in := 0
			for _, c := range d.Changes {
				if slices.ContainsFunc(c.Regions, func(r analysis.Region) bool { return r.Contains(q, false) }) {
					in++
				}
			}
			if in > 1 || in == 1 && !differs || in == 0 && differs && d.Complete() {
				t.Fatalf("%q: differs %v, in %d changes, undecided %v\n%s%s", destination, differs, in, d.Undecided, show(before), show(after))
			}
			changed += in
		}
	}
	if t.Logf("%d changed, %d lists undecided", changed, undecided); changed < 1000 || undecided < 100 || undecided > 2900 {
		t.Errorf("%d changed, %d lists undecided", changed, undecided)
	}
}

func outcomeOf(f *policy.File, q policy.Request) analysis.Outcome {
	if i := f.Decide(q); i >= 0 {
		return analysis.OutcomeOf(f, &f.Policies[i])
	}
	return analysis.DefaultOutcome(f)
}
