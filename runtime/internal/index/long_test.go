package index

import (
	"fmt"
	"strings"
	"testing"

	"ups/policy"
)

// longest is how many UTF-16 units a destination has at most.
const longest = 1024

// A text that has the key of all patterns in a thousand places is led to each
// of them once.
func TestTextsWithOneKeyInManyPlaces(t *testing.T) {
	var policies []policy.Policy
	for i := range 1500 {
		policies = append(policies, forAll(fmt.Sprintf("*aaaaaaaaa%s*", strings.Repeat("a", i%100)+strings.Repeat("b", 1+i/100))))
	}
	for _, s := range []string{strings.Repeat("a", longest), "\u0301" + strings.Repeat("a", 1000)} {
		x := mustList(t, policies).Index
		d := policy.NewText(s)
		q := query{Index: x, kind: kindOf(1, true), sid: 1, best: none}
		q.padded, q.n = make([]byte, len(d)+padding), len(d)
		q.fillSieved(d)
		q.search()
		if q.place() != -1 {
			t.Errorf("policy %d decides", q.place())
		}
		if most := manyLooks + 3*len(policies); q.looks > most {
			t.Errorf("%d entries are looked at, want at most %d", q.looks, most)
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
