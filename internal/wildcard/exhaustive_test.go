package wildcard

import (
	"flag"
	"testing"
)

// longer makes the exhaustive tests longer by one unit, which takes minutes.
var longer = flag.Int("longer", 0, "units to add to patterns and texts of the exhaustive tests")

// All strings over small alphabets, up to a length. The number of pairs in
// which pattern and text are regular is that of the definition; it is asserted
// so that the tests can't silently test less.
func TestExhaustive(t *testing.T) {
	tests := []struct {
		name              string
		patterns, texts   string
		inPattern, inText int // lengths
		pairs, regular    int
	}{
		{"ascii", "aB*?", "abA", 4, 5, 124124, 124124},
		{"wildcards in text", "a*?", "a*?", 4, 4, 14641, 14641},
		{"graphemes", `aAb*?\u00E9\u0301\u0323`, `aAb*?\u00E9\u0301\u0323`, 3, 3, 342225, 150480},
		{"composed", `*?e\u00E9\u0301`, `eE\u00E9\u0301\u1EB9\u0323`, 3, 3, 40404, 16590},
		{"irregular", `*?a\u0301\u0345\u1FB3\uD800\uDC00`, `a\u0301\u0345\u03B1\u1FB3\uD800\uDC00`, 3, 3, 234000, 5320},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			j, pairs := newJudge(t), 0
			texts := allStrings(units(t, test.texts), test.inText+*longer)
			for _, p := range allStrings(units(t, test.patterns), test.inPattern+*longer) {
				c := j.compile(p)
				for _, text := range texts {
					j.check(c, text)
					pairs++
				}
			}
			if *longer == 0 && (pairs != test.pairs || j.regular != test.regular) {
				t.Errorf("%d pairs, %d regular; want %d, %d", pairs, j.regular, test.pairs, test.regular)
			}
		})
	}
}

// allStrings returns the strings of at most n units of an alphabet.
func allStrings(alphabet []uint16, n int) [][]uint16 {
	list := [][]uint16{{}}
	for from := 0; n > 0; n-- {
		to := len(list)
		for _, s := range list[from:to] {
			for _, u := range alphabet {
				list = append(list, append(s[:len(s):len(s)], u))
			}
		}
		from = to
	}
	return list
}
