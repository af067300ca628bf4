package lint

import (
	"fmt"

	"ups/lint/analysis"
)

var redundantRule = &Rule{
	ID:       "redundant",
	Name:     "Redundant policy",
	Category: Suspicion,
	Fixable:  true,
	Summary:  "A policy decides requests, but without it they would all get the same outcome.",
	Rationale: `It takes room in a file that may have 65,535 bytes, and whoever reads the list looks for a reason that
isn't there. The outcome is what the service does: the options of the prompt, its evaluator, dialog
creator and flags; or the decision alone, where there is no prompt. A last policy that says what the
default policy does for every destination is no finding: it says so openly. It is proved for all
regular destinations (docs/matching.md), of any length; the fix is offered where it holds for all others too.`,
	Bad: example(`POLICY { destination = "sms:0900*"; options = KYes|KNo; },
		POLICY { options = KYes|KNo; }`),
	Good: example(`POLICY { destination = "sms:0900*"; options = KYes|KNo; flags = 1; },
		POLICY { options = KYes|KNo; }`),
	Run: runRedundant,
}

func runRedundant(p *Pass) {
	for i, r := range p.Analysis().Policies {
		if r.Reach != analysis.Reachable || r.Redundant != analysis.Yes || r.Fallback < 0 && isStars(p.File.Policies[i].Destination) {
			continue
		}
		p.Report(p.redundant(i, r))
	}
}

func (p *Pass) redundant(i int, r analysis.PolicyResult) Finding {
	f := p.finding(i+1, "", fmt.Sprintf("this policy changes no decision: without it %s would be decided by %s, with the same outcome",
		describe(r.Witness), decider(r.Fallback)), "remove it")
	f.Cause = cause{fmt.Sprint("redundant", r.Fallback), "so it is with %s, each alone"}
	f.Witness = &r.Witness
	if r.Removable {
		f.Fixes = p.removePolicy(i + 1)
	}
	if r.Fallback < 0 {
		return f
	}
	if p.Analysis().Policies[r.Fallback].Reach == analysis.Unreachable {
		f.Hint = "remove one of the two, not both"
	}
	return p.blaming(f, []int{r.Fallback}, "has the same outcome")
}
