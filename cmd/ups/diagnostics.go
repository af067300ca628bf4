package main

import (
	"bytes"

	"ups/diag"
	"ups/lint/report"
)

// showDiagnostics writes the diagnostics of all outcomes, in order: as text to
// standard error, or as JSON to standard output.
func showDiagnostics(sys *system, color *choice, format string, outcomes []outcome) error {
	ds := collect(outcomes)
	if format == "json" {
		var b bytes.Buffer
		if err := report.JSON(&b, ds); err != nil {
			return err
		}
		return sys.write(b.Bytes())
	}
	texts := map[string][]byte{}
	for _, o := range outcomes {
		for name, text := range o.texts {
			texts[name] = text
		}
	}
	return stream(report.Text(sys.stderr, ds, report.Options{
		Color:  sys.wantsColor(color),
		Source: func(name string) []byte { return texts[name] },
	}))
}

// collect puts diagnostics together. What is wrong in a header is said once,
// not for each source that includes it.
func collect(outcomes []outcome) []diag.Diagnostic {
	type identity struct {
		code, message string
		span          diag.Span
	}
	seen := map[identity]bool{}
	var ds []diag.Diagnostic
	for _, o := range outcomes {
		for _, d := range o.diagnostics {
			id := identity{d.Code, d.Message, d.Span}
			if d.Span.IsValid() && seen[id] {
				continue
			}
			seen[id] = true
			ds = append(ds, d)
		}
	}
	return ds
}

// wantsColor settles --color: auto is yes for a terminal, unless NO_COLOR is
// set (no-color.org) or the terminal can't.
func (s *system) wantsColor(color *choice) bool { return s.colors(color, s.stderr) }

// colors settles it for a stream.
func (s *system) colors(color *choice, stream any) bool {
	switch color.value {
	case "always":
		return true
	case "never":
		return false
	}
	return s.getenv("NO_COLOR") == "" && s.getenv("TERM") != "dumb" && s.isTerminal(stream)
}
