package lint

import (
	"slices"
	"strings"

	"ups/diag"
	"ups/lint/analysis"
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

// reportDecided reports, about the options of a policy, what is true of the
// requests that it decides, with one of a client that is wanted; nothing if no
// such request gets to it. Where its pattern isn't regular, so that nothing is
// claimed of what it decides, it goes by what the policy says, without a
// request.
func (p *Pass) reportDecided(i int, wanted func(analysis.Client) bool, message, hint string) {
	request, answer := p.Analysis().Find(i, wanted)
	f := p.finding(i+1, "options", message, hint)
	switch {
	case answer == analysis.Yes:
		f.Message += ", for example for " + describe(request)
		f.Witness = &request
	case answer == analysis.No, p.Analysis().Policies[i].Reach != analysis.Irregular:
		return
	}
	p.Report(f)
}

// The clients that rules ask for.
func anyClient(analysis.Client) bool         { return true }
func unprotected(c analysis.Client) bool     { return !policy.Protected(c.SID) }
func unprotectedFail(c analysis.Client) bool { return unprotected(c) && !c.Passed }

// header returns the header of a list, or the zero value of one without.
func header(f *policy.File) policy.Header {
	if f.Header == nil {
		return policy.Header{}
	}
	return *f.Header
}
