package report

import (
	"encoding/xml"
	"io"
)

// JUnitSuites is the XML that build servers read test results from, for the
// commands that write it. All text in it must be printable (Printable).
type JUnitSuites struct {
	XMLName  xml.Name     `xml:"testsuites"`
	Name     string       `xml:"name,attr"`
	Tests    int          `xml:"tests,attr"`
	Failures int          `xml:"failures,attr"`
	Errors   int          `xml:"errors,attr"`
	Suites   []JUnitSuite `xml:"testsuite"`
}

// JUnitSuite is what was found in one file. Add counts its tests.
type JUnitSuite struct {
	Name     string      `xml:"name,attr"`
	Tests    int         `xml:"tests,attr"`
	Failures int         `xml:"failures,attr"`
	Errors   int         `xml:"errors,attr"`
	Skipped  int         `xml:"skipped,attr"`
	Time     string      `xml:"time,attr,omitempty"` // in seconds
	Cases    []JUnitCase `xml:"testcase"`
}

// JUnitCase is one test: passed, unless it has a Failure or an Error.
type JUnitCase struct {
	Name      string        `xml:"name,attr"`
	ClassName string        `xml:"classname,attr"`
	File      string        `xml:"file,attr"`
	Line      int           `xml:"line,attr,omitempty"`
	Time      string        `xml:"time,attr,omitempty"` // in seconds
	Failure   *JUnitProblem `xml:"failure"`
	Error     *JUnitProblem `xml:"error"`                // it could not be run
	Output    string        `xml:"system-out,omitempty"` // what is only worth knowing
}

// JUnitProblem says why a case did not pass.
type JUnitProblem struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr,omitempty"`
	Text    string `xml:",chardata"`
}

// Add adds a suite, and counts it in.
func (doc *JUnitSuites) Add(s JUnitSuite) {
	s.Tests = len(s.Cases)
	doc.Suites = append(doc.Suites, s)
	doc.Tests += s.Tests
	doc.Failures += s.Failures
	doc.Errors += s.Errors
}

// Write writes the document. The error is the writer's.
func (doc *JUnitSuites) Write(w io.Writer) error {
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
