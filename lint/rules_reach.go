package lint

import (
	"fmt"

	"ups/diag"
	"ups/lint/analysis"
	"ups/policy"
)

// reachRules are about which requests a policy decides, and which none does.
var reachRules = []*Rule{
	{
		ID:       "never-asked",
		Name:     "Policy that is never asked about",
		Category: Suspicion,
		Summary:  "The authorisation policy keeps all requests of a policy, or of the list, from the service.",
		Rationale: `The client library settles some requests by the result of the server's own check alone, and doesn't ask
the service (docs/service.md, Before the service is asked). With ENeverCheck that is every
request, with ECheckIfFailed those that passed, with ECheckUnprotectedSids those of protected SIDs that
passed. A policy for nothing but such requests decides nothing.`,
		Bad: exampleWith("authorisationpolicy = ECheckIfFailed;", `POLICY { systemserversecurity = ESystemServerSecurityPassed; destination = "112"; options = KYes; },
		POLICY { options = KYes|KNo; }`),
		Good: exampleWith("authorisationpolicy = EAlwaysCheck;", `POLICY { systemserversecurity = ESystemServerSecurityPassed; destination = "112"; options = KYes; },
		POLICY { options = KYes|KNo; }`),
		Run: runNeverAsked,
	},
	{
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
	},
	{
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
	},
}

func runNeverAsked(p *Pass) {
	h := p.File.HeaderOrZero()
	rule := h.AuthorisationPolicy
	if rule >= policy.NeverCheck && len(p.File.Policies) > 0 {
		p.Report(Finding{Diagnostic: diag.Diagnostic{
			Message: fmt.Sprintf("the service is never asked under %s: the server's own check decides, and no policy of the list does", rule),
			Hint:    "use another authorisationpolicy, or leave the policies out",
		}.At(h.Places.Field("authorisationpolicy"))})
		return
	}
	for i, r := range p.Analysis().Policies {
		if r.Reach == analysis.NeverAsked {
			p.Report(p.neverAsked(i, r, rule))
		}
	}
}

func (p *Pass) neverAsked(i int, r analysis.PolicyResult, rule policy.AuthorisationPolicy) Finding {
	message := fmt.Sprintf("the service is asked about no request that gets here: %s lets pass all that passed the server's check", rule)
	if rule == policy.CheckUnprotectedSIDs {
		message += " and have a protected SID"
	}
	if len(r.CoveredTogether) > 0 {
		message += fmt.Sprintf(", and %s %s the others", policyNames(r.CoveredTogether), verb(r.CoveredTogether, "takes", "take"))
	}
	return p.withCulprits(p.finding(i+1, "systemserversecurity", message, "remove it, or use another authorisationpolicy"), r.CoveredTogether, "takes requests")
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
	witness := r.Witness // a pointer into the result would keep all of it
	f.Witness = &witness
	if r.Removable {
		f.Fixes = p.removePolicy(i + 1)
	}
	if r.Fallback < 0 {
		return f
	}
	if p.Analysis().Policies[r.Fallback].Reach == analysis.Unreachable {
		f.Hint = "remove one of the two, not both"
	}
	return p.withCulprits(f, []int{r.Fallback}, "has the same outcome")
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
