package analysis_test

import (
	"sync"
	"testing"

	"ups/lint/analysis"
	"ups/policy"
)

// TestFind looks for requests of single clients, from several goroutines.
func TestFind(t *testing.T) {
	f := list("a*", "b*", "a", "*", "\u0301*")
	f.Policies[1].SIDs = []uint32{5}
	f.Policies[3].Security = policy.Failed
	r := analysis.Analyse(f, analysis.Options{})
	all := func(analysis.Client) bool { return true }
	var wg sync.WaitGroup
	for _, c := range []struct {
		name   string
		policy int
		wanted func(analysis.Client) bool
		want   analysis.Truth
	}{
		{"any client", 0, all, analysis.Yes},
		{"the one that is listed", 1, func(c analysis.Client) bool { return c.SID == 5 }, analysis.Yes},
		{"one that isn't", 1, func(c analysis.Client) bool { return c.SID == 6 }, analysis.No},
		{"an unreachable policy", 2, all, analysis.No},
		{"the other result of the check", 3, func(c analysis.Client) bool { return c.Passed }, analysis.No},
		{"an irregular pattern", 4, all, analysis.Unknown},
	} {
		wg.Go(func() {
			request, got := r.Find(c.policy, c.wanted)
			if got != c.want || got == analysis.Yes && f.Decide(request) != c.policy {
				t.Errorf("%s: %d, %v", c.name, got, request)
			}
		})
	}
	wg.Wait()
}
