package lint

import (
	"fmt"

	"ups/diag"
	"ups/policy"
)

var catchAllRule = &Rule{
	ID:       "catch-all",
	Name:     "Catch-all is not last",
	Severity: diag.Warning,
	Summary:  "A policy for every SID, every destination and both results of the check stands before others.",
	Rationale: `Policies are tried in file order, and the first that matches decides: none after this one is ever
reached (ups-service.md, Matching).`,
	Bad: example(`POLICY { options = KYes|KNo; },
		POLICY { destination = "112"; options = KYes|KNo|KSessionYes; }`),
	Good: example(`POLICY { destination = "112"; options = KYes|KNo|KSessionYes; },
		POLICY { options = KYes|KNo; }`),
	Run: runCatchAll,
}

func runCatchAll(p *Pass) {
	for i, pol := range p.File.Policies {
		after := len(p.File.Policies) - i - 1
		if after > 0 && isCatchAll(&pol) {
			p.Report(p.finding(i+1, "", fmt.Sprintf("this matches every request, so no policy after it (%d) is ever reached", after),
				"move it to the end of the list"))
			return
		}
	}
}

func isCatchAll(p *policy.Policy) bool {
	return len(p.SIDs) == 0 && p.SIDClasses&policy.AllSIDs == policy.AllSIDs &&
		p.Security == policy.PassedOrFailed && isStars(p.Destination)
}

// isStars reports whether a pattern is stars alone, and at least one.
func isStars(pattern policy.Text) bool {
	for _, unit := range pattern {
		if unit != '*' {
			return false
		}
	}
	return len(pattern) > 0
}
