package lint

import (
	"fmt"
	"slices"

	"ups/grammar"
)

var sidRepeatedRule = &Rule{
	ID:        "sid-repeated",
	Name:      "SID twice in a list",
	Category:  Suspicion,
	Fixable:   true,
	Summary:   "A sid_list holds the same SID twice.",
	Rationale: `The second changes nothing. Often it was meant to be another SID, and that one is missing.`,
	Bad:       example(`POLICY { sid_list = {0x20010001, 0x20010002, 0x20010001}; options = KYes|KNo; }`),
	Good:      example(`POLICY { sid_list = {0x20010001, 0x20010002, 0x20010003}; options = KYes|KNo; }`),
	Run:       runSIDRepeated,
}

func runSIDRepeated(p *Pass) {
	var tracer *grammar.Tracer
	if p.Tree != nil {
		tracer = p.Tree.Tracer()
	}
	for i, pol := range p.File.Policies {
		for j, sid := range pol.SIDs {
			if slices.Index(pol.SIDs, sid) == j {
				continue
			}
			f := p.finding(i+1, "sid_list", fmt.Sprintf("the SID 0x%08x is in this list already", sid), "remove one of them, or write the SID that was meant")
			if item := p.sidItem(i+1, j); item != nil {
				f.Diagnostic = f.At(tracer.Place(item.Range()))
				f.Fixes = p.removeItem(i+1, "sid_list", j, "remove it")
			}
			p.Report(f)
		}
	}
}
