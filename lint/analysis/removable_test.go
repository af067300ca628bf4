package analysis_test

import (
	"math/rand/v2"
	"testing"

	"ups/internal/wildcard"
	"ups/lint/analysis"
	"ups/lint/internal/bruteforce"
	"ups/policy"
)

// quirky has a unit for each of the matcher's quirks, and some plain ones.
var quirky = policy.Text{'a', 'A', 'b', 'x', '*', '?', 0x301, 0x323, 0xE1, 0x345, 0x3B9, 0x1FB4, 0x340, 0xD800, 0xDC00, 0xFFFE, 0xFFFF, 0xD801, 0xDC00, 0xD87E, 0x4E3D, 0x212A}

// TestSafeHoldsForAllTexts compares what makes edits safe with the matcher, for
// texts that aren't regular.
func TestSafeHoldsForAllTexts(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 8))
	sure, never := 0, 0
	for range 20_000 / bruteforce.Slowness {
		f := &policy.File{}
		for range 2 {
			p := bruteforce.RandomPolicy(r, "ab*?", true)
			if r.IntN(4) == 0 {
				p.Destination = randomText(r)
			}
			f.Policies = append(f.Policies, p)
		}
		surely, apart := analysis.IncludesAll(f, 0, 1), analysis.Disjoint(f, 0, 1)
		if !surely && !apart {
			continue
		}
		for range 20 {
			text := randomText(r)
			outer, inner := wildcard.Match(f.Policies[0].Destination, text), wildcard.Match(f.Policies[1].Destination, text)
			if surely && inner && !outer || apart && inner && outer {
				t.Fatalf("%q and %q, sure %t, apart %t: %x", f.Policies[0].Destination, f.Policies[1].Destination, surely, apart, text)
			}
			if inner && surely {
				sure++
			}
			if apart && (inner || outer) {
				never++
			}
		}
	}
	if sure < 1000/bruteforce.Slowness || never < 1000/bruteforce.Slowness {
		t.Errorf("hardly anything was compared: %d, %d", sure, never)
	}
}

func randomText(r *rand.Rand) policy.Text {
	text := make(policy.Text, r.IntN(7))
	for i := range text {
		text[i] = quirky[r.IntN(len(quirky))]
		if r.IntN(2) == 0 {
			text[i] = quirky[r.IntN(3)]
		}
	}
	return text
}
