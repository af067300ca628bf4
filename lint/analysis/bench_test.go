package analysis_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"ups/internal/natures"
	"ups/lint/analysis"
	"ups/policy"
)

// The lists that the figures are measured with: as long as fits a compiled
// file, of 65,535 bytes.

// realistic is like a file of an operator: numbers, services and hosts, for
// all, for the signed, or for a few named applications; the general ones last.
func realistic(n int) *policy.File {
	return operator(n, "sms:09%05d*", "tel:+44%06d", "m%d.co/*", "mms:%05d", "tel:0%05d*")
}

// overlapping is the same with stars in front, so that most policies of a kind
// have some destination in common.
func overlapping(n int) *policy.File {
	return operator(n, "http://*.host%d.example/*", "*/pay%d?id=*", "sms:+44770090%04d", "tel:+4420%04d*")
}

func operator(n int, shapes ...string) *policy.File {
	r := rand.New(rand.NewPCG(1, 2))
	f := natures.NewList()
	f.Header.AuthorisationPolicy = policy.CheckPostManufacture
	for i := range n - 3 {
		p := policy.Policy{SIDClasses: policy.AllSIDs, Options: policy.Yes | policy.No}
		p.Destination = policy.NewText(fmt.Sprintf(shapes[i%len(shapes)], r.IntN(4*n)))
		switch r.IntN(6) {
		case 0:
			p.SIDs = []uint32{0x20000000 + uint32(r.IntN(60)), 0x20000000 + uint32(r.IntN(60))}
			p.Options |= policy.Always | policy.Never
		case 1:
			p.SIDClasses, p.Security = policy.ProtectedSIDs, policy.Passed
			p.Options |= policy.SessionYes
		case 2:
			p.Options = policy.No
		}
		f.Policies = append(f.Policies, p)
	}
	for _, general := range []string{"sms:*", "tel:*", "*"} {
		f.Policies = append(f.Policies, policy.Policy{SIDClasses: policy.AllSIDs, Destination: policy.NewText(general), Options: policy.Yes | policy.No | policy.Never})
	}
	return f
}

// worst is a list of patterns that all overlap.
func worst(n int, shape string) *policy.File {
	r := rand.New(rand.NewPCG(3, 4))
	f := natures.NewList()
	for range n {
		word := func() string { return string(rune('a'+r.IntN(26))) + string(rune('a'+r.IntN(26))) }
		p := policy.Policy{SIDClasses: policy.AllSIDs, Options: policy.Yes | policy.Options(2<<r.IntN(2))}
		p.Destination = policy.NewText(fmt.Sprintf(shape, word(), word()))
		f.Policies = append(f.Policies, p)
	}
	return f
}

// nested is worst, but with SIDs that make each policy comparable with all.
func nested(n int, shape string) *policy.File {
	f := worst(n, shape)
	for i := range f.Policies {
		f.Policies[i].SIDClasses = policy.SIDClasses(1<<(16-i*16/n)) - 1
	}
	return f
}

// benchList is a list by name.
type benchList struct {
	name string
	f    *policy.File
}

// benchLists makes the lists, each but the first as long as fits.
func benchLists(tb testing.TB) []benchList {
	return []benchList{
		{"40-policies", realistic(40)},
		{"realistic", longest(tb, realistic)},
		{"overlapping", longest(tb, overlapping)},
		{"stars", longest(tb, func(n int) *policy.File { return worst(n, "*%s*%s*") })},
		{"question-marks", longest(tb, func(n int) *policy.File { return worst(n, "*%s?%s*") })},
		{"questions-and-stars", longest(tb, func(n int) *policy.File { return worst(n, "*?%s?*%s?*") })},
		{"hard", longest(tb, hard)},
		{"nested", longest(tb, func(n int) *policy.File { return nested(n, "*%s*%s*") })},
	}
}

// longest returns the longest list that fits a compiled file.
func longest(tb testing.TB, list func(n int) *policy.File) *policy.File {
	f, err := natures.Longest(list)
	if err != nil || len(f.Policies) < 700 {
		tb.Fatalf("%v, %v", f, err)
	}
	return f
}

// TestBudgetIsKept shows that the analysis stops soon after its budget is used
// up, and says so.
func TestBudgetIsKept(t *testing.T) {
	for name, f := range map[string]*policy.File{"hard": hard(400), "nested": nested(400, "*%s*%s*")} {
		const steps = 1 << 20
		start := time.Now()
		if undecided(analysis.Analyse(f, analysis.Options{Budget: steps})) == 0 {
			t.Errorf("%s: %d steps were enough", name, steps)
		}
		// The default budget is 256 times as large, for a second.
		if d := time.Since(start); d > 30*time.Second {
			t.Errorf("%s took %v", name, d)
		}
	}
}

func BenchmarkAnalyse(b *testing.B) {
	for _, l := range benchLists(b) {
		b.Run(l.name, func(b *testing.B) {
			benchmarkAnalyse(b, l.f)
		})
	}
}

func benchmarkAnalyse(b *testing.B, f *policy.File) {
	b.ReportAllocs()
	var a *analysis.Result
	for b.Loop() {
		a = analysis.Analyse(f, analysis.Options{})
	}
	b.ReportMetric(float64(len(f.Policies)), "policies")
	b.ReportMetric(float64(undecided(a)), "undecided")
}

// undecided counts the policies of which something isn't decided.
func undecided(a *analysis.Result) (n int) {
	for _, r := range a.Policies {
		switch {
		case r.Reach == analysis.Undecided, r.ConflictsUndecided,
			r.Reach == analysis.Reachable && r.Redundant == analysis.Unknown,
			r.Reach == analysis.Unreachable && r.Differs == analysis.Unknown:
			n++
		}
	}
	return n
}

// hard is a list of patterns that only all together cover a part of each
// other, in ways that have to be searched for.
func hard(n int) *policy.File {
	r := rand.New(rand.NewPCG(5, 6))
	f := natures.NewList()
	for range n {
		pattern := []byte("*")
		for range 6 {
			pattern = append(pattern, "a?b?"[r.IntN(4)], "?**"[r.IntN(3)])
		}
		f.Policies = append(f.Policies, policy.Policy{SIDClasses: policy.AllSIDs, Options: policy.Yes | policy.Options(2<<r.IntN(2)), Destination: policy.NewText(string(pattern))})
	}
	return f
}
