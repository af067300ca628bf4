package compiler_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ups/compiler"
	"ups/diag"
)

const corpus = "testdata/conformance"

// sources gives the sources of one part of the corpus, and holds their number.
func sources(t testing.TB, part string, want int) []string {
	t.Helper()
	paths, err := filepath.Glob(filepath.Join(corpus, part, "*.rss"))
	if err != nil || len(paths) != want {
		t.Fatalf("%s has %d sources, want %d (%v)", part, len(paths), want, err)
	}
	return paths
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

func TestConformanceReject(t *testing.T) {
	for _, path := range sources(t, "reject", 48) {
		r := compileFile(t, path, compiler.Options{NoCheck: true})
		t.Log(errorsOf(r.Diagnostics))
		if !r.Failed() || r.Bytes != nil {
			t.Errorf("%s: not refused", path)
		}
	}
}
