package scenario

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"regexp"
	"strings"
	"testing"

	"ups/diag"
	"ups/lint/report"
)

// results runs all golden files, and one that can't be run.
func results(t *testing.T) []*Result {
	t.Helper()
	var all []*Result
	for _, path := range goldenFiles(t) {
		all = append(all, Run(t.Context(), path, Options{}))
	}
	return append(all, runText(t, "scenarois: []"))
}

// JUnit's XML is well-formed, and its numbers are those of what it holds.
func TestJUnit(t *testing.T) {
	all := results(t)
	var b bytes.Buffer
	if err := JUnit(&b, all); err != nil {
		t.Fatal(err)
	}
	for dec := xml.NewDecoder(bytes.NewReader(b.Bytes())); ; {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	var doc report.JUnitSuites
	if err := xml.Unmarshal(b.Bytes(), &doc); err != nil {
		t.Fatal(err)
	}
	tests, failures, failed := 0, 0, 0
	for _, s := range doc.Suites {
		tests += len(s.Cases)
		for _, c := range s.Cases {
			if c.Failure != nil {
				failures++
				if !strings.Contains(c.Failure.Text, c.File+":") || !strings.Contains(c.Failure.Message, "got ") || c.Line == 0 {
					t.Errorf("%s: %+v", c.Name, c.Failure)
				}
			}
		}
	}
	for _, r := range all {
		failed += r.Failed()
	}
	if doc.Tests != tests || doc.Failures != failures || failures != failed || doc.Errors != 1 || len(doc.Suites) != goldens+1 {
		t.Errorf("%d tests of %d, %d failures of %d in %d, %d errors", doc.Tests, tests, doc.Failures, failures, failed, doc.Errors)
	}
}

// What XML can't hold, and what would control a terminal, is shown by number.
func TestControlCharacters(t *testing.T) {
	r := &Result{Path: "a\x1b.yaml", Scenarios: []ScenarioResult{{
		Name: "n\x00", Pos: diag.Pos{Filename: "a", Line: 1},
		Failures: []Failure{{diag.Pos{Filename: "a", Line: 2}, "s\x07", []Difference{{"w", "\x1b[31m", "\u202e", ""}}}},
	}}}
	var junit, text bytes.Buffer
	if err := errors.Join(JUnit(&junit, []*Result{r}), Style{}.Text(&text, r)); err != nil {
		t.Fatal(err)
	}
	var doc report.JUnitSuites
	if err := xml.Unmarshal(junit.Bytes(), &doc); err != nil {
		t.Error(err)
	}
	for _, s := range []string{junit.String(), text.String()} {
		if strings.ContainsAny(s, "\x00\x07\x1b\u202e\ufffd") || !strings.Contains(s, `\x1b[31m`) {
			t.Errorf("%q", s)
		}
	}
}

func TestJSON(t *testing.T) {
	all := results(t)
	c := Merge(all[0].Coverage, all[1].Coverage, all[2].Coverage)
	var b bytes.Buffer
	if err := JSON(&b, all, &c); err != nil {
		t.Fatal(err)
	}
	var doc jsonRun
	dec := json.NewDecoder(&b)
	dec.DisallowUnknownFields()
	if err := dec.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	last := doc.Files[len(doc.Files)-1]
	if len(doc.Files) != len(all) || len(last.Errors) != 1 || last.Errors[0].Line != 1 || last.Errors[0].Hint != "did you mean scenarios?" {
		t.Errorf("%d files, the last %+v", len(doc.Files), last)
	}
	failed := 0
	for i, f := range doc.Files {
		for j, s := range f.Scenarios {
			want := all[i].Scenarios[j]
			if s.Passed != want.Passed() || len(s.Failures) != len(want.Failures) || s.Name != want.Name || s.Line != want.Pos.Line {
				t.Errorf("%+v", s)
			}
			if !s.Passed {
				failed++
			}
		}
	}
	hit, policies := c.Total()
	if doc.Failed != failed || failed < 20 || doc.Coverage == nil || doc.Coverage.Hit != hit || doc.Coverage.Policies != policies {
		t.Errorf("%d failed of %d, coverage %+v", doc.Failed, failed, doc.Coverage)
	}
}

// Coverage adds up over files, counts what decided and nothing else, and returns
// the place where a macro is used.
func TestCoverage(t *testing.T) {
	h := head(t)
	one := runText(t, h+`    steps:
      - { request: 112, client: game }
      - { request: 112, client: phone }
      - { start: 1, client: bank, as: a }
      - cancel: a
`)
	two := runText(t, h+`    steps:
      - { request: 112, client: bank }
      - { request: "555", client: game, answer: no }
      - { request: x, service: messages, client: game, expect: prompt }
`)
	c := Merge(one.Coverage, two.Coverage)
	files := c.Files()
	if len(files) != 2 {
		t.Fatalf("%d files", len(files))
	}
	var hits []int
	for _, p := range files[0].Policies {
		hits = append(hits, p.Hits)
	}
	hit, policies := c.Total()
	if want := []int{2, 0, 0, 1, 0}; len(hits) != 5 || hits[0] != want[0] || hits[3] != want[3] || hit != 3 || policies != 6 || c.Percent() != 50 {
		t.Errorf("hits %v, %d of %d", hits, hit, policies)
	}
	if at := files[0].Policies[1].Pos; at.Line != 17 || at.Column != 3 || !strings.HasSuffix(at.Filename, "ups_10204040_0000002b.rss") {
		t.Errorf("the second policy is at %v", at)
	}
	if (Coverage{}).Percent() != 100 {
		t.Error("nothing to cover isn't all covered")
	}
}

func TestOnly(t *testing.T) {
	path := goldenFiles(t)[0]
	all := Run(t.Context(), path, Options{})
	some := Run(t.Context(), path, Options{Only: regexp.MustCompile("^a dispute")})
	if len(some.Scenarios) != 2 || len(all.Scenarios) < 10 {
		t.Errorf("%d of %d scenarios", len(some.Scenarios), len(all.Scenarios))
	}
}

func TestColor(t *testing.T) {
	r := Run(t.Context(), goldenFiles(t)[0], Options{})
	var plain, colored bytes.Buffer
	if err := errors.Join(Style{Verbose: true}.Text(&plain, r), Style{Verbose: true, Color: true}.Text(&colored, r)); err != nil {
		t.Fatal(err)
	}
	bare := regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(colored.String(), "")
	if bare != plain.String() || colored.Len() == plain.Len() {
		t.Error("the colours are more or less than colours")
	}
}
