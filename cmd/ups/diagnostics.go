package main

import (
	"maps"

	"ups/cmd/ups/internal/console"
	"ups/diag"
	"ups/lint/report"
)

// showDiagnostics writes the diagnostics of all outcomes, in order, as text to
// standard error.
func showDiagnostics(con *console.Console, outcomes []outcome) error {
	texts := texts(outcomes)
	return console.StreamError(report.Text(con.Stderr, collect(outcomes), report.Options{
		Color:  con.Colors(con.Stderr),
		Source: func(name string) []byte { return texts[name] },
	}))
}

// texts returns the texts of all files that diagnostics name.
func texts(outcomes []outcome) map[string][]byte {
	all := map[string][]byte{}
	for _, o := range outcomes {
		maps.Copy(all, o.texts)
	}
	return all
}

// collect puts diagnostics together. What is wrong in a header is said once,
// not for each source that includes it.
func collect(outcomes []outcome) []diag.Diagnostic {
	seen := seenDiagnostics{}
	var ds []diag.Diagnostic
	for _, o := range outcomes {
		for _, d := range o.diagnostics {
			if seen.first(d) {
				ds = append(ds, d)
			}
		}
	}
	return ds
}

// seenDiagnostics tells which diagnostics came before.
type seenDiagnostics map[diagnosticIdentity]bool

type diagnosticIdentity struct {
	code, message string
	span          diag.Span
}

// first reports whether a diagnostic comes for the first time. One without a
// place always does.
func (s seenDiagnostics) first(d diag.Diagnostic) bool {
	id := diagnosticIdentity{d.Code, d.Message, d.Span}
	again := d.Span.IsValid() && s[id]
	s[id] = true
	return !again
}
