package lint

import (
	"fmt"
	"slices"

	"ups/internal/wildcard"
)

var respelledRule = &Rule{
	ID:       "respelled",
	Name:     "One pattern, two spellings",
	Category: Opinion,
	Summary:  "Two policies have destinations that are spelled differently, but match the same.",
	Rationale: `Case is folded, composed and decomposed characters are one, and ?* is *? (docs/matching.md). Spell a
pattern in one way, so that a search finds all policies that it is in.`,
	Bad: example(`POLICY { sid_list = {0x20010001}; destination = "*.Example"; options = KYes|KNo|KSessionYes; },
		POLICY { destination = "*.example"; options = KYes|KNo; }`),
	Good: example(`POLICY { sid_list = {0x20010001}; destination = "*.example"; options = KYes|KNo|KSessionYes; },
		POLICY { destination = "*.example"; options = KYes|KNo; }`),
	Run: runRespelled,
}

func runRespelled(p *Pass) {
	var letters wildcard.Alphabet
	first := map[string]int{} // by what is matched, the number of the policy that spelled it first
	for i, pol := range p.File.Policies {
		glob, ok := letters.Glob(pol.Destination)
		if !ok {
			continue // what isn't regular has a finding of its own
		}
		key := fmt.Sprint(glob)
		other, known := first[key]
		if !known {
			first[key] = i + 1
			continue
		}
		if spelled := p.File.Policies[other-1].Destination; !slices.Equal(spelled, pol.Destination) {
			f := p.finding(i+1, "destination", fmt.Sprintf("this matches what %q of policy %d does", spelled.String(), other), "spell it in one way")
			f.Related = p.related(other, "destination", "spelled like this before")
			f.Culprits = []int{other}
			p.Report(f)
		}
	}
}
