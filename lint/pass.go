package lint

import (
	"slices"
	"strings"

	"ups/diag"
	"ups/grammar"
)

// Pass is one rule's look at one policy list.
type Pass struct {
	Rule *Rule
	*Input
	// Report takes a finding. Its code is the rule's, and so is its category,
	// unless the finding has one of its own; the severity follows. Where the
	// span has no file, it gets that of the list.
	Report func(Finding)

	checked *Checked
	tracer  *grammar.Tracer // of the source; nil until asked for
}

// ProjectPass is one rule's look at all policy lists of a run.
type ProjectPass struct {
	Rule   *Rule
	Inputs []*Input
	Report func(*Input, Finding) // as in Pass, about one of the inputs
}

// finding makes a finding at the value of a policy's field, or at the policy
// where the field isn't given. policy counts from 1.
func (p *Pass) finding(number int, field, message, hint string) Finding {
	places := p.File.Policies[number-1].Places
	f := Finding{Policy: number, Diagnostic: diag.Diagnostic{Message: message, Hint: hint}.At(places.Field(field))}
	f.Chain = slices.DeleteFunc(slices.Clone(f.Chain), isBuiltin)
	return f
}

// isBuiltin reports whether a step is in a header that comes with the tool: it
// would only say that KYes and the like are macros.
func isBuiltin(f diag.Frame) bool { return strings.HasPrefix(f.Span.Start.Filename, "<ups/") }

// place returns where a value of the source came to be.
func (p *Pass) place(v grammar.Value) diag.Place {
	if p.tracer == nil {
		p.tracer = p.Tree.Tracer()
	}
	return p.tracer.Place(v.Range())
}

// related points to another policy's field; in a compiled file there is
// nothing to point to.
func (p *Pass) related(number int, field, message string) []diag.Related {
	at := p.File.Policies[number-1].Places.Field(field).Span
	if !at.IsValid() {
		return nil
	}
	return []diag.Related{{Span: at, Message: message}}
}
