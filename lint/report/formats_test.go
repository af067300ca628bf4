package report

import (
	"bytes"
	"encoding/xml"
	"errors"
	"os"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"pgregory.net/rapid"

	"ups/diag"
)

// findings are findings with everything that one can have.
func findings(t *testing.T) []Finding {
	var out []Finding
	for _, d := range examples(t) {
		out = append(out, Finding{Diagnostic: d, Path: "a.rss", Fails: d.Severity == diag.Error, Fingerprint: "0123456789abcdef"})
	}
	out[0].Policy, out[0].Culprits = 1, []int{2, 3}
	out[0].Witness = &Witness{SID: 0x20010001, Passed: true, Destination: "+44\x1b\u202E"}
	compiled := diag.Span{Start: diag.Pos{Filename: "ups_101f7f1f_1000a00a.rsc"}}
	return append(out, Finding{
		Diagnostic:  diag.Diagnostic{Code: "catch-all", Severity: diag.Warning, Span: compiled, Message: "50%, {policy}: 2 [see\r\nbelow], \\"},
		Path:        compiled.Start.Filename,
		Policy:      2,
		Fails:       true,
		Fingerprint: "fedcba9876543210-2",
	})
}

func sarifOptions() SARIFOptions {
	return SARIFOptions{
		Version: "v1.2.3", SemanticVersion: "1.2.3", Root: "file:///src/", Source: sourceOf,
		Rules: []Rule{
			{ID: "catch-all", Name: "Catch-all", Summary: "It is not last.", Help: "# Catch-all\n", Severity: diag.Warning},
			{ID: "field-unknown", Name: "Unknown field", Summary: "There is none.", Help: "# Unknown\n", Severity: diag.Error},
		},
	}
}

func TestFormats(t *testing.T) {
	fs := findings(t)
	tests := map[string]func(*bytes.Buffer) error{
		"findings.json": func(b *bytes.Buffer) error { return FindingsJSON(b, fs) },
		"github.txt":    func(b *bytes.Buffer) error { return GitHub(b, Diagnostics(fs)) },
		"junit.xml": func(b *bytes.Buffer) error {
			return JUnit(b, "ups lint", []string{"a.rss", "clean.rss", "ups_101f7f1f_1000a00a.rsc"}, fs)
		},
		"all.sarif":   func(b *bytes.Buffer) error { return SARIF(b, fs, sarifOptions()) },
		"empty.sarif": func(b *bytes.Buffer) error { return SARIF(b, nil, SARIFOptions{}) },
		"empty.xml":   func(b *bytes.Buffer) error { return JUnit(b, "ups lint", nil, nil) },
	}
	goldens(t, tests)
}

// sarifSchemaOf compiles the published schema (testdata/sarif-schema-2.1.0.md).
func sarifSchemaOf(t testing.TB) *jsonschema.Schema {
	t.Helper()
	f, err := os.Open("testdata/sarif-schema-2.1.0.json")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	doc, err := jsonschema.UnmarshalJSON(f)
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource(sarifSchema, doc); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(sarifSchema)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

func validate(schema *jsonschema.Schema, log string) error {
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(log))
	if err != nil {
		return err
	}
	return schema.Validate(doc)
}

func TestSARIFIsValid(t *testing.T) {
	schema := sarifSchemaOf(t)
	for _, fs := range [][]Finding{nil, findings(t)} {
		for _, opt := range []SARIFOptions{{}, sarifOptions()} {
			var b strings.Builder
			if err := SARIF(&b, fs, opt); err != nil {
				t.Fatal(err)
			}
			if err := validate(schema, b.String()); err != nil {
				t.Errorf("%v\n%s", err, b.String())
			}
		}
	}
}

// TestSchemaRefuses shows that the validation could fail.
func TestSchemaRefuses(t *testing.T) {
	schema := sarifSchemaOf(t)
	var b strings.Builder
	if err := SARIF(&b, findings(t), sarifOptions()); err != nil {
		t.Fatal(err)
	}
	for _, invalid := range []struct{ old, new string }{
		{`"version": "2.1.0"`, `"version": "2.0.0"`},
		{`"level": "error"`, `"level": "fatal"`},
		{`"startLine": 4`, `"startLine": 0`},
		{`"ruleIndex": 1`, `"ruleIndex": -2`},
		{`"columnKind"`, `"columnSort"`},
		{`"uri": "file:///src/"`, `"uri": "%zz"`},
	} {
		log := strings.ReplaceAll(b.String(), invalid.old, invalid.new)
		if log == b.String() || validate(schema, log) == nil {
			t.Errorf("%s in place of %s is taken", invalid.new, invalid.old)
		}
	}
}

// anyFinding draws a finding of any text.
func anyFinding(t *rapid.T) Finding {
	src := rapid.SliceOf(rapid.Byte()).Draw(t, "source")
	text := string(rapid.SliceOf(rapid.OneOf(rapid.Byte(), rapid.SampledFrom([]byte("%:,\r\n[]{}<&\x1b")))).Draw(t, "text"))
	from := rapid.IntRange(0, len(src)).Draw(t, "from")
	to := rapid.IntRange(from, len(src)).Draw(t, "to")
	name := "f" + strings.ReplaceAll(text, "\x00", "")
	return Finding{
		Diagnostic: diag.Diagnostic{
			Code: text, Message: text, Hint: text, Span: spanAt(name, string(src), from, to),
			Related: []diag.Related{{Message: text, Span: spanAt(name, string(src), 0, from)}},
		},
		Path:   name,
		Policy: rapid.IntRange(0, 3).Draw(t, "policy"), Fingerprint: text, Fails: true,
	}
}

// TestFormatsOfAnything checks for any bytes that SARIF is valid, JUnit is XML, an
// annotation is one line, and nothing gets through that controls a terminal.
func TestFormatsOfAnything(t *testing.T) {
	schema := sarifSchemaOf(t)
	rapid.Check(t, func(t *rapid.T) {
		f := anyFinding(t)
		var sarif, junit, github, js strings.Builder
		err := errors.Join(
			SARIF(&sarif, []Finding{f}, sarifOptions()), JUnit(&junit, "ups lint", []string{f.Span.Start.Filename}, []Finding{f}),
			GitHub(&github, []diag.Diagnostic{f.Diagnostic}), FindingsJSON(&js, []Finding{f}),
		)
		if err != nil {
			t.Fatal(err)
		}
		if err := validate(schema, sarif.String()); err != nil {
			t.Fatalf("%v\n%s", err, sarif.String())
		}
		if strings.Count(github.String(), "\n") != 1 {
			t.Fatalf("not one line: %q", github.String())
		}
		var suites JUnitSuites
		if err := xml.Unmarshal([]byte(junit.String()), &suites); err != nil || suites.Failures != 1 {
			t.Fatalf("%v: %s", err, junit.String())
		}
		all := sarif.String() + junit.String() + github.String() + js.String()
		if i := strings.IndexFunc(all, isControl); i >= 0 {
			t.Fatalf("a terminal would obey %q", all[i:i+1])
		}
	})
}

// isControl reports whether a character controls a terminal.
func isControl(r rune) bool {
	return r < ' ' && r != '\n' || r >= 0x7F && r < 0xA0 || r >= 0x202A && r <= 0x202E
}

func TestFormatsPassErrorsOn(t *testing.T) {
	fs := findings(t)
	for name, err := range map[string]error{
		"SARIF":        SARIF(failingWriter{}, fs, SARIFOptions{}),
		"JUnit":        JUnit(failingWriter{}, "ups lint", nil, fs),
		"GitHub":       GitHub(failingWriter{}, Diagnostics(fs)),
		"FindingsJSON": FindingsJSON(failingWriter{}, fs),
	} {
		if !errors.Is(err, errWrite) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}
