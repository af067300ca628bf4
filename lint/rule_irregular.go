package lint

import (
	"fmt"
	"slices"

	"ups/internal/wildcard"
	"ups/policy"
)

var irregularRule = &Rule{
	ID:       "irregular",
	Name:     "Pattern that is not regular",
	Category: Suspicion,
	Summary:  "A destination isn't a regular pattern: the device's matcher makes something else of it than is written.",
	Rationale: `The device's matcher has faults around marks, surrogates, characters outside the Basic Multilingual
Plane and U+0345; some let a pattern match more than is written (docs/matching.md, The quirks). Nothing that
ups lint says of unreachable, redundant or uncovered policies rests on such a pattern.`,
	Bad: example(`POLICY { destination = "*" <0x0301> "b"; options = KYes|KNo|KSessionYes; },
		POLICY { options = KYes|KNo; }`),
	Good: example(`POLICY { destination = "*a" <0x0301> "b"; options = KYes|KNo|KSessionYes; },
		POLICY { options = KYes|KNo; }`),
	Run: runIrregular,
}

// whatTheDeviceMakes says what becomes of each irregular kind of trouble, with
// the quirks of docs/matching.md.
var whatTheDeviceMakes = map[wildcard.TroubleKind]string{
	wildcard.LeadingMark:       "after a wildcard it may begin inside a character, so * before it matches more than written (D4), and its marks are never put in order (D11)",
	wildcard.MarkOrder:         "it matches the marks in another order in some places, and fails in others (D3)",
	wildcard.LoneIota:          "it matches a Greek iota as well, so more than written (D8, D10), but not the composed letters that hold it (D9)",
	wildcard.UnpairedSurrogate: "it is dropped, and after the last * it lets anything follow: more than written (D5, D12)",
	wildcard.Ignored:           "it is dropped, and after the last * it lets anything follow: more than written (D5, D12)",
	wildcard.Supplementary:     "it is two units, which ? and the end of the pattern may count one by one (D2)",
	wildcard.TailSupplementary: "its two units are counted one by one: 437 ideographs let anything follow, so more than written (D6), and others match less (D2, D7)",
}

func runIrregular(p *Pass) {
	p.eachTrouble(func(number int, t wildcard.Trouble) {
		if t.Kind.Irregular() {
			p.Report(p.finding(number, "destination",
				fmt.Sprintf("%s is not regular here: %s; %s", troubled(p.File.Policies[number-1].Destination, t), t.Kind, whatTheDeviceMakes[t.Kind]),
				"no claim that rests on this pattern is made; write it otherwise if you can"))
		}
	})
}

// eachTrouble calls f for the troubles of all patterns, each kind once a
// policy.
func (p *Pass) eachTrouble(f func(number int, t wildcard.Trouble)) {
	for i, pol := range p.File.Policies {
		var seen []wildcard.TroubleKind
		for _, t := range wildcard.Troubles(pol.Destination) {
			if !slices.Contains(seen, t.Kind) {
				seen = append(seen, t.Kind)
				f(i+1, t)
			}
		}
	}
}

// troubled names the character that a trouble is about.
func troubled(pattern policy.Text, t wildcard.Trouble) string {
	units := pattern[t.Offset : t.Offset+t.Length]
	r := []rune(units.String())[0]
	if len(units) == 1 {
		r = rune(units[0])
	}
	return fmt.Sprintf("U+%04X", r)
}
