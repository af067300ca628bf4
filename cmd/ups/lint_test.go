package main

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"ups/cmd/ups/internal/console"
	"ups/lint"
)

// TestLintExamples runs the examples of all rules through the command: what is
// bad is found by the rule, and the text names it.
func TestLintExamples(t *testing.T) {
	for _, r := range lint.Rules() {
		if strings.HasPrefix(r.Bad, "-- ") {
			continue // several files; the tests of lint run those
		}
		dir := t.TempDir()
		writeSource(t, filepath.Join(dir, sourceName(1)), r.Bad)
		if got := ups(t, dir, "", "lint", "--profile", "all", "--fail-level", "info", "."); !strings.Contains(got.stdout, "["+r.ID+"]") || got.status > 1 {
			t.Errorf("%s: status %d\n%s%s", r.ID, got.status, got.stdout, got.stderr)
		}
	}
}

// TestExamplesAreClean shows that nothing is to be said of the examples, but
// for the gallery of mistakes.
func TestExamplesAreClean(t *testing.T) {
	got := ups(t, "../../examples", "", "lint", "embed", "handset", "msgserver")
	if got.status != 0 || strings.Contains(got.stdout, "warning") {
		t.Errorf("status %d\n%s%s", got.status, got.stdout, got.stderr)
	}
	if got := ups(t, ".", "", "lint", "gallery"); got.status != console.StatusErrors {
		t.Errorf("the gallery: status %d\n%s", got.status, got.stderr)
	}
}

// TestLintJobs shows that the report doesn't depend on how many files are
// looked at at the same time.
func TestLintJobs(t *testing.T) {
	dir := t.TempDir()
	for i := range 30 {
		writeSource(t, filepath.Join(dir, sourceName(i)), strings.Replace(source(5), "KYes|KNo", "KNo", i%6))
	}
	want := ups(t, dir, "", "lint", "--profile", "all", "-j", "1", "--format", "json", ".")
	for _, jobs := range []string{"2", "7", "100"} {
		if got := ups(t, dir, "", "lint", "--profile", "all", "-j", jobs, "--format", "json", "."); got != want {
			t.Errorf("-j %s differs from -j 1", jobs)
		}
	}
	var doc struct{ Diagnostics []struct{ Code string } }
	if err := json.Unmarshal([]byte(want.stdout), &doc); err != nil || len(doc.Diagnostics) < 60 {
		t.Errorf("%v, %d findings", err, len(doc.Diagnostics))
	}
}

// BenchmarkLintTree lints 1,000 files of 40 policies, in which there is nothing
// to warn of.
func BenchmarkLintTree(b *testing.B) {
	dir := b.TempDir()
	for i := range 1000 {
		text := strings.Replace(source(40), "UID3 0x01100001", fmt.Sprintf("UID3 0x0111%04x", i), 1)
		text = strings.ReplaceAll(text, "KYes|KNo", "KYes|KNo|KNever") // else the default policy would do
		writeSource(b, filepath.Join(dir, sourceName(i)), text)
	}
	b.Chdir(dir)
	b.ReportAllocs()
	for b.Loop() {
		var out strings.Builder
		con := testConsole(&out, &out)
		if status := run(b.Context(), con, []string{"lint", "--fail-level", "error", "."}); status != 0 {
			b.Fatalf("status %d: %.2000s", status, out.String())
		}
	}
}
