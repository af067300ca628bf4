package lint

import (
	"fmt"

	"ups/diag"
)

var uncoveredRule = &Rule{
	ID:       "uncovered",
	Name:     "No policy for some requests",
	Category: Opinion,
	Summary:  "Some requests are matched by no policy, and go to the default policy.",
	Rationale: `Where no policy matches, the service makes one up that asks with Yes and No (ups-service.md, Matching).
In a list that refuses something for the same clients without asking, this is a warning: there, what
isn't named may well be meant to be refused too. A last policy for all SIDs and "*" says what is meant.`,
	Bad: example(`POLICY { destination = "sms:*"; options = KYes|KNo|KSessionYes; }`),
	Good: example(`POLICY { destination = "sms:*"; options = KYes|KNo|KSessionYes; },
		POLICY { options = KYes|KNo; }`),
	Run: runUncovered,
}

func runUncovered(p *Pass) {
	a := p.Analysis()
	shown, ok := a.gap()
	if !ok {
		return
	}
	var all SIDSet
	for _, g := range a.Gaps {
		all = all.union(g.SIDs)
	}
	f := Finding{Witness: &shown.Request, Diagnostic: diag.Diagnostic{
		Message: fmt.Sprintf("no policy matches some requests of %s, such as %s: the default policy gives %s",
			all, describe(shown.Request), DefaultOutcome(p.File)),
		Hint: "end the list with a policy for all SIDs and the destination \"*\"",
	}.At(p.File.Places.Whole)}
	if shown.Denies {
		f.Category = Suspicion
		f.Message += ", although others of theirs are refused without asking"
	}
	p.Report(f)
}
