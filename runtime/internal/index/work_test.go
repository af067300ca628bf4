package index

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"ups/policy"
)

// These tests count what the benchmarks time, so that what makes decisions slow
// and not wrong is noticed without a clock.

// costOf returns what the candidates of a request cost, on average.
func costOf(l *listed, questions []question) float64 {
	var sum int32
	for _, asked := range questions {
		q := query{Index: l.Index, text: newText(nil, len(asked.destination)), client: newClient(asked.sid, asked.passed), best: none}
		q.fold(asked.destination)
		q.search()
		sum += q.cost
	}
	return float64(sum) / float64(len(questions))
}

// TestFewCandidates has the same requests as the benchmarks. The last policy is a
// candidate for each; at 20 policies all are looked at.
func TestFewCandidates(t *testing.T) {
	for n, most := range map[int]float64{20: 2.6, 200: 1.7, 2000: 2.2} {
		m := newMix(1)
		usual, near := m.questions(), m.questions()
		for i := range near {
			near[i].destination = fmt.Sprintf("tel:%07d", m.IntN(10000000))
		}
		l := mustList(t, m.list(n))
		for name, questions := range map[string][]question{"usual": usual, "near misses": near} {
			if cost := costOf(l, questions); cost > most {
				t.Errorf("%d policies, %s: candidates cost %.3f a request, want %.2f at most", n, name, cost, most)
			}
		}
	}
}

// TestTablesAreSparse holds that few keys which no pattern has get past a
// filter, and that a slot has few postings.
func TestTablesAreSparse(t *testing.T) {
	m := newMix(1)
	l := mustList(t, m.list(2000))
	if len(l.tables) != 3 {
		t.Fatalf("%d tables", len(l.tables))
	}
	for i := range l.tables {
		tab := &l.tables[i]
		const tries = 100_000
		passed, postings := 0, 0
		for range tries {
			hash := rand.Uint32()
			if tab.filter.has(hash, 0) != 0 {
				passed++
			}
			postings += len(tab.slot(hash))
		}
		if share := float64(passed) / tries; share > 1.1/bitsEach {
			t.Errorf("table %d: the filter lets %.4f of all keys pass", tab.kind, share)
		}
		if each := float64(postings) / tries; each > 0.6 {
			t.Errorf("table %d: %.2f postings in a slot", tab.kind, each)
		}
	}
}

// TestAutomatonTakesOver holds that one takes over where candidates have cost as
// much as all of its states do.
func TestAutomatonTakesOver(t *testing.T) {
	for _, c := range []struct{ policies, letters, want int }{{1, 10, leastCost}, {100, 9, leastCost}, {1000, 63, 1000}} {
		var list []policy.Policy
		for i := range c.policies {
			list = append(list, forAll(fmt.Sprintf("%0*d", c.letters, i)))
		}
		if l := mustList(t, list); int(l.maxCost) != c.want {
			t.Errorf("%d patterns of %d letters: at %d, want %d", c.policies, c.letters, l.maxCost, c.want)
		}
	}
}
