package analysis_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"ups/lint/analysis"
	"ups/lint/internal/bruteforce"
	"ups/policy"
)

// TestSortHoldsForAllTexts compares the decisions of sorted lists with the
// matcher's, for texts that aren't regular. If only regular ones are to be kept,
// some others change: so the texts are such that matter.
func TestSortHoldsForAllTexts(t *testing.T) {
	moved, changed := 0, 0
	for seed := range uint64(40_000 / bruteforce.Slowness) {
		r := rand.New(rand.NewPCG(19, seed))
		f := bruteforce.RandomList(r, 6)
		for i := range f.Policies {
			if r.IntN(6) == 0 {
				f.Policies[i].Destination = randomText(r)
			}
		}
		if all := analysis.Sort(f, analysis.OrderOptions{}); !slices.IsSorted(all.Places) {
			moved++
			if text := changedText(r, f, all.Places); text != nil {
				t.Fatalf("%v: %x changes\n%s", all.Places, *text, bruteforce.Show(f))
			}
		}
		regular := analysis.Sort(f, analysis.OrderOptions{Regular: true})
		if !slices.IsSorted(regular.Places) && changedText(r, f, regular.Places) != nil {
			changed++
		}
	}
	if t.Logf("%d moved, %d would change", moved, changed); moved < 1000/bruteforce.Slowness || changed < 2 && bruteforce.Slowness == 1 {
		t.Errorf("%d moved, %d would change", moved, changed)
	}
}

// TestSortAloneHoldsForAllTexts does so for stretches that are sorted alone: each
// is compared without what stands around it.
func TestSortAloneHoldsForAllTexts(t *testing.T) {
	moved := 0
	for seed := range uint64(20_000 / bruteforce.Slowness) {
		r := rand.New(rand.NewPCG(20, seed))
		f := bruteforce.RandomList(r, 6)
		options := analysis.OrderOptions{Alone: true, Stretch: make([]int, len(f.Policies))}
		first := r.IntN(len(f.Policies))
		for i := first; i < len(f.Policies); i++ {
			options.Stretch[i] = 1
		}
		got := analysis.Sort(f, options)
		if slices.IsSorted(got.Places) {
			continue
		}
		moved++
		for number := range 2 {
			other := func(p int) bool { return options.Stretch[p] != number }
			before := reordered(f, slices.DeleteFunc(identity(len(f.Policies)), other))
			after := reordered(f, slices.DeleteFunc(slices.Clone(got.Places), other))
			for range 60 {
				q := policy.Request{SID: 1, Passed: r.IntN(2) == 0, Destination: randomText(r)}
				is, was := after.Decide(q), before.Decide(q)
				if was >= 0 && analysis.OutcomeOf(f, &after.Policies[is]) != analysis.OutcomeOf(f, &before.Policies[was]) {
					t.Fatalf("%v: %x changes\n%s", got.Places, q.Destination, bruteforce.Show(f))
				}
			}
		}
	}
	if moved < 400/bruteforce.Slowness {
		t.Errorf("%d moved", moved)
	}
}

// changedText looks for a text that is decided otherwise in another order.
func changedText(r *rand.Rand, f *policy.File, places []int) *policy.Text {
	after := reordered(f, places)
	for range 60 {
		text := randomText(r)
		c := bruteforce.SomeClients[r.IntN(len(bruteforce.SomeClients))]
		q := policy.Request{SID: c.SID, Passed: c.Passed, Destination: text}
		before, _ := analysis.Decision(f, q, false)
		if now, _ := analysis.Decision(after, q, false); now != before {
			return &text
		}
	}
	return nil
}
