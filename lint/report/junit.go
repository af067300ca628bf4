package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"
)

// JUnit writes findings as the XML that build servers read test results from:
// a suite for each file, and in it a case for each finding, failed if the
// finding fails the run; one that passed for a file without any. files are all
// that were looked at, in order. The error is the writer's.
func JUnit(w io.Writer, files []string, fs []Finding) error {
	doc := junitSuites{Name: "ups lint"}
	byPath := map[string][]Finding{}
	for _, f := range fs {
		byPath[f.Path] = append(byPath[f.Path], f)
	}
	for _, name := range files {
		doc.add(name, byPath[name])
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

type junitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Suites   []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Cases    []junitCase `xml:"testcase"`
}

type junitCase struct {
	Name      string        `xml:"name,attr"`
	ClassName string        `xml:"classname,attr"`
	File      string        `xml:"file,attr"`
	Line      int           `xml:"line,attr,omitempty"`
	Failure   *junitFailure `xml:"failure"`
	Output    string        `xml:"system-out,omitempty"` // what is only worth knowing
}

type junitFailure struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// add adds the suite of a file with what was found in it.
func (doc *junitSuites) add(name string, fs []Finding) {
	name = Printable(slashed(name))
	s := junitSuite{Name: name}
	for _, f := range fs {
		s.Cases = append(s.Cases, newCase(name, f))
		if f.Fails {
			s.Failures++
		}
	}
	if len(s.Cases) == 0 {
		s.Cases = []junitCase{{Name: "ups lint", ClassName: name, File: name}}
	}
	s.Tests = len(s.Cases)
	doc.Suites = append(doc.Suites, s)
	doc.Tests += s.Tests
	doc.Failures += s.Failures
}

func newCase(name string, f Finding) junitCase {
	code := Printable(f.Code)
	c := junitCase{Name: code, ClassName: name, File: name, Line: f.Span.Start.Line}
	if c.Line > 0 {
		c.Name = fmt.Sprintf("%s at %d:%d", code, c.Line, f.Span.Start.Column)
	} else if f.Policy > 0 {
		c.Name = fmt.Sprintf("%s of policy %d", code, f.Policy)
	}
	text := []string{place(f.Span) + Printable(f.Message)}
	for _, r := range f.Related {
		text = append(text, place(r.Span)+Printable(r.Message))
	}
	if f.Hint != "" {
		text = append(text, "hint: "+Printable(f.Hint))
	}
	if !f.Fails {
		c.Output = strings.Join(text, "\n")
		return c
	}
	c.Failure = &junitFailure{Message: Printable(f.Message), Type: f.Severity.String(), Text: strings.Join(text, "\n")}
	return c
}
