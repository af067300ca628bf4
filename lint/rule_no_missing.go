package lint

import (
	"fmt"

	"ups/policy"
)

var noMissingRule = &Rule{
	ID:       "no-missing",
	Name:     "No way to refuse once",
	Category: Opinion,
	Summary:  "A prompt offers no No: the only refusals are lasting ones.",
	Rationale: `A user who doesn't want to say yes now must then refuse for the session or for ever, or will say yes.
A dialog that is dismissed counts as No in any case.`,
	Bad:  example(`POLICY { options = KYes|KNever; }`),
	Good: example(`POLICY { options = KYes|KNo|KNever; }`),
	Run:  runNoMissing,
}

func runNoMissing(p *Pass) {
	for i, pol := range p.File.Policies {
		if pol.Options.Prompts() && pol.Options&policy.No == 0 {
			p.reportDecided(i, anyClient,
				fmt.Sprintf("this prompt offers no No: %s is the only refusal", writeOptions(pol.Options&policy.NoKinds)),
				"options = "+writeOptions(pol.Options|policy.No))
		}
	}
}
