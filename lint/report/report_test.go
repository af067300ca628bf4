package report

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ups/diag"
)

var update = flag.Bool("update", false, "write the golden files anew")

// source is what the diagnostics of the golden tests are about.
const source = "#include \"limits.rh\"\n" +
	"RESOURCE POLICIES {\n" +
	"\tpolicies = {\n" +
	"\t\tPOLICY {\tdestinaton = \"*\"; },\n" +
	"\t\tPOLICY { flags = KLimit + 1; }\n" +
	"\t};\n" +
	"}\n"

const limits = "#define KLimit 0xFFFF\n"

// sourceOf is the Source of the tests.
func sourceOf(name string) []byte {
	switch name {
	case "a.rss":
		return []byte(source)
	case "limits.rh":
		return []byte(limits)
	}
	return nil
}

// find returns the span of a text that stands once in a source.
func find(t *testing.T, file, text string) diag.Span {
	t.Helper()
	src := string(sourceOf(file))
	if strings.Count(src, text) != 1 {
		t.Fatalf("%q isn't once in %s", text, file)
	}
	at := strings.Index(src, text)
	return spanAt(file, src, at, at+len(text))
}

func spanAt(file, src string, from, to int) diag.Span {
	return diag.Span{Start: posAt(file, src, from), End: posAt(file, src, to)}
}

func posAt(file, src string, at int) diag.Pos {
	line := strings.Count(src[:at], "\n")
	return diag.Pos{Filename: file, Offset: at, Line: line + 1, Column: at - strings.LastIndex(src[:at], "\n")}
}

// examples are diagnostics with everything that one can have.
func examples(t *testing.T) []diag.Diagnostic {
	field := find(t, "a.rss", "destinaton")
	return []diag.Diagnostic{
		{
			Code: "field-unknown", Severity: diag.Error, Span: field,
			Message: "POLICY has no field destinaton", Hint: "did you mean destination?",
			Fixes: []diag.Fix{{Message: "write destination", Edits: []diag.Edit{{Span: field, New: "destination"}}}},
		},
		{
			Code: "value-range", Severity: diag.Error, Span: find(t, "a.rss", "KLimit + 1"),
			Message: "0x10000 doesn't fit flags, which has 16 bits",
			Chain: []diag.Frame{
				{Span: find(t, "limits.rh", "0xFFFF"), Kind: diag.Defined, Name: "KLimit"},
				{Span: find(t, "a.rss", "KLimit"), Kind: diag.Expanded, Name: "KLimit"},
				{Span: find(t, "a.rss", "#include \"limits.rh\""), Kind: diag.Included, Name: "limits.rh"},
			},
		},
		{
			Code: "uid3-missing", Severity: diag.Warning, Message: "the source has no UID3",
			Span:    diag.Span{Start: diag.Pos{Filename: "a.rss"}},
			Related: []diag.Related{{Span: find(t, "a.rss", "RESOURCE"), Message: "it belongs before the resource"}},
			Fixes:   []diag.Fix{{Message: "add UID3", Edits: []diag.Edit{{New: "UID3 1 \xE9"}}}},
		},
		{Severity: diag.Info, Message: "nothing is known of the place"},
	}
}

func TestGolden(t *testing.T) {
	ds := examples(t)
	tests := map[string]func(*bytes.Buffer) error{
		"plain.txt":      func(b *bytes.Buffer) error { return Text(b, ds, Options{}) },
		"source.txt":     func(b *bytes.Buffer) error { return Text(b, ds, Options{Source: sourceOf}) },
		"color.txt":      func(b *bytes.Buffer) error { return Text(b, ds, Options{Source: sourceOf, Color: true}) },
		"all.json":       func(b *bytes.Buffer) error { return JSON(b, ds) },
		"no-finding.txt": func(b *bytes.Buffer) error { return Text(b, nil, Options{Source: sourceOf}) },
		"empty.json":     func(b *bytes.Buffer) error { return JSON(b, nil) },
	}
	goldens(t, tests)
}

// goldens holds what is rendered against the files of these names.
func goldens(t *testing.T, tests map[string]func(*bytes.Buffer) error) {
	for name, render := range tests {
		t.Run(name, func(t *testing.T) {
			var got bytes.Buffer
			if err := render(&got); err != nil {
				t.Fatal(err)
			}
			golden(t, name, got.Bytes())
		})
	}
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, got, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(string(want), string(got)); d != "" {
		t.Errorf("differs from %s (-want +got):\n%s", path, d)
	}
}

func TestCounts(t *testing.T) {
	tests := []struct {
		severities []diag.Severity
		want       string
	}{
		{nil, ""},
		{[]diag.Severity{diag.Error}, "1 error"},
		{[]diag.Severity{diag.Warning, diag.Error, diag.Error}, "2 errors, 1 warning"},
		{[]diag.Severity{diag.Info, diag.Info}, "2 notes"},
		{[]diag.Severity{diag.Warning, diag.Warning, diag.Info}, "2 warnings, 1 note"},
	}
	for _, tt := range tests {
		var ds []diag.Diagnostic
		for _, s := range tt.severities {
			ds = append(ds, diag.Diagnostic{Severity: s})
		}
		if got := Count(ds).String(); got != tt.want {
			t.Errorf("%v: got %q, want %q", tt.severities, got, tt.want)
		}
	}
}

type failingWriter struct{}

var errWrite = errors.New("write failed")

func (failingWriter) Write([]byte) (int, error) { return 0, errWrite }

func TestWriterErrors(t *testing.T) {
	ds := examples(t)
	if err := Text(failingWriter{}, ds, Options{}); !errors.Is(err, errWrite) {
		t.Errorf("Text: got %v", err)
	}
	if err := JSON(failingWriter{}, ds); !errors.Is(err, errWrite) {
		t.Errorf("JSON: got %v", err)
	}
}

// TestLongChain shows that a chain keeps its ends.
func TestLongChain(t *testing.T) {
	var frames []diag.Frame
	for range 200 {
		frames = append(frames, diag.Frame{Kind: diag.Included, Name: "self.rh"})
	}
	frames[0].Name, frames[199].Name = "innermost.rh", "outermost.rh"
	var b strings.Builder
	if err := Text(&b, []diag.Diagnostic{{Chain: frames}}, Options{}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"innermost.rh", "outermost.rh", "… 191 more"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("no %q in\n%s", want, b.String())
		}
	}
	if n := strings.Count(b.String(), "\n"); n != 1+chainHead+1+chainTail+1 {
		t.Errorf("%d lines", n)
	}
}

// BenchmarkJUnit has as many files as a large tree, and findings in each.
func BenchmarkJUnit(b *testing.B) {
	var files []string
	var fs []Finding
	for i := range 1000 {
		files = append(files, fmt.Sprintf("policies/ups_101f7f1f_%08x.rss", i))
		for range 40 {
			fs = append(fs, Finding{Path: files[i], Diagnostic: diag.Diagnostic{Code: "silent-reject", Message: "no"}})
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := JUnit(io.Discard, "ups lint", files, fs); err != nil {
			b.Fatal(err)
		}
	}
}

// TestOne holds that One writes a diagnostic as Text does, which counts it.
func TestOne(t *testing.T) {
	for _, d := range examples(t) {
		var one, text bytes.Buffer
		opt := Options{Source: sourceOf}
		if err := errors.Join(One(&one, d, opt), Text(&text, []diag.Diagnostic{d}, opt)); err != nil {
			t.Fatal(err)
		}
		if want := one.String() + Count([]diag.Diagnostic{d}).String() + "\n"; text.String() != want {
			t.Errorf("Text writes %q, want %q", text.String(), want)
		}
	}
}
