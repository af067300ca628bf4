package lint

import (
	"fmt"

	"ups/diag"

	"ups/lint/analysis"
)

var uncoveredRule = &Rule{
	ID:       "uncovered",
	Name:     "No policy for some requests",
	Category: Opinion,
	Summary:  "Some requests are matched by no policy, and go to the default policy.",
	Rationale: `Where no policy matches, the service makes one up that asks with Yes and No (docs/service.md, Matching).
In a list that refuses something for the same clients without asking, this is a suspicion: there, what
isn't named may well be meant to be refused too. A last policy for all SIDs and "*" says what is meant.`,
	Bad: example(`POLICY { destination = "sms:*"; options = KYes|KNo|KSessionYes; }`),
	Good: example(`POLICY { destination = "sms:*"; options = KYes|KNo|KSessionYes; },
		POLICY { options = KYes|KNo; }`),
	Run: runUncovered,
}

func runUncovered(p *Pass) {
	a := p.Analysis()
	shown, ok := a.Gap()
	if !ok {
		return
	}
	f := Finding{Witness: &shown.Request, Diagnostic: diag.Diagnostic{
		Message: fmt.Sprintf("no policy matches some requests of %s; %s is decided by the default policy with %s",
			uncoveredClients(a), describe(shown.Request), analysis.DefaultOutcome(p.File)),
		Hint: "end the list with a policy for all SIDs and the destination \"*\"",
	}.At(p.File.Places.Whole)}
	if shown.Denies {
		f.Category = Suspicion
		f.Message += ", although others of theirs are refused without asking"
	}
	p.Report(f)
}

// uncoveredClients names all clients that some requests of aren't matched, by
// the result of the check where that makes a difference.
func uncoveredClients(a *analysis.Result) string {
	passed, failed := uncoveredText(a, true), uncoveredText(a, false)
	switch {
	case passed == failed:
		return passed
	case failed == "":
		return passed + " whose check passed"
	case passed == "":
		return failed + " whose check failed"
	}
	return passed + " whose check passed, and of " + failed + " whose check failed"
}

func uncoveredText(a *analysis.Result, passed bool) string {
	in, except := a.Uncovered(passed)
	switch {
	case in.Empty():
		return ""
	case len(except) > 0:
		return in.String() + " but not " + analysis.SIDSet{SIDs: except}.String()
	}
	return in.String()
}
