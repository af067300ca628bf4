package lint

import "ups/diag"

// fromCompiler is the run of a rule that takes over the compiler's warnings
// of its code.
func fromCompiler(p *Pass) {
	for _, d := range p.Diagnostics {
		if d.Code == p.Rule.ID {
			p.Report(p.takenOver(d))
		}
	}
}

// takenOver makes a finding of a compiler's diagnostic.
func (p *Pass) takenOver(d diag.Diagnostic) Finding {
	return Finding{Diagnostic: d, Policy: p.policyAt(d.Span)}
}
