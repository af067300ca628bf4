package lint

import (
	"fmt"

	"ups/policy"
)

var lastingUnprotectedRule = &Rule{
	ID:       "lasting-unprotected",
	Name:     "Lasting answers for unprotected SIDs",
	Category: Opinion,
	Summary:  "Always or Session is offered to unprotected SIDs though the system server's own check may have failed.",
	Rationale: `A lasting yes is kept under the SID of the client, and a SID of 0x80000000 or above can be had by any
unsigned executable: another program that takes the SID inherits the answer. Offer it only where the
server's check passed, or to protected SIDs.`,
	Bad: example(`POLICY { options = KYes|KNo|KAlways|KNever; }`),
	Good: example(`POLICY { systemserversecurity = ESystemServerSecurityPassed; options = KYes|KNo|KAlways|KNever; },
		POLICY { options = KYes|KNo; }`),
	Run: runLastingUnprotected,
}

func runLastingUnprotected(p *Pass) {
	for i, pol := range p.File.Policies {
		lasting := pol.Options & (policy.Always | policy.SessionYes)
		if lasting != 0 && pol.Options.Prompts() {
			p.reportDecided(i, unprotectedFail,
				fmt.Sprintf("%s is offered to unprotected SIDs even where the server's own check failed", writeOptions(lasting)),
				"keep it to protected SIDs, or to systemserversecurity = ESystemServerSecurityPassed")
		}
	}
}
