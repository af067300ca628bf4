package lint

import "ups/diag"

var fieldTwiceRule = &Rule{
	ID:        "field-twice",
	Name:      "Field twice",
	Category:  Suspicion,
	Fixable:   true,
	Summary:   "A field of a struct is given twice.",
	Rationale: `The last counts, and the others are dropped without a word.`,
	Bad:       example(`POLICY { destination = "a*"; destination = "b*"; options = KYes|KNo; }`),
	Good:      example(`POLICY { destination = "b*"; options = KYes|KNo; }`),
	Run:       runFieldTwice,
}

func runFieldTwice(p *Pass) {
	for _, d := range p.Diagnostics {
		if d.Code != p.Rule.ID {
			continue
		}
		f := p.takenOver(d)
		if field := p.fieldAt(f.Policy, d); field != "" {
			f.Fixes = p.removeEarlier(f.Policy, field)
		}
		p.Report(f)
	}
}

// fieldAt gives the name of the policy's field that a diagnostic is at.
func (p *Pass) fieldAt(number int, d diag.Diagnostic) string {
	n := p.node(number)
	if n == nil {
		return ""
	}
	for _, f := range n.Fields {
		if p.Tree.Span(f.Name.Node) == d.Span {
			return f.Name.Text
		}
	}
	return ""
}
