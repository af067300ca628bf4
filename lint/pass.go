package lint

import (
	"slices"
	"strings"

	"ups/diag"
	"ups/policy"
)

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

// related points to another policy's field; in a compiled file there is
// nothing to point to.
func (p *Pass) related(number int, field, message string) []diag.Related {
	at := p.File.Policies[number-1].Places.Field(field).Span
	if !at.IsValid() {
		return nil
	}
	return []diag.Related{{Span: at, Message: message}}
}

// optionConstants has the options as sources write them, in the order of their
// bits.
var optionConstants = []string{"KYes", "KNo", "KSessionYes", "KAlways", "KNever", "KSessionNo"}

// writeOptions writes options as a source does.
func writeOptions(o policy.Options) string {
	var names []string
	for i, name := range optionConstants {
		if o>>i&1 != 0 {
			names = append(names, name)
		}
	}
	if len(names) == 0 {
		return "0"
	}
	return strings.Join(names, "|")
}

// forUnprotected reports whether a policy is for some SID that anybody can
// have.
func forUnprotected(p *policy.Policy) bool {
	for _, sid := range p.SIDs {
		if !policy.Protected(sid) {
			return true
		}
	}
	return len(p.SIDs) == 0 && p.SIDClasses&policy.UnprotectedSIDs != 0
}
