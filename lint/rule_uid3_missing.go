package lint

import (
	"strings"

	"ups/diag"
)

var uid3MissingRule = &Rule{
	ID:        "uid3-missing",
	Name:      "No UID3",
	Category:  Opinion,
	Summary:   "A policy file has no UID3.",
	Rationale: `UID3 is the identity of the file; without one it is 0, or made from NAME (docs/compiled-format.md, Container).`,
	Bad:       strings.Replace(example(`POLICY { options = KYes|KNo; }`), "UID3 0x20030001\n", "", 1),
	Good:      example(`POLICY { options = KYes|KNo; }`),
	Run:       runUID3Missing,
}

func runUID3Missing(p *Pass) {
	fromCompiler(p)
	if p.Tree == nil && p.File.NoUID3 {
		p.Report(Finding{Diagnostic: diag.Diagnostic{Message: "no UID3: the file has no identity of its own"}})
	}
}
