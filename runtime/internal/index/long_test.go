package index

import (
	"fmt"
	"strings"
	"testing"

	"ups/policy"
)

// longest is how many UTF-16 units a destination has at most.
const longest = 1024

// A text that makes all patterns candidates, each in a thousand places, is left
// to the automaton after a few.
func TestTextsWithOneKeyInManyPlaces(t *testing.T) {
	var policies []policy.Policy
	for i := range 1500 {
		policies = append(policies, forAll(fmt.Sprintf("*aaaaaaaaa%s*", strings.Repeat("a", i%100)+strings.Repeat("b", 1+i/100))))
	}
	l := mustList(t, policies)
	for _, s := range []string{strings.Repeat("a", longest), "\u0301" + strings.Repeat("a", 1000)} {
		text := policy.NewText(s)
		q := query{Index: l.Index, text: newText(nil, len(text)), client: newClient(1, true), best: none}
		q.encode(text)
		q.search()
		if q.decided() != -1 {
			t.Errorf("policy %d decides", q.decided())
		}
		if q.cost > q.maxCost+1 {
			t.Errorf("%d candidates are tried one by one, of at most %d", q.cost, q.maxCost)
		}
	}
}

// BenchmarkLongest is a destination of the greatest length, for lists that are
// made for it to take long: the figure to hold is 10 ms.
func BenchmarkLongest(b *testing.B) {
	texts := map[string]string{
		"a": strings.Repeat("a", longest-1), "mark": "\u0301" + strings.Repeat("a", longest-2),
		"marks": strings.Repeat("a\u0301\u0323", longest/3), "emoji": "\U0001F600" + strings.Repeat("ab", longest/2-2),
	}
	for name, policies := range hostile() {
		l := mustList(b, policies)
		for kind, s := range texts {
			b.Run(name+"/"+kind, func(b *testing.B) {
				for b.Loop() {
					if _, err := l.Decide(1, true, s); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
