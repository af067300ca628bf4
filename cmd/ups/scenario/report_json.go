package scenario

import (
	"encoding/json"
	"errors"
	"io"

	"ups/diag"
)

// schemaVersion is that of the JSON form; it rises when a reader of the one
// before would misunderstand.
const schemaVersion = 1

type jsonRun struct {
	SchemaVersion int           `json:"schemaVersion"`
	Passed        int           `json:"passed"`
	Failed        int           `json:"failed"`
	Files         []jsonFile    `json:"files"`
	Coverage      *jsonCoverage `json:"coverage,omitempty"`
}

type jsonFile struct {
	Path      string         `json:"path"`
	Errors    []jsonError    `json:"errors"`
	Scenarios []jsonScenario `json:"scenarios"`
}

type jsonError struct {
	File    string `json:"file"`
	Line    int    `json:"line"`
	Column  int    `json:"column"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

type jsonScenario struct {
	Name     string        `json:"name"`
	Line     int           `json:"line"`
	Passed   bool          `json:"passed"`
	Steps    int           `json:"steps"`
	Seconds  float64       `json:"seconds"`
	Failures []jsonFailure `json:"failures"`
	Notes    []string      `json:"notes"`
}

type jsonFailure struct {
	Line        int              `json:"line"`
	Step        string           `json:"step"`
	Differences []jsonDifference `json:"differences"`
}

type jsonDifference struct {
	What string `json:"what"`
	Got  string `json:"got"`
	Want string `json:"want"`
	Why  string `json:"why,omitempty"`
}

type jsonCoverage struct {
	Hit      int               `json:"hit"`
	Policies int               `json:"policies"`
	Percent  float64           `json:"percent"`
	Files    []jsonCoveredFile `json:"files"`
}

type jsonCoveredFile struct {
	Path     string              `json:"path"`
	Policies []jsonCoveredPolicy `json:"policies"`
}

type jsonCoveredPolicy struct {
	Policy int        `json:"policy"`
	Hits   int        `json:"hits"`
	Place  *jsonPlace `json:"place"`
}

type jsonPlace struct {
	File   string `json:"file"`
	Line   int    `json:"line"`
	Column int    `json:"column"`
}

// JSON writes the results as one JSON object (docs/scenarios.md); c is nil
// without coverage.
func JSON(w io.Writer, results []*Result, c *Coverage) error {
	doc := jsonRun{SchemaVersion: schemaVersion, Files: []jsonFile{}}
	for _, r := range results {
		failed := r.Failed()
		doc.Failed += failed
		doc.Passed += len(r.Scenarios) - failed
		doc.Files = append(doc.Files, newJSONFile(r))
	}
	if c != nil {
		doc.Coverage = newJSONCoverage(*c)
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(doc)
}

func newJSONFile(r *Result) jsonFile {
	f := jsonFile{Path: r.Path, Errors: []jsonError{}, Scenarios: []jsonScenario{}}
	for _, err := range Errors(r.Err) {
		f.Errors = append(f.Errors, newJSONErrors(r.Path, err)...)
	}
	for i := range r.Scenarios {
		f.Scenarios = append(f.Scenarios, newJSONScenario(&r.Scenarios[i]))
	}
	return f
}

// Errors returns the errors that were joined in one.
func Errors(err error) []error {
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		return joined.Unwrap()
	}
	if err == nil {
		return nil
	}
	return []error{err}
}

// newJSONErrors returns what keeps a file from being run.
func newJSONErrors(path string, err error) []jsonError {
	if e := (*Error)(nil); errors.As(err, &e) {
		return []jsonError{{e.Pos.Filename, e.Pos.Line, e.Pos.Column, e.Message, e.Hint}}
	}
	e := (*SourceError)(nil)
	if !errors.As(err, &e) {
		return []jsonError{{File: path, Message: err.Error()}}
	}
	var all []jsonError
	for _, d := range e.Diagnostics {
		if at := d.Span.Start; d.Severity == diag.Error {
			all = append(all, jsonError{at.Filename, at.Line, at.Column, d.Message, d.Hint})
		}
	}
	return all
}

func newJSONScenario(r *ScenarioResult) jsonScenario {
	s := jsonScenario{
		Name: r.Name, Line: r.Pos.Line, Passed: r.Passed(), Steps: r.Steps, Seconds: r.Duration.Seconds(),
		Failures: []jsonFailure{}, Notes: append([]string{}, r.Notes...),
	}
	for _, f := range r.Failures {
		out := jsonFailure{Line: f.Pos.Line, Step: f.Step}
		for _, d := range f.Differences {
			out.Differences = append(out.Differences, jsonDifference(d))
		}
		s.Failures = append(s.Failures, out)
	}
	return s
}

func newJSONCoverage(c Coverage) *jsonCoverage {
	hit, policies := c.Total()
	out := &jsonCoverage{Hit: hit, Policies: policies, Percent: c.Percent(), Files: []jsonCoveredFile{}}
	for _, f := range c.Files() {
		file := jsonCoveredFile{Path: f.Path, Policies: []jsonCoveredPolicy{}}
		for i, p := range f.Policies {
			covered := jsonCoveredPolicy{Policy: i + 1, Hits: p.Hits}
			if p.Pos.IsValid() {
				covered.Place = &jsonPlace{p.Pos.Filename, p.Pos.Line, p.Pos.Column}
			}
			file.Policies = append(file.Policies, covered)
		}
		out.Files = append(out.Files, file)
	}
	return out
}
