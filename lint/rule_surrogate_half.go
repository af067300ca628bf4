package lint

import (
	"slices"

	"ups/internal/wildcard"
)

var surrogateHalfRule = &Rule{
	ID:       "surrogate-half",
	Name:     "Half a surrogate pair",
	Category: Suspicion,
	Summary:  "A destination has half a surrogate pair.",
	Rationale: `It stands for no character. The device drops it, and after the last * it lets anything follow
(docs/matching.md, D5).`,
	Bad:  example(`POLICY { destination = "a" <0xd83d>; options = KYes|KNo; }`),
	Good: example(`POLICY { destination = "a" <0x1f600>; options = KYes|KNo; }`),
	Run:  runSurrogateHalf,
}

func runSurrogateHalf(p *Pass) {
	fromCompiler(p)
	if p.Tree != nil {
		return
	}
	for i, pol := range p.File.Policies {
		isHalf := func(t wildcard.Trouble) bool { return t.Kind == wildcard.UnpairedSurrogate }
		if slices.ContainsFunc(wildcard.Troubles(pol.Destination), isHalf) {
			p.Report(p.finding(i+1, "destination", "destination has half a surrogate pair: it stands for no character", ""))
		}
	}
}
