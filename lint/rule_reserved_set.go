package lint

import "ups/diag"

var reservedSetRule = &Rule{
	ID:        "reserved-set",
	Name:      "Reserved field set",
	Category:  Suspicion,
	Summary:   "A reserved field isn't zero.",
	Rationale: `reserved, reservedWord and reservedLink have no meaning yet; a later service may give them one.`,
	Bad:       example(`POLICY { reservedWord = 1; options = KYes|KNo; }`),
	Good:      example(`POLICY { options = KYes|KNo; }`),
	Run:       runReservedSet,
}

func runReservedSet(p *Pass) {
	fromCompiler(p)
	if p.Tree != nil {
		return
	}
	if p.File.Reserved != 0 {
		p.Report(Finding{Diagnostic: diag.Diagnostic{Message: "reserved is reserved: it should be 0"}})
	}
	for i, pol := range p.File.Policies {
		if pol.ReservedWord != 0 {
			p.Report(p.finding(i+1, "reservedWord", "reservedWord is reserved: it should be 0", ""))
		}
		if pol.ReservedLink != 0 {
			p.Report(p.finding(i+1, "reservedLink", "reservedLink is reserved: it should be 0", ""))
		}
	}
}
