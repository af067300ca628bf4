package lint

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"ups/internal/rsc"
	"ups/policy"
)

// The lists that the figures are measured with. Each is made so that one
// policy more would not fit a compiled file.

// realistic is like a file of an operator: addresses of hosts, numbers and
// services, for all, for the signed, or for a few named applications.
func realistic(n int) *policy.File {
	r := rand.New(rand.NewPCG(1, 2))
	f := &policy.File{Header: &policy.Header{AuthorisationPolicy: policy.CheckPostManufacture, DialogCreator: 1}}
	shapes := []string{"http://*.host%d.example/*", "https://www.host%d.example/pay*", "sms:+44770090%04d", "tel:+4420%04d*", "*/service%d?id=*", "mms:%05d"}
	for i := range n - 1 {
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
	f.Policies = append(f.Policies, policy.Policy{SIDClasses: policy.AllSIDs, Destination: policy.NewText("*"), Options: policy.Yes | policy.No})
	return f
}

// worst is a list of patterns that all overlap.
func worst(n int, shape string) *policy.File {
	r := rand.New(rand.NewPCG(3, 4))
	f := &policy.File{Header: &policy.Header{DialogCreator: 1}}
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

func fits(tb testing.TB, f *policy.File) int {
	f.Version, f.UID2 = policy.FormatVersion, policy.ResourceFileUID
	b, err := rsc.Encode(f)
	if err != nil {
		tb.Fatal(err)
	}
	return len(b)
}

func BenchmarkAnalyse(b *testing.B) {
	files := []struct {
		name string
		f    *policy.File
	}{
		{"40-policies", realistic(40)},
		{"realistic", realistic(1200)},
		{"stars", worst(1600, "*%s*%s*")},
		{"question-marks", worst(1500, "*%s?%s*")},
		{"questions-and-stars", worst(1500, "*?%s?*%s?*")},
		{"hard", hard(1500)},
		{"nested", nested(1600, "*%s*%s*")},
	}
	for _, file := range files {
		b.Run(file.name, func(b *testing.B) {
			size := 0 //fits(b, file.f)
			b.ReportAllocs()
			var a *Analysis
			for b.Loop() {
				a = Analyse(file.f, 0)
			}
			b.ReportMetric(float64(size), "file-B")
			b.ReportMetric(float64(open(a)), "open")
		})
	}
}

// open counts what isn't decided.
func open(a *Analysis) (n int) {
	for _, r := range a.Policies {
		if r.Reach == Undecided || r.TakersOpen || r.Reach == Reachable && r.Redundant == Open || r.Reach == Unreachable && r.Differs == Open {
			n++
		}
	}
	return n
}

// hard is a list of patterns that only all together cover a part of each
// other, in ways that have to be searched for.
func hard(n int) *policy.File {
	r := rand.New(rand.NewPCG(5, 6))
	f := &policy.File{Header: &policy.Header{DialogCreator: 1}}
	for range n {
		pattern := []byte("*")
		for range 6 {
			pattern = append(pattern, "a?b?"[r.IntN(4)], "?**"[r.IntN(3)])
		}
		f.Policies = append(f.Policies, policy.Policy{SIDClasses: policy.AllSIDs, Options: policy.Yes | policy.Options(2<<r.IntN(2)), Destination: policy.NewText(string(pattern))})
	}
	return f
}
