package lint

import (
	"math/rand/v2"
	"slices"
	"testing"

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
		want            Reach
		alone, together []int
	}{
		{"nothing before", []string{"a"}, Reachable, nil, nil},
		{"the same", []string{"a", "a"}, Unreachable, []int{0}, nil},
		{"upper case", []string{"STRASSE", "strasse"}, Unreachable, []int{0}, nil},
		{"sharp s is one letter", []string{"STRASSE", "straße"}, Reachable, nil, nil},
		{"composed and decomposed", []string{"caf\u00e9", "CAFE\u0301"}, Unreachable, []int{0}, nil},
		{"a mark makes another letter", []string{"cafe", "caf\u00e9"}, Reachable, nil, nil},
		{"a literal ends where a letter does", []string{"e*", "e\u0301x"}, Reachable, nil, nil},
		{"a letter with a mark is one letter", []string{"?x", "e\u0301x"}, Unreachable, []int{0}, nil},
		{"the dotless i", []string{"I", "\u0131"}, Unreachable, []int{0}, nil},
		{"each alone", []string{"*", "a*", "b*", "ab*"}, Unreachable, []int{0, 1}, nil},
		{"by length", []string{"", "?", "??*", "*"}, Unreachable, nil, []int{0, 1, 2}},
		{"but for the empty string", []string{"?*", "*"}, Reachable, nil, nil},
		{"but for one length", []string{"", "?", "???*", "*"}, Reachable, nil, nil},
		{"around a letter", []string{"a*", "?*a*", "*a*"}, Unreachable, nil, []int{0, 1}},
		{"in the order of letters", []string{"*a*b*", "*b*a*", "*a*b*a*"}, Unreachable, []int{0, 1}, nil},
		{"runs of question marks", []string{"*a?b*", "*a??b*", "*ab*", "*a???*b*", "*a*b*"}, Unreachable, nil, []int{0, 1, 2, 3}},
		{"not regular", []string{"*", "\u0301*"}, Unclaimed, nil, nil},
		{"after one that isn't regular", []string{"b*\u0301", "a*"}, Reachable, nil, nil},
		{"taken by one that isn't regular", []string{"*\ufffe", "a*"}, Undecided, nil, nil},
		{"covered whatever that one does", []string{"*\ufffe", "a*", "ab"}, Unreachable, []int{1}, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := Analyse(list(c.list...), 0)
			last := len(c.list) - 1
			r := a.Policies[last]
			if r.Reach != c.want || !slices.Equal(r.Alone, c.alone) || !slices.Equal(r.Together, c.together) {
				t.Errorf("reach %d alone %v together %v, want %d %v %v", r.Reach, r.Alone, r.Together, c.want, c.alone, c.together)
			}
			if _, ok := a.Witness(last); ok != (c.want == Reachable) {
				t.Errorf("has a witness: %t", ok)
			}
		})
	}
}

// TestSmallBudgets shows that whatever the budget, what is claimed is right.
func TestSmallBudgets(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	open, decided := 0, 0
	for range 3_000 / slowness {
		f := randomList(r, 8)
		c := &check{f: f, a: Analyse(f, 1+r.IntN(20_000)), v: newView(newOracle(patternsOf(f)), f, 0)}
		sure := &check{f: f, a: Analyse(f, 0), v: c.v}
		for p := range f.Policies {
			got, want := &c.a.Policies[p], &sure.a.Policies[p]
			if got.Reach == Undecided || got.Redundant == Open && want.Redundant != Open || got.Differs != want.Differs || got.TakersOpen {
				open++
				continue
			}
			decided++
			c.reach(p)
			c.loss(p)
			c.redundant(p)
			if c.reachable(p) {
				c.takers(p)
			}
		}
		if len(c.wrong) > 0 {
			t.Fatalf("%s%q", show(f), c.wrong)
		}
	}
	if open < 500/slowness || decided < 500/slowness {
		t.Errorf("%d open, %d decided", open, decided)
	}
}

// reachable reports whether all before p that decide something were found to.
func (c *check) reachable(p int) bool {
	return !slices.ContainsFunc(c.a.Policies[:p+1], func(r Result) bool { return r.Reach == Undecided })
}

// TestIrregularPatterns has lists in which anything goes, and asks the plain
// law about many regular texts.
func TestIrregularPatterns(t *testing.T) {
	r := rand.New(rand.NewPCG(11, 12))
	texts := regularTexts()
	unreachable, redundant := 0, 0
	for range 400 / slowness {
		f := randomList(r, 6)
		f.Header.AuthorisationPolicy = policy.AlwaysCheck
		for i := range f.Policies {
			if r.IntN(3) == 0 {
				f.Policies[i].Destination = randomText(r)
			}
		}
		a := Analyse(f, 0)
		for p, result := range a.Policies {
			if _, ok := a.Witness(p); ok != (result.Reach == Reachable) {
				t.Fatalf("policy %d: the witness isn't confirmed\n%s", p, show(f))
			}
			if result.Reach == Unreachable {
				unreachable++
				c := &check{f: f, a: a}
				c.refute(t, p, texts, func(policy.Request) bool { return true })
			}
			if result.Redundant == Yes {
				redundant++
				without := &policy.File{Header: f.Header, Policies: slices.Delete(slices.Clone(f.Policies), p, p+1)}
				(&check{f: f, a: a}).refute(t, p, texts, func(request policy.Request) bool {
					after, _ := decision(without, request, false)
					return after != result.Outcome
				})
			}
		}
	}
	if unreachable < 50/slowness || redundant < 30/slowness {
		t.Errorf("%d unreachable, %d redundant", unreachable, redundant)
	}
}

// refute fails if the policy decides a request for which wrong holds.
func (c *check) refute(t *testing.T, p int, texts []policy.Text, wrong func(policy.Request) bool) {
	t.Helper()
	for _, a := range oracleAtoms {
		for _, text := range texts {
			request := policy.Request{SID: a.sid, Passed: a.passed, Destination: text}
			if c.f.Decide(request) == p && wrong(request) {
				t.Fatalf("policy %d decides %s\n%s", p, describe(request), show(c.f))
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

// TestCompareIrregular compares versions in which anything goes.
func TestCompareIrregular(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	texts := regularTexts()
	var changed [Yes + 1]int
	for range 150 / slowness {
		old := randomList(r, 4)
		for i := range old.Policies {
			if r.IntN(3) == 0 {
				old.Policies[i].Destination = randomText(r)
			}
		}
		after := mutate(r, old)
		c := Compare(old, after, 0)
		changed[c.Changed]++
		for _, a := range oracleAtoms {
			for _, text := range texts {
				request := policy.Request{SID: a.sid, Passed: a.passed, Destination: text}
				was, _ := decision(old, request, false)
				if is, _ := decision(after, request, false); c.Changed == No && was != is {
					t.Fatalf("%s is changed\n%s\n%s", describe(request), show(old), show(after))
				}
			}
		}
	}
	if changed[Yes] < 15/slowness || changed[No] < 15/slowness || changed[Open] > 100 {
		t.Errorf("%v", changed)
	}
}
