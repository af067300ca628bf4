package lint

import (
	"fmt"
	"slices"

	"ups/lint/analysis"
	"ups/policy"
)

var catchAllRule = &Rule{
	ID:       "catch-all",
	Name:     "Catch-all is not last",
	Category: Defect,
	Summary:  "A policy for every SID, every destination and both results of the check stands before others.",
	Rationale: `Policies are tried in file order, and the first that matches decides: none after this one is ever
reached (docs/service.md, Matching). It is a defect if some of them have another outcome, and a
suspicion if all have the same.`,
	Bad: example(`POLICY { options = KYes|KNo; },
		POLICY { destination = "112"; options = KYes|KNo|KSessionYes; }`),
	Good: example(`POLICY { destination = "112"; options = KYes|KNo|KSessionYes; },
		POLICY { options = KYes|KNo; }`),
	Run: runCatchAll,
}

func runCatchAll(p *Pass) {
	if i := p.catchAll(); i >= 0 {
		p.Report(p.catchAllFinding(i))
	}
}

// catchAll returns the place of the first catch-all that isn't the last policy,
// or -1. While the rule is off there is none.
func (p *Pass) catchAll() int {
	i := slices.IndexFunc(p.File.Policies, func(pol policy.Policy) bool { return isCatchAll(&pol) })
	if i == len(p.File.Policies)-1 || p.checked.cfg.off("catch-all") {
		return -1
	}
	return i
}

// catchAllFinding is as severe as what the catch-all does to the later policies.
func (p *Pass) catchAllFinding(i int) Finding {
	f := p.finding(i+1, "", "", "")
	f.Category = Suspicion
	var worst string
	a := p.Analysis()
	var after []int
	for k := i + 1; k < len(a.Policies); k++ {
		after = append(after, k)
		if r := &a.Policies[k]; worst == "" && r.Reach == analysis.Unreachable && r.Cover()[0] == i && r.Differs == analysis.Yes && !a.Replaced(k) {
			f.Category, f.Witness = Defect, &r.DifferingRequest.Request
			worst = "; " + p.decided(*r.DifferingRequest, k, policyNames([]int{k}))
		}
	}
	f.Message = fmt.Sprintf("this matches every request, so none gets to %s%s", policyNames(after), worst)
	f.Hint = p.lastHint(i)
	f.Also = numbers(after)
	for _, n := range f.Also[:min(shownNames, len(after))] {
		f.Related = append(f.Related, p.related(n, "destination", fmt.Sprintf("no request gets to policy %d", n))...)
	}
	return f
}

// lastHint advises to move a policy to the end of the list, if it would decide
// anything there.
func (p *Pass) lastHint(i int) string {
	decides, unreachable := p.Analysis().MoveToEnd(i)
	switch {
	case !decides:
		return "remove it: at the end of the list no request would get to it"
	case len(unreachable) > 0:
		return "move it to the end of the list; even then no request would get to " + policyNames(unreachable)
	}
	return "move it to the end of the list"
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
