package report

import (
	"fmt"
	"io"
	"strings"
)

// JUnit writes findings as the XML that build servers read test results from:
// a suite for each file, and in it a case for each finding, failed if the
// finding fails the run; one that passed for a file without any. files are all
// that were looked at, in order, and title what looked. The error is the
// writer's.
func JUnit(w io.Writer, title string, files []string, fs []Finding) error {
	doc := JUnitSuites{Name: title}
	byPath := map[string][]Finding{}
	for _, f := range fs {
		byPath[f.Path] = append(byPath[f.Path], f)
	}
	for _, name := range files {
		doc.addFile(name, byPath[name])
	}
	return doc.Write(w)
}

// addFile adds the suite of a file with what was found in it.
func (doc *JUnitSuites) addFile(name string, fs []Finding) {
	name = Printable(slashed(name))
	s := JUnitSuite{Name: name}
	for _, f := range fs {
		s.Cases = append(s.Cases, newCase(name, f))
		if f.Fails {
			s.Failures++
		}
	}
	if len(s.Cases) == 0 {
		s.Cases = []JUnitCase{{Name: doc.Name, ClassName: name, File: name}}
	}
	doc.Add(s)
}

func newCase(name string, f Finding) JUnitCase {
	code := Printable(f.Code)
	c := JUnitCase{Name: code, ClassName: name, File: name, Line: f.Span.Start.Line}
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
	c.Failure = &JUnitProblem{Message: Printable(f.Message), Type: f.Severity.String(), Text: strings.Join(text, "\n")}
	return c
}
