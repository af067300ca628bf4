package lint

import (
	"strings"

	"ups/diag"
)

var policiesMissingRule = &Rule{
	ID:       "policies-missing",
	Name:     "No policies",
	Category: Suspicion,
	Summary:  "A policy file has no policies.",
	Rationale: `Every request falls to the default policy, which asks with Yes and No. A file without policies also
eclipses the one in the ROM (docs/service.md, Policy files).`,
	Bad:  strings.Replace(example(""), "policies =\n\t\t{\n\t\t\n\t\t};", "", 1),
	Good: example(`POLICY { options = KYes|KNo; }`),
	Run:  runPoliciesMissing,
}

func runPoliciesMissing(p *Pass) {
	fromCompiler(p) // where the field isn't given
	places := p.File.Places
	if len(p.File.Policies) == 0 && (p.Tree == nil || places.Has("policies")) {
		p.Report(Finding{Diagnostic: diag.Diagnostic{
			Message: "no policies: every request falls to the default policy",
		}.At(places.Field("policies"))})
	}
}
