package model

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"ups/internal/natures"
	"ups/internal/wildcard"
	"ups/lint/analysis"
	"ups/policy"
)

// TestNatures holds what is said of lists of the kinds that people write.
func TestNatures(t *testing.T) {
	for _, nature := range natures.All() {
		t.Run(nature.Name, func(t *testing.T) { check(t, nature.List(50)) })
	}
}

// TestAnyList holds it of short lists of any kind.
func TestAnyList(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { check(t, anyList(t)) })
}

// TestFoundByProof has a policy that decides, for one kind of client, nothing of
// what is made of patterns: the analysis finds what it decides.
func TestFoundByProof(t *testing.T) {
	f := natures.NewList()
	for _, p := range []struct {
		destination string
		sids        []uint32
	}{{"?x*", []uint32{1}}, {"?", []uint32{1}}, {"a*", nil}} {
		f.Policies = append(f.Policies, policy.Policy{SIDs: p.sids, SIDClasses: policy.AllSIDs, Destination: policy.NewText(p.destination), Options: policy.Yes})
	}
	l := Of(f, analysis.Analyse(f, analysis.Options{}))
	if first := l.Rows[0]; first.Who != "all other SIDs" {
		t.Errorf("the first row is %s", first.Who)
	}
	row := l.Rows[len(l.Rows)-1]
	i := slices.IndexFunc(row.Cells, func(c Cell) bool { return c.Policy == 3 })
	if want := (Cell{Policy: 3, Reach: Decides, Requests: 1}); row.Who != "SID 0x00000001" || row.Cells[i] != want {
		t.Errorf("%s: %+v, want %+v", row.Who, row.Cells[i], want)
	}
	check(t, f)
}

// TestManyKinds has more kinds of client than rows: the last row is for the rest,
// and has each policy that is for them.
func TestManyKinds(t *testing.T) {
	f := natures.NewList()
	for i := range 3 * maxRows {
		f.Policies = append(f.Policies, policy.Policy{SIDs: []uint32{uint32(i + 1)}, Destination: policy.NewText("*"), Options: policy.Yes})
	}
	l := Of(f, analysis.Analyse(f, analysis.Options{}))
	last := l.Rows[len(l.Rows)-1]
	if len(l.Rows) != maxRows || last.Kinds != 3*maxRows+1-(maxRows-1) || last.Who != "50 more kinds of client" {
		t.Errorf("%d rows, the last of %d kinds: %s", len(l.Rows), last.Kinds, last.Who)
	}
	for _, c := range last.Cells {
		if c.Reach != Decides || c.Requests != 1 {
			t.Errorf("policy %d: %+v", c.Policy, c)
		}
	}
	if len(last.Cells) != last.Kinds {
		t.Errorf("%d cells for %d kinds", len(last.Cells), last.Kinds)
	}
	check(t, f)
}

// TestTree shows how exceptions sit in their rules.
func TestTree(t *testing.T) {
	f := natures.NewList()
	for _, p := range []struct {
		destination string
		options     policy.Options
	}{
		{"+4490*", policy.No}, {"+4491*", policy.Yes}, {"+44*", policy.Yes}, {"+449012", policy.Yes}, {"http://www.shop.example/*", policy.Yes}, {"*.shop.example", policy.Yes | policy.No},
		{"www.SHOP.example", policy.No}, {"mail.shop.example", policy.No}, {"sms:112", policy.Yes}, {"sms:113", policy.Yes}, {"*", policy.No}, {"*", policy.Yes},
	} {
		f.Policies = append(f.Policies, policy.Policy{SIDClasses: policy.AllSIDs, Destination: policy.NewText(p.destination), Options: p.options})
	}
	var got strings.Builder
	draw(&got, Of(f, analysis.Analyse(f, analysis.Options{})).Tree, "")
	const want = `* 11 12
  +44* 3 except 11
    +449… group
      +4490* 1 except 3
        +449012 4 after 1
      +4491* 2
  sms:11… group
    sms:112 9 except 11
    sms:113 10 except 11
  ….shop.example group
    *.shop.example 6 except 11
      mail.shop.example 8 after 6
      www.SHOP.example 7 after 6
    http://www.shop.example/* 5 except 11
`
	if got.String() != want {
		t.Errorf("got\n%swant\n%s", got.String(), want)
	}
	check(t, f)
}

// draw writes a tree, with the first of what a policy is an exception to.
func draw(b *strings.Builder, n *Node, indent string) {
	b.WriteString(indent + n.Label)
	if n.Group {
		b.WriteString(" group")
	}
	for _, e := range n.Entries {
		fmt.Fprintf(b, " %d", e.Policy)
		if len(e.ExceptionTo) > 0 {
			fmt.Fprintf(b, " except %d", e.ExceptionTo[0])
		}
		if len(e.After) > 0 {
			fmt.Fprintf(b, " after %d", e.After[0])
		}
	}
	b.WriteString("\n")
	for _, below := range n.Below {
		draw(b, below, indent+"  ")
	}
}

type failer interface {
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

// check holds that all cells agree with policy.File.Decide, that shares are of the
// whole, and that the tree has each destination once.
func check(t failer, f *policy.File) {
	a := analysis.Analyse(f, analysis.Options{})
	b := newBuilder(f, a)
	b.decideAll()
	l := Of(f, a)
	checkDecisions(t, f, b, l)
	checkShares(t, l)
	checkMatches(t, f, b, l)
	checkShadowed(t, f, b, l)
	checkTree(t, f, l)
}

func checkDecisions(t failer, f *policy.File, b *builder, l *List) {
	counts := make([]map[int]int, len(l.Rows))
	for i := range counts {
		counts[i] = map[int]int{}
	}
	authorisation := f.HeaderOrZero().AuthorisationPolicy
	for _, d := range b.decided {
		if want := f.Decide(d.Request); d.by != want {
			t.Errorf("%v is decided by %d, want %d", d.Request, d.by, want)
		}
		if authorisation.Answer(d.SID, d.Passed, false) != policy.Ask {
			t.Errorf("the service isn't asked about %v", d.Request)
		}
		counts[d.row][d.by+1]++
	}
	for i, row := range l.Rows {
		for p := range b.rows.members[i] {
			has := slices.ContainsFunc(row.Cells, func(c Cell) bool { return c.Policy == p+1 })
			if has == (row.Asked == AskedNever) {
				t.Errorf("row %d, asked about %s: a cell of policy %d is there: %v", i, row.Asked, p+1, has)
			}
		}
		for _, cell := range row.Cells {
			if cell.Requests != counts[i][cell.Policy] {
				t.Errorf("row %d, policy %d: %d requests, want %d", i, cell.Policy, cell.Requests, counts[i][cell.Policy])
			}
			if (cell.Reach == Decides) != (cell.Requests > 0) {
				t.Errorf("row %d, policy %d: %s, with %d requests", i, cell.Policy, cell.Reach, cell.Requests)
			}
			delete(counts[i], cell.Policy)
		}
		if len(counts[i]) > 0 {
			t.Errorf("row %d has no cell for %v", i, counts[i])
		}
	}
}

func checkShares(t failer, l *List) {
	sum, requests := 0.0, 0
	for _, share := range l.Shares() {
		sum += share
	}
	if l.Sample.Requests > 0 && math.Abs(sum-1) > 1e-9 {
		t.Errorf("the shares are %v together", sum)
	}
	kinds := 0
	for _, row := range l.Rows {
		requests += row.Requests
		if row.Asked != AskedNever {
			kinds += row.Kinds
		}
	}
	if l.Sample.Kinds != kinds {
		t.Errorf("the sample is of %d kinds, want %d", l.Sample.Kinds, kinds)
	}
	if requests != l.Sample.Requests {
		t.Errorf("the rows have %d requests, and the sample %d", requests, l.Sample.Requests)
	}
	for _, p := range l.Policies[1:] {
		if p.Requests > 0 && p.Reach != Decides {
			t.Errorf("policy %d is %s, and decides %d requests", p.Number, p.Reach, p.Requests)
		}
		if p.Reach == Decides && p.Requests == 0 {
			t.Errorf("policy %d decides no request of the sample", p.Number)
		}
	}
}

// checkMatches counts what each policy matches, and who decides it.
func checkMatches(t failer, f *policy.File, b *builder, l *List) {
	matches, taken := make([]int, len(f.Policies)), map[[2]int]int{}
	seen := map[string]bool{}
	for _, d := range b.decided {
		key := fmt.Sprint(d.row, d.SID, d.Passed, keyOf(d.Destination))
		if seen[key] && !b.rows.isJoint(d.row) {
			t.Errorf("%v is in the sample twice", d.Request)
		}
		seen[key] = true
		for p := range f.Policies {
			if f.Policies[p].Matches(d.Request) {
				matches[p]++
				taken[[2]int{p, d.by}]++
			}
		}
	}
	for p := range f.Policies {
		of := l.Policies[p+1]
		if of.Matches != matches[p] {
			t.Errorf("policy %d matches %d requests, want %d", p+1, of.Matches, matches[p])
		}
		for _, share := range of.By {
			if share.Policy > p || share.Requests != taken[[2]int{p, share.Policy - 1}] {
				t.Errorf("policy %d: %d of its requests are decided by %d, want %d", p+1, share.Requests, share.Policy, taken[[2]int{p, share.Policy - 1}])
			}
		}
		if by := l.Policies[p+1].By; of.Reach == Shadowed && len(by) == 0 {
			t.Errorf("policy %d is shadowed by none", p+1)
		}
	}
}

// checkShadowed asks of each shadowed cell about all regular destinations of the
// sample. Where all patterns are regular, all cells are proved.
func checkShadowed(t failer, f *policy.File, b *builder, l *List) {
	irregular := slices.ContainsFunc(f.Policies, func(p policy.Policy) bool { return !wildcard.Regular(p.Destination) })
	for i, row := range l.Rows {
		for _, cell := range row.Cells {
			if cell.Reach == Unproved && !irregular {
				t.Errorf("row %d: nothing is known of policy %d", i, cell.Policy)
			}
			if cell.Reach != Shadowed {
				continue
			}
			if !wildcard.Regular(f.Policies[cell.Policy-1].Destination) {
				t.Errorf("row %d: policy %d isn't regular, and is said to be shadowed", i, cell.Policy)
			}
			for _, d := range b.decided {
				if d.row != i {
					continue // the destinations of all rows are nearly the same
				}
				client := b.rows.kinds[i][0].Client
				request := policy.Request{SID: client.SID, Passed: client.Passed, Destination: d.Destination}
				if wildcard.RegularText(d.Destination) && f.Decide(request) == cell.Policy-1 {
					t.Fatalf("row %d: policy %d is shadowed, and decides %v", i, cell.Policy, request)
				}
			}
		}
	}
}

func checkTree(t failer, f *policy.File, l *List) {
	var destinations, policies []string
	for _, n := range l.Tree.Patterns() {
		destinations = append(destinations, keyOf(f.Policies[n.Entries[0].Policy-1].Destination))
		for _, e := range n.Entries {
			policies = append(policies, fmt.Sprintf("%05d", e.Policy))
		}
	}
	slices.Sort(destinations)
	slices.Sort(policies)
	if n := len(slices.Compact(slices.Clone(destinations))); n != len(destinations) {
		t.Errorf("the tree has %d destinations %d times", n, len(destinations))
	}
	if n := len(slices.Compact(policies)); n != len(f.Policies) {
		t.Errorf("the tree has %d policies, want %d", n, len(f.Policies))
	}
	checkNesting(t, f, l.Tree, nil)
}

// checkNesting holds that what matches a pattern matches those above it.
func checkNesting(t failer, f *policy.File, n *Node, above policy.Text) {
	if !n.Group {
		own := f.Policies[n.Entries[0].Policy-1].Destination
		for _, text := range madeOf(own) {
			if above != nil && wildcard.RegularText(text) && wildcard.Match(own, text) && !wildcard.Match(above, text) {
				t.Errorf("%s stands below %s, which doesn't match %s", own, above, text)
			}
		}
		above = own
	} else if len(n.Below) < 2 && n.Label != "any destination" {
		t.Errorf("the group %s has %d nodes", n.Label, len(n.Below))
	}
	for _, below := range n.Below {
		checkNesting(t, f, below, above)
	}
}

// anyList draws a list whose policies have much in common.
func anyList(t *rapid.T) *policy.File {
	f := natures.NewList()
	f.Header.AuthorisationPolicy = rapid.Custom(func(t *rapid.T) policy.AuthorisationPolicy {
		return policy.AuthorisationPolicy(rapid.IntRange(0, 5).Draw(t, "authorisation"))
	}).Draw(t, "authorisation")
	f.Policies = rapid.SliceOfN(rapid.Custom(anyPolicy), 0, 8).Draw(t, "policies")
	return f
}

func anyPolicy(t *rapid.T) policy.Policy {
	p := policy.Policy{
		SIDClasses:  rapid.SampledFrom([]policy.SIDClasses{0, 1, 4, policy.ProtectedSIDs, policy.AllSIDs}).Draw(t, "classes"),
		Security:    policy.Security(rapid.IntRange(0, 3).Draw(t, "security")),
		Destination: policy.NewText(rapid.StringOfN(rapid.SampledFrom([]rune("ab.1*?\u0301\u00e9\u01e9")), 0, 4, -1).Draw(t, "destination")),
		Options:     rapid.SampledFrom([]policy.Options{0, policy.Yes, policy.No, policy.Yes | policy.No, policy.AllOptions}).Draw(t, "options"),
	}
	if rapid.IntRange(0, 2).Draw(t, "listed") == 0 {
		p.SIDs = rapid.SliceOfN(rapid.SampledFrom([]uint32{1, 2, 0x20000001, 0x80000001}), 1, 3).Draw(t, "sids")
	}
	return p
}
