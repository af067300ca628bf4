package lint

import (
	"fmt"

	"ups/internal/wildcard"
)

var uncasedRule = &Rule{
	ID:       "uncased",
	Name:     "Character that the device doesn't know",
	Category: Opinion,
	Summary:  "A destination has a character that is newer than the device's Unicode 5.0 and has two cases, or is none at all.",
	Rationale: `The device folds case by Unicode 5.0. A letter that came later matches only in the case that it is
written in, and U+FDD0 to U+FDEF, which aren't characters, match themselves (docs/matching.md).`,
	Bad: example(`POLICY { destination = <0x1e9e> "*"; options = KYes|KNo|KSessionYes; },
		POLICY { options = KYes|KNo; }`),
	Good: example(`POLICY { destination = <0xdf> "*"; options = KYes|KNo|KSessionYes; },
		POLICY { options = KYes|KNo; }`),
	Run: runUncased,
}

func runUncased(p *Pass) {
	p.eachTrouble(func(number int, t wildcard.Trouble) {
		if !t.Kind.Irregular() {
			p.Report(p.finding(number, "destination",
				fmt.Sprintf("%s: %s", troubled(p.File.Policies[number-1].Destination, t), t.Kind), ""))
		}
	})
}
