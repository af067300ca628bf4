package analysis_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"ups/lint/analysis"
	"ups/lint/internal/bruteforce"
	"ups/policy"
)

// list makes a list of policies of these destinations, with outcomes that all
// differ, and nothing for the rest.
func list(destinations ...string) *policy.File {
	f := &policy.File{Header: &policy.Header{DialogCreator: 1}}
	for i, d := range destinations {
		f.Policies = append(f.Policies, policy.Policy{
			SIDClasses: policy.AllSIDs, Destination: policy.NewText(d), Options: policy.Yes | policy.No, Flags: uint16(i + 1),
		})
	}
	return f
}

// TestReach is about the last policy of each list.
func TestReach(t *testing.T) {
	for _, c := range []struct {
		name            string
		list            []string
		want            analysis.Reach
		alone, together []int
	}{
		{"nothing before", []string{"a"}, analysis.Reachable, nil, nil},
		{"the same", []string{"a", "a"}, analysis.Unreachable, []int{0}, nil},
		{"upper case", []string{"STRASSE", "strasse"}, analysis.Unreachable, []int{0}, nil},
		{"sharp s is one letter", []string{"STRASSE", "straße"}, analysis.Reachable, nil, nil},
		{"composed and decomposed", []string{"caf\u00e9", "CAFE\u0301"}, analysis.Unreachable, []int{0}, nil},
		{"a mark makes another letter", []string{"cafe", "caf\u00e9"}, analysis.Reachable, nil, nil},
		{"a literal ends where a letter does", []string{"e*", "e\u0301x"}, analysis.Reachable, nil, nil},
		{"a letter with a mark is one letter", []string{"?x", "e\u0301x"}, analysis.Unreachable, []int{0}, nil},
		{"the dotless i", []string{"I", "\u0131"}, analysis.Unreachable, []int{0}, nil},
		{"each alone", []string{"*", "a*", "b*", "ab*"}, analysis.Unreachable, []int{0, 1}, nil},
		{"by length", []string{"", "?", "??*", "*"}, analysis.Unreachable, nil, []int{0, 1, 2}},
		{"but for the empty string", []string{"?*", "*"}, analysis.Reachable, nil, nil},
		{"but for one length", []string{"", "?", "???*", "*"}, analysis.Reachable, nil, nil},
		{"around a letter", []string{"a*", "?*a*", "*a*"}, analysis.Unreachable, nil, []int{0, 1}},
		{"in the order of letters", []string{"*a*b*", "*b*a*", "*a*b*a*"}, analysis.Unreachable, []int{0, 1}, nil},
		{"runs of question marks", []string{"*a?b*", "*a??b*", "*ab*", "*a???*b*", "*a*b*"}, analysis.Unreachable, nil, []int{0, 1, 2, 3}},
		{"not regular", []string{"*", "\u0301*"}, analysis.Irregular, nil, nil},
		{"after one that isn't regular", []string{"b*\u0301", "a*"}, analysis.Reachable, nil, nil},
		{"taken by one that isn't regular", []string{"*\ufffe", "a*"}, analysis.Undecided, nil, nil},
		{"covered whatever that one does", []string{"*\ufffe", "a*", "ab"}, analysis.Unreachable, []int{1}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := analysis.Analyse(list(c.list...), analysis.Options{})
			last := len(c.list) - 1
			r := a.Policies[last]
			if r.Reach != c.want || !slices.Equal(r.CoveredBy, c.alone) || !slices.Equal(r.CoveredTogether, c.together) {
				t.Errorf("reach %d alone %v together %v, want %d %v %v", r.Reach, r.CoveredBy, r.CoveredTogether, c.want, c.alone, c.together)
			}
			if ok := decidesWitness(a, last); ok != (c.want == analysis.Reachable) {
				t.Errorf("has a witness: %t", ok)
			}
		})
	}
}

// TestSmallBudgets shows that whatever the budget, what is claimed is right.
func TestSmallBudgets(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	open, decided := 0, 0
	for range 3_000 / bruteforce.Slowness {
		f := bruteforce.RandomList(r, 8)
		c := &check{List: bruteforce.NewList(f), a: analysis.Analyse(f, analysis.Options{Budget: 1 + r.IntN(20_000)})}
		sure := analysis.Analyse(f, analysis.Options{})
		for p := range f.Policies {
			got, want := &c.a.Policies[p], &sure.Policies[p]
			if got.Reach == analysis.Undecided || got.Redundant == analysis.Unknown && want.Redundant != analysis.Unknown || got.Differs != want.Differs || got.ConflictsUndecided {
				open++
				continue
			}
			decided++
			c.reach(p)
			c.differs(p)
			c.redundant(p)
			if c.reachable(p) {
				c.conflicts(p)
			}
		}
		if len(c.wrong) > 0 {
			t.Fatalf("%s%q", bruteforce.Show(f), c.wrong)
		}
	}
	if open < 500/bruteforce.Slowness || decided < 500/bruteforce.Slowness {
		t.Errorf("%d open, %d decided", open, decided)
	}
}

// decidesWitness reports whether a policy has a witness, and decides it.
func decidesWitness(a *analysis.Result, p int) bool {
	r := &a.Policies[p]
	return (r.Reach == analysis.Reachable || r.Reach == analysis.NeverAsked) && a.File.Decide(r.Witness) == p
}

// reachable reports whether all before p that decide something were found to.
func (c *check) reachable(p int) bool {
	return !slices.ContainsFunc(c.a.Policies[:p+1], func(r analysis.PolicyResult) bool { return r.Reach == analysis.Undecided })
}

// TestIrregularPatterns analyses lists with irregular patterns, and compares what
// is claimed with File.Decide for many regular texts.
func TestIrregularPatterns(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	texts := regularTexts()
	unreachable, redundant := 0, 0
	for range 400 / bruteforce.Slowness {
		f := bruteforce.RandomList(r, 6)
		f.Header.AuthorisationPolicy = policy.AlwaysCheck
		for i := range f.Policies {
			if r.IntN(3) == 0 {
				f.Policies[i].Destination = randomText(r)
			}
		}
		a := analysis.Analyse(f, analysis.Options{})
		for p, result := range a.Policies {
			if ok := decidesWitness(a, p); ok != (result.Reach == analysis.Reachable) {
				t.Fatalf("policy %d: the witness isn't confirmed\n%s", p, bruteforce.Show(f))
			}
			if result.Reach == analysis.Unreachable {
				unreachable++
				refute(t, f, p, texts, func(policy.Request) bool { return true })
			}
			if result.Redundant == analysis.Yes {
				redundant++
				without := &policy.File{Header: f.Header, Policies: slices.Delete(slices.Clone(f.Policies), p, p+1)}
				refute(t, f, p, texts, func(request policy.Request) bool {
					after, _ := analysis.Decision(without, request, false)
					return after != result.Outcome
				})
			}
		}
	}
	if unreachable < 50/bruteforce.Slowness || redundant < 30/bruteforce.Slowness {
		t.Errorf("%d unreachable, %d redundant", unreachable, redundant)
	}
}

// refute fails if the policy decides a request for which wrong holds.
func refute(t *testing.T, f *policy.File, p int, texts []policy.Text, wrong func(policy.Request) bool) {
	t.Helper()
	for _, a := range bruteforce.SomeClients {
		for _, text := range texts {
			request := policy.Request{SID: a.SID, Passed: a.Passed, Destination: text}
			if f.Decide(request) == p && wrong(request) {
				t.Fatalf("policy %d decides %s\n%s", p, fmt.Sprintf("%+v", request), bruteforce.Show(f))
			}
		}
	}
}

// regularTexts are short texts over letters with and without marks.
func regularTexts() []policy.Text {
	units := []string{"a", "B", "\u00e1", "\u03b9", "\u4e3d", "x"}
	texts := []string{""}
	for i := 0; i < len(texts); i++ {
		if len([]rune(texts[i])) < 3 {
			for _, u := range units {
				texts = append(texts, texts[i]+u)
			}
		}
	}
	var out []policy.Text
	for _, s := range texts {
		out = append(out, policy.NewText(s))
	}
	return out
}

// TestCompareIrregular compares versions with irregular patterns.
func TestCompareIrregular(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	texts := regularTexts()
	var changed [analysis.Yes + 1]int
	for range 150 / bruteforce.Slowness {
		old := bruteforce.RandomList(r, 4)
		for i := range old.Policies {
			if r.IntN(3) == 0 {
				old.Policies[i].Destination = randomText(r)
			}
		}
		after := bruteforce.Mutate(r, old)
		c := analysis.Compare(old, after, analysis.Options{})
		changed[c.Changed]++
		for _, a := range bruteforce.SomeClients {
			for _, text := range texts {
				request := policy.Request{SID: a.SID, Passed: a.Passed, Destination: text}
				was, _ := analysis.Decision(old, request, false)
				if is, _ := analysis.Decision(after, request, false); c.Changed == analysis.No && was != is {
					t.Fatalf("%s is changed\n%s\n%s", fmt.Sprintf("%+v", request), bruteforce.Show(old), bruteforce.Show(after))
				}
			}
		}
	}
	if changed[analysis.Yes] < 15/bruteforce.Slowness || changed[analysis.No] < 15/bruteforce.Slowness || changed[analysis.Unknown] > 100 {
		t.Errorf("%v", changed)
	}
}
