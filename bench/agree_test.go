package main

import (
	"fmt"
	"testing"
)

// What is asked in the test besides what is measured, and of how many policies
// a slow engine is asked in all.
const (
	moreRequests = 3000
	slowVisits   = 600_000
)

func TestAllEnginesGiveTheSameAnswers(t *testing.T) {
	for _, policies := range sizes {
		w := newWorkload(seed, policies)
		asked := append(append(w.some(w.file, moreRequests), w.mixed...), w.worst...)
		want := make([]int, len(asked))
		for i, r := range asked {
			want[i] = lawful(w.file, r)
		}
		for _, e := range entrants() {
			t.Run(fmt.Sprintf("%d/%s", policies, e.name), func(t *testing.T) {
				from := 0
				if e.slow {
					from = max(0, len(asked)-max(slowVisits/policies, mixedRequests+worstRequests))
				}
				agree(t, e, w, asked[from:], want[from:])
			})
		}
	}
}

func agree(t *testing.T, e entrant, w workload, asked []request, want []int) {
	ask, err := e.build(w.file)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range asked {
		decide, err := ask(r)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := decide(); got != want[i] || err != nil {
			t.Errorf("%+v: policy %d (%v), want %d", r, got, err, want[i])
		}
	}
}

// A list in which most policies never decide would prove little.
func TestRequestsReachTheWholeList(t *testing.T) {
	for _, policies := range sizes {
		w := newWorkload(seed, policies)
		decided, none := map[int]bool{}, 0
		for _, r := range w.some(w.file, moreRequests) {
			if i := lawful(w.file, r); i >= 0 {
				decided[i] = true
			} else {
				none++
			}
		}
		if len(decided) < policies*6/10 || none < moreRequests/100 {
			t.Errorf("of %d policies only %d decide, of %d requests only %d match none", policies, len(decided), moreRequests, none)
		}
		for _, r := range w.worst {
			if i := lawful(w.file, r); i != policies-1 {
				t.Errorf("%+v: policy %d, want the last", r, i)
			}
		}
	}
}

// The table must be of the same work each time that it is made.
func TestSeedGivesTheSameWorkload(t *testing.T) {
	a, b, c := newWorkload(seed, 200), newWorkload(seed, 200), newWorkload(seed+1, 200)
	same := fmt.Sprint(a.file.Policies, a.mixed, a.worst) == fmt.Sprint(b.file.Policies, b.mixed, b.worst)
	other := fmt.Sprint(a.file.Policies) != fmt.Sprint(c.file.Policies)
	if !same || !other {
		t.Errorf("the same seed gives the same: %v, another gives another: %v", same, other)
	}
}
