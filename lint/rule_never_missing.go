package lint

import (
	"ups/policy"
)

var neverMissingRule = &Rule{
	ID:       "never-missing",
	Name:     "Always without Never",
	Category: Opinion,
	Summary:  "A prompt offers Always, but not Never.",
	Rationale: `A user can end the questions by yes alone. Programs that ask until they are allowed make use of it:
where a lasting yes can be given, a lasting no should be too.`,
	Bad: example(`POLICY { systemserversecurity = ESystemServerSecurityPassed; options = KYes|KNo|KAlways; },
		POLICY { options = KYes|KNo; }`),
	Good: example(`POLICY { systemserversecurity = ESystemServerSecurityPassed; options = KYes|KNo|KAlways|KNever; },
		POLICY { options = KYes|KNo; }`),
	Run: runNeverMissing,
}

func runNeverMissing(p *Pass) {
	for i, pol := range p.File.Policies {
		if pol.Options.Prompts() && pol.Options&policy.Always != 0 && pol.Options&policy.Never == 0 {
			p.reportDecided(i, anyClient, "KAlways is offered, but not KNever: the questions can be ended by yes alone",
				"options = "+writeOptions(pol.Options|policy.Never))
		}
	}
}
