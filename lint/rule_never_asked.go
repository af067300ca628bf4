package lint

import (
	"fmt"

	"ups/diag"
	"ups/lint/analysis"
	"ups/policy"
)

var neverAskedRule = &Rule{
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
}

func runNeverAsked(p *Pass) {
	h := header(p.File)
	rule := h.AuthorisationPolicy
	if rule >= policy.NeverCheck && len(p.File.Policies) > 0 {
		p.Report(Finding{Diagnostic: diag.Diagnostic{
			Message: fmt.Sprintf("the service is never asked under %s: the server's own check decides, and no policy of the list does", rule.Name()),
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
	message := fmt.Sprintf("the service is asked about no request that gets here: %s lets pass all that passed the server's check", rule.Name())
	if rule == policy.CheckUnprotectedSIDs {
		message += " and have a protected SID"
	}
	if len(r.CoveredTogether) > 0 {
		message += fmt.Sprintf(", and %s %s the others", policyNames(r.CoveredTogether), verb(r.CoveredTogether, "takes", "take"))
	}
	return p.blaming(p.finding(i+1, "systemserversecurity", message, "remove it, or use another authorisationpolicy"), r.CoveredTogether, "takes requests")
}
