package lint

import (
	"fmt"
)

var shadowedRule = &Rule{
	ID:       "shadowed",
	Name:     "Partly shadowed policy",
	Category: Opinion,
	Summary:  "Earlier policies, more general in some way and less in another, take a part of a later one.",
	Rationale: `The first policy that matches decides (docs/service.md, Matching), so the later one doesn't have all that
it says it has. This may well be meant: an exception for one application goes before the rule for all.
Only policies with another outcome are named; where the earlier one is more general in every way, it is
the rule order that speaks.`,
	Bad: example(`POLICY { sid_list = {0x20000001}; destination = "*"; options = KYes; },
		POLICY { destination = "sms:0900*"; options = KNo; },
		POLICY { options = KYes|KNo; }`),
	Good: example(`POLICY { sid_list = {0x20000001}; destination = "sms:09001*"; options = KYes; },
		POLICY { destination = "sms:0900*"; options = KNo; },
		POLICY { options = KYes|KNo; }`),
	Run: runShadowed,
}

func runShadowed(p *Pass) {
	for i, r := range p.Analysis().Policies {
		culprits, first := takersOf(r, false)
		if len(culprits) == 0 {
			continue
		}
		f := p.finding(i+1, "destination",
			fmt.Sprintf("%s %s a part of this one (%s); %s", policyNames(culprits), verb(culprits, "takes", "take"),
				p.slice(first, i), p.decided(first.Decided, i, "this one")),
			"")
		f.Cause = cause{fmt.Sprint("shadowed", culprits), "so it is with %s"}
		f.Witness = &first.Request
		p.Report(p.blaming(f, culprits, "takes a part"))
	}
}
