package scenario

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"ups/lint/report"
)

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name      string        `xml:"name,attr"`
	ClassName string        `xml:"classname,attr"`
	File      string        `xml:"file,attr"`
	Line      int           `xml:"line,attr,omitempty"`
	Time      string        `xml:"time,attr"`
	Failure   *junitProblem `xml:"failure"`
	Error     *junitProblem `xml:"error"`
}

type junitProblem struct {
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// JUnit writes the results as the XML that build servers read: a suite for
// each file, a case for each scenario, and one with an error for a file that
// could not be run.
func JUnit(w io.Writer, results []*Result) error {
	doc := junitSuites{Name: "ups test"}
	for _, r := range results {
		doc.add(r)
	}
	if _, err := io.WriteString(w, xml.Header); err != nil {
		return err
	}
	enc := xml.NewEncoder(w)
	enc.Indent("", "  ")
	if err := enc.Encode(doc); err != nil {
		return err
	}
	_, err := io.WriteString(w, "\n")
	return err
}

func (doc *junitSuites) add(r *Result) {
	name := report.Printable(r.Path)
	s := junitSuite{Name: name}
	total := 0.0
	for i := range r.Scenarios {
		sc := &r.Scenarios[i]
		total += sc.Duration.Seconds()
		s.Cases = append(s.Cases, newCase(name, sc))
	}
	if r.Err != nil {
		s.Errors = 1
		s.Cases = append(s.Cases, junitCase{Name: "ups test", ClassName: name, File: name, Time: seconds(0),
			Error: &junitProblem{"the file could not be run", report.Printable(r.Err.Error())}})
	}
	s.Tests, s.Failures, s.Time = len(s.Cases), r.Failed(), seconds(total)
	doc.Suites = append(doc.Suites, s)
	doc.Tests += s.Tests
	doc.Failures += s.Failures
	doc.Errors += s.Errors
}

func newCase(file string, r *ScenarioResult) junitCase {
	c := junitCase{Name: report.Printable(r.Name), ClassName: file, File: file, Line: r.Pos.Line, Time: seconds(r.Duration.Seconds())}
	if r.Passed() {
		return c
	}
	lines := r.Lines()
	for i, line := range lines {
		lines[i] = report.Printable(line)
	}
	first := r.Failures[0].Differences[0]
	c.Failure = &junitProblem{
		Message: report.Printable(fmt.Sprintf("%s: got %s, want %s", first.What, first.Got, first.Want)),
		Text:    strings.Join(lines, "\n"),
	}
	return c
}

func seconds(s float64) string { return fmt.Sprintf("%.3f", s) }
