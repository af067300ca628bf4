package lint

import (
	"bytes"
	"slices"

	"ups/policy"
)

var starRepeatedRule = &Rule{
	ID:       "star-repeated",
	Name:     "Two stars in a row",
	Category: Opinion,
	Fixable:  true,
	Summary:  "A destination has ** in it, which is the same as *.",
	Rationale: `Elsewhere ** often matches folders too, or stands for a star itself. Here it is a star and another:
there is no escape (docs/matching.md).`,
	Bad:  example(`POLICY { destination = "**"; options = KYes|KNo; }`),
	Good: example(`POLICY { destination = "*"; options = KYes|KNo; }`),
	Run:  runStarRepeated,
}

func runStarRepeated(p *Pass) {
	for i, pol := range p.File.Policies {
		if !hasStars(pol.Destination) {
			continue
		}
		f := p.finding(i+1, "destination", "** matches what * does: any run of characters", "write *")
		f.Fixes = p.rewriteString(i+1, "destination", "write * once", oneStar)
		p.Report(f)
	}
}

func hasStars(pattern policy.Text) bool {
	before := uint16(0)
	return slices.ContainsFunc(pattern, func(unit uint16) bool {
		repeated := unit == '*' && before == '*'
		before = unit
		return repeated
	})
}

// oneStar writes each run of stars as one.
func oneStar(literal []byte) []byte {
	for bytes.Contains(literal, []byte("**")) {
		literal = bytes.ReplaceAll(literal, []byte("**"), []byte("*"))
	}
	return literal
}
