package lint

import (
	"strings"

	"ups/diag"
)

var leadingZeroRule = &Rule{
	ID:        "leading-zero",
	Name:      "Number with a leading zero",
	Category:  Suspicion,
	Fixable:   true,
	Summary:   "A decimal number begins with 0.",
	Rationale: `It is not octal: 010 is ten (docs/language.md, Tokens). Whoever reads it as C does sees eight.`,
	Bad:       example(`POLICY { flags = 010; options = KYes|KNo; }`),
	Good:      example(`POLICY { flags = 10; options = KYes|KNo; }`),
	Run:       runLeadingZero,
}

func runLeadingZero(p *Pass) {
	for _, d := range p.Diagnostics {
		if d.Code != p.Rule.ID {
			continue
		}
		f := p.takenOver(d)
		written := strings.TrimSpace(p.textOf(d.Span))
		if plain := strings.TrimLeft(written, "0"); plain != "" && len(d.Chain) == 0 {
			f.Fixes = []diag.Fix{{Message: "write " + plain, Edits: []diag.Edit{{Span: d.Span, New: plain}}}}
		}
		p.Report(f)
	}
}
