package main

import (
	"fmt"
	"testing"
)

// What is asked in the test besides what is measured, and how many policies a
// slow engine may visit in all.
const (
	moreRequests = 3000
	slowVisits   = 600_000
)

// forEachWorkload runs a test for all mixes and sizes.
func forEachWorkload(t *testing.T, test func(*testing.T, workload)) {
	for _, m := range mixes() {
		for _, policies := range sizes {
			t.Run(fmt.Sprintf("%s/%d", m.name, policies), func(t *testing.T) { test(t, newWorkload(m, seed, policies)) })
		}
	}
}

// more returns requests besides the measured ones, as far as they are quick to
// find.
func (w workload) more() []request {
	if w.onlyLast {
		return nil
	}
	return w.generator.requests(w.file, moreRequests)
}

func answers(w workload, list []request) []int {
	want := make([]int, len(list))
	for i, r := range list {
		want[i] = expected(w.file, r)
	}
	return want
}

func TestAllEnginesGiveTheSameAnswers(t *testing.T) {
	forEachWorkload(t, func(t *testing.T, w workload) {
		asked := append(w.requests, w.more()...)
		want := answers(w, asked)
		for _, r := range rows()[1:] { // the floor decides nothing
			t.Run(r.name, func(t *testing.T) {
				n := len(asked)
				if r.slow {
					n = min(n, max(slowVisits/len(w.file.Policies), slowRequests))
				}
				agree(t, r, w, asked[:n], want)
			})
		}
	})
}

func agree(t *testing.T, r row, w workload, asked []request, want []int) {
	decide, err := r.build(w.file)
	if err != nil {
		t.Fatal(err)
	}
	for i, asked := range asked {
		if got, err := decide(asked); got != want[i] || err != nil {
			t.Errorf("%+v: policy %d (%v), want %d", asked, got, err, want[i])
		}
	}
}

// A list in which most policies never decide would prove little.
func TestRequestsReachTheWholeList(t *testing.T) {
	forEachWorkload(t, func(t *testing.T, w workload) {
		if w.onlyLast {
			onlyLastDecides(t, w)
			return
		}
		decided, none := map[int]bool{}, 0
		for _, i := range answers(w, w.more()) {
			if i < 0 {
				none++
			} else {
				decided[i] = true
			}
		}
		if policies := len(w.file.Policies); len(decided) < policies*6/10 || none < moreRequests/100 {
			t.Errorf("of %d policies only %d decide, of %d requests only %d match none", policies, len(decided), moreRequests, none)
		}
	})
}

func onlyLastDecides(t *testing.T, w workload) {
	for i, got := range answers(w, w.requests) {
		if got != len(w.file.Policies)-1 {
			t.Errorf("%+v: policy %d, want the last", w.requests[i], got)
		}
	}
}

// The table must be of the same work each time that it is made.
func TestSeedGivesTheSameWorkload(t *testing.T) {
	for _, m := range mixes() {
		a, b, c := newWorkload(m, seed, 200), newWorkload(m, seed, 200), newWorkload(m, seed+1, 200)
		same := fmt.Sprint(a.file.Policies, a.requests) == fmt.Sprint(b.file.Policies, b.requests)
		other := fmt.Sprint(a.file.Policies) != fmt.Sprint(c.file.Policies)
		if !same || !other {
			t.Errorf("%s: the same seed makes the same: %v, another makes another: %v", m.name, same, other)
		}
	}
}
