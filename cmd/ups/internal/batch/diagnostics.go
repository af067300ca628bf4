package batch

import (
	"maps"

	"ups/cmd/ups/internal/console"
	"ups/diag"
	"ups/lint/report"
)

// Show writes the diagnostics of all outcomes, in order, as text to
// standard error.
func Show(con *console.Console, outcomes []Outcome) error {
	texts := Texts(outcomes)
	return console.StreamError(report.Text(con.Stderr, Collect(outcomes), report.Options{
		Color:  con.Colors(con.Stderr),
		Source: func(name string) []byte { return texts[name] },
	}))
}

// Texts returns the texts of all files that diagnostics name.
func Texts(outcomes []Outcome) map[string][]byte {
	all := map[string][]byte{}
	for _, o := range outcomes {
		maps.Copy(all, o.Texts)
	}
	return all
}

// Collect puts diagnostics together. What is wrong in a header is said once,
// not for each source that includes it.
func Collect(outcomes []Outcome) []diag.Diagnostic {
	seen := Seen{}
	var ds []diag.Diagnostic
	for _, o := range outcomes {
		for _, d := range o.Diagnostics {
			if seen.First(d) {
				ds = append(ds, d)
			}
		}
	}
	return ds
}

// Seen is the diagnostics that came before.
type Seen map[diagnosticIdentity]bool

type diagnosticIdentity struct {
	code, message string
	span          diag.Span
}

// First reports whether a diagnostic comes for the first time. One without a
// place always does.
func (s Seen) First(d diag.Diagnostic) bool {
	id := diagnosticIdentity{d.Code, d.Message, d.Span}
	again := d.Span.IsValid() && s[id]
	s[id] = true
	return !again
}
