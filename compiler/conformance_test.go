package compiler_test

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ups/compiler"
	"ups/diag"
)

const corpus = "testdata/conformance"

// sources returns the sources of one part of the corpus, and holds their number.
func sources(t testing.TB, part string, want int) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(corpus, part, "*.rss"))
	if err != nil || len(paths) != want {
		t.Fatalf("%s has %d sources, want %d (%v)", part, len(paths), want, err)
	}
	return paths
}

// The table of a part says of each of its sources what it is for.
func TestConformanceCasesAreDescribed(t *testing.T) {
	for part, count := range map[string]int{"accept": 72, "unchecked": 11, "reject": len(rejected)} {
		table, err := os.ReadFile(filepath.Join(corpus, part, "cases.tsv"))
		if err != nil {
			t.Fatal(err)
		}
		about := map[string]string{}
		for line := range strings.Lines(string(table)) {
			name, text, _ := strings.Cut(line, "\t")
			about[name] = strings.TrimSpace(text)
		}
		if len(about) != count {
			t.Errorf("%s: %d cases are described, want %d", part, len(about), count)
		}
		for _, path := range sources(t, part, count) {
			if about[strings.TrimSuffix(filepath.Base(path), ".rss")] == "" {
				t.Errorf("%s isn't described", path)
			}
		}
	}
}

func compileFile(t testing.TB, path string, opt compiler.Options) *compiler.Result {
	t.Helper()
	src, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return compiler.Compile(path, src, opt)
}

func wantBytes(t *testing.T, path string, r *compiler.Result) {
	t.Helper()
	want, err := os.ReadFile(strings.TrimSuffix(path, ".rss") + ".rsc")
	if err != nil {
		t.Fatal(err)
	}
	if r.Failed() {
		t.Errorf("%s: refused: %v", path, errorsOf(r.Diagnostics))
	} else if !bytes.Equal(r.Bytes, want) {
		t.Errorf("%s: other bytes\n got %x\nwant %x", path, r.Bytes, want)
	}
}

func errorsOf(ds []diag.Diagnostic) []string {
	var out []string
	for _, d := range ds {
		if d.Severity == diag.Error {
			out = append(out, d.Span.Start.String()+" "+d.Code+": "+d.Message)
		}
	}
	return out
}

func TestConformanceAccept(t *testing.T) {
	for _, path := range sources(t, "accept", 72) {
		wantBytes(t, path, compileFile(t, path, compiler.Options{}))
	}
}

func TestConformanceRandom(t *testing.T) {
	for _, path := range sources(t, "random", 200) {
		wantBytes(t, path, compileFile(t, path, compiler.Options{}))
	}
}

func TestConformanceUnchecked(t *testing.T) {
	for _, path := range sources(t, "unchecked", 11) {
		if r := compileFile(t, path, compiler.Options{}); !r.Failed() || r.Bytes != nil {
			t.Errorf("%s: not refused", path)
		}
		wantBytes(t, path, compileFile(t, path, compiler.Options{NoCheck: true}))
	}
}

// rejected is where each source of reject/ is refused, and by which code: one
// diagnostic for its one mistake.
var rejected = []struct {
	name string
	line int
	code string
}{
	{"brace-missing", 7, "brace-missing"},
	{"byte-too-big", 7, "out-of-range"},
	{"char-for-string", 7, "wrong-kind"},
	{"character-unknown", 7, "character-unknown"},
	{"comma-missing", 7, "comma-missing"},
	{"comma-trailing-enum", 4, "comma-trailing"},
	{"comma-trailing-list", 7, "comma-trailing"},
	{"comma-trailing", 7, "comma-trailing"},
	{"comment-unterminated", 7, "comment-unterminated"},
	{"constant-unknown", 7, "constant-unknown"},
	{"divide-by-zero", 7, "divide-by-zero"},
	{"empty", 1, "resource-missing"},
	{"endif-missing", 8, "endif-missing"},
	{"enum-duplicate", 4, "constant-twice"},
	{"error-directive", 8, "error-directive"},
	{"field-unknown-header", 6, "field-unknown"},
	{"field-unknown", 7, "field-unknown"},
	{"float", 7, "whole-number"},
	{"hex-upper-x", 7, "hex-upper-x"},
	{"include-missing", 1, "include-missing"},
	{"include-self", 1, "include-depth"},
	{"label-for-string", 7, "wrong-kind"},
	{"list-for-scalar", 7, "wrong-kind"},
	{"long-overflow-product", 7, "out-of-range"},
	{"long-overflow-sum", 7, "out-of-range"},
	{"long-too-big-decimal", 7, "out-of-range"},
	{"long-too-big", 7, "out-of-range"},
	{"macro-arguments", 8, "macro-arguments"},
	{"nul-byte", 7, "nul-byte"},
	{"number-for-string", 7, "wrong-kind"},
	{"resource-missing", 3, "resource-missing"},
	{"resource-other-struct", 4, "struct-unknown"},
	{"resource-two", 9, "resource-twice"},
	{"scalar-for-list", 7, "list-wanted"},
	{"semicolon-after-policy", 7, "semicolon-in-list"},
	{"semicolon-missing", 7, "semicolon-missing"},
	{"string-256-units", 8, "string-too-long"},
	{"string-256", 7, "string-too-long"},
	{"string-code-too-big", 7, "code-point"},
	{"string-for-number", 7, "wrong-kind"},
	{"string-unterminated", 7, "string-unterminated"},
	{"struct-lower-case", 7, "struct-unknown"},
	{"struct-wrong-header", 4, "struct-wrong"},
	{"struct-wrong-policy", 7, "struct-wrong"},
	{"too-big", 4, "file-too-big"},
	{"uid3-zero", 3, "uid3-zero"},
	{"word-too-big", 7, "out-of-range"},
	{"word-too-low", 7, "out-of-range"},
}

func TestConformanceReject(t *testing.T) {
	sources(t, "reject", len(rejected))
	for _, want := range rejected {
		path := filepath.Join(corpus, "reject", want.name+".rss")
		for _, noCheck := range []bool{false, true} {
			r := compileFile(t, path, compiler.Options{NoCheck: noCheck})
			if tooBig := want.code == "file-too-big"; !r.Failed() || r.Bytes != nil || (r.File != nil) != tooBig {
				t.Errorf("%s: not refused", path)
				continue
			}
			got := errorsOf(r.Diagnostics)
			begin := fmt.Sprintf("%s:%d:", path, want.line)
			if len(got) != 1 || !strings.HasPrefix(got[0], begin) || !strings.Contains(got[0], " "+want.code+": ") {
				t.Errorf("%s: refused as %q, want line %d and %s", path, got, want.line, want.code)
			}
		}
	}
}
