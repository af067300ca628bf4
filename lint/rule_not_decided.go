package lint

import (
	"fmt"

	"ups/diag"
	"ups/lint/analysis"
)

var notDecidedRule = &Rule{
	ID:       "not-decided",
	Name:     "Not decided",
	Category: Defect,
	Summary:  "The analysis can't say whether something is wrong with a policy, and doesn't guess.",
	Rationale: `Whether patterns cover one another is a hard question in the worst case, so the analysis of a list may
take so many steps and no more (budget in .ups.yaml). Whether any request gets to a policy, and whether
decisions changed, are questions of defects; which policies share requests is only of interest, and an
opinion. It is also not decided where the only requests that were found for a policy are taken by an
earlier one whose pattern isn't regular (docs/matching.md):
nothing is claimed that rests on such a pattern. What can't be shown to be right isn't called right.`,
	Bad: example(`POLICY { destination = "*" <0xFFFE>; options = KYes; },
		POLICY { destination = "sms:1"; options = KNo; },
		POLICY { options = KYes|KNo; }`),
	Good: example(`POLICY { destination = "sms:1"; options = KNo; },
		POLICY { options = KYes|KNo; }`),
	Run: runNotDecided,
}

func runNotDecided(p *Pass) {
	for i, r := range p.Analysis().Policies {
		if question := p.undecided(i, r); question != "" {
			f := p.finding(i+1, "destination", "not decided: "+question, p.undecidedHint(r))
			if r.Reach == analysis.Undecided {
				f = p.withCulprits(f, r.IrregularBefore, "isn't regular")
			} else {
				f.Category = Opinion
			}
			f.Cause = cause{fmt.Sprint(question, r.IrregularBefore), "so it is with %s"}
			p.Report(f)
		}
	}
	if p.Against != nil && p.compared().Changed == analysis.Unknown {
		p.Report(p.versionFinding("not decided: whether decisions changed since the older version", raiseBudgetHint, nil))
	}
	if p.Analysis().GapsUndecided {
		p.Report(Finding{Category: Opinion, Diagnostic: diag.Diagnostic{
			Message: "not decided: whether a policy matches every request" + p.because(analysis.OutOfBudget), Hint: raiseBudgetHint,
		}.At(p.File.Places.Whole)})
	}
}

const raiseBudgetHint = "raise budget in .ups.yaml, or use fewer wildcards"

func (p *Pass) because(d analysis.Doubt) string {
	if d == analysis.Unconfirmed {
		return "; the matcher doesn't confirm the request that was found"
	}
	return fmt.Sprintf("; the budget of %d steps was used up", p.Analysis().Budget)
}

// undecided says what isn't decided about a policy.
func (p *Pass) undecided(i int, r analysis.PolicyResult) string {
	switch {
	case r.Reach == analysis.Undecided && len(r.IrregularBefore) > 0:
		return "whether any request gets here; " + policyNames(r.IrregularBefore) + " takes those that were found, and a pattern that isn't regular is not relied on"
	case r.Reach == analysis.Undecided:
		return "whether any request gets here" + p.because(analysis.OutOfBudget)
	case r.ConflictsUndecided && r.Doubt != "":
		return "which earlier policies take a part of this one" + p.because(r.Doubt)
	case r.Reach == analysis.Reachable && r.Redundant == analysis.Unknown && r.Doubt != "":
		return "whether this policy changes any decision" + p.because(r.Doubt)
	}
	return ""
}

func (p *Pass) undecidedHint(r analysis.PolicyResult) string {
	if len(r.IrregularBefore) > 0 && r.Reach == analysis.Undecided {
		return "write " + policyNames(r.IrregularBefore) + " with a regular pattern"
	}
	return raiseBudgetHint
}
