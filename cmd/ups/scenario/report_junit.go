package scenario

import (
	"fmt"
	"io"
	"strings"

	"ups/lint/report"
)

// JUnit writes the results as the XML that build servers read: a suite for
// each file, a case for each scenario, and one with an error for a file that
// could not be run.
func JUnit(w io.Writer, results []*Result) error {
	doc := report.JUnitSuites{Name: "ups test"}
	for _, r := range results {
		doc.Add(newSuite(r))
	}
	return doc.Write(w)
}

func newSuite(r *Result) report.JUnitSuite {
	name := report.Printable(r.Path)
	s := report.JUnitSuite{Name: name}
	total := 0.0
	for i := range r.Scenarios {
		sc := &r.Scenarios[i]
		total += sc.Duration.Seconds()
		s.Cases = append(s.Cases, newCase(name, sc))
	}
	if r.Err != nil {
		s.Errors = 1
		s.Cases = append(s.Cases, report.JUnitCase{Name: "ups test", ClassName: name, File: name, Time: seconds(0),
			Error: &report.JUnitProblem{Message: "the file could not be run", Text: report.Printable(r.Err.Error())}})
	}
	s.Failures, s.Time = r.Failed(), seconds(total)
	return s
}

func newCase(file string, r *ScenarioResult) report.JUnitCase {
	c := report.JUnitCase{Name: report.Printable(r.Name), ClassName: file, File: file, Line: r.Pos.Line, Time: seconds(r.Duration.Seconds())}
	if r.Passed() {
		return c
	}
	lines := r.Lines()
	for i, line := range lines {
		lines[i] = report.Printable(line)
	}
	first := r.Failures[0].Differences[0]
	c.Failure = &report.JUnitProblem{
		Message: report.Printable(fmt.Sprintf("%s: got %s, want %s", first.What, first.Got, first.Want)),
		Text:    strings.Join(lines, "\n"),
	}
	return c
}

func seconds(s float64) string { return fmt.Sprintf("%.3f", s) }
