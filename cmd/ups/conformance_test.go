package main

import (
	"bytes"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ups/cmd/ups/internal/console"
)

// conformance is what the reference compiler made of many sources.
const conformance = "../../compiler/testdata/conformance"

// sourcesOf returns the sources in a part of the corpus, which has n of them.
func sourcesOf(t testing.TB, part string, n int) []string {
	t.Helper()
	dir, err := filepath.Abs(filepath.Join(conformance, part))
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.rss"))
	if err != nil || len(files) != n {
		t.Fatalf("%s: %d sources, %v, want %d", part, len(files), err, n)
	}
	return files
}

// TestAccepted compiles through the command what the reference compiler does,
// to the same bytes, and once more what a dump of them gives.
func TestAccepted(t *testing.T) {
	dir := t.TempDir()
	for _, file := range slices.Concat(sourcesOf(t, "accept", 72), sourcesOf(t, "random", 200)) {
		want, err := os.ReadFile(strings.TrimSuffix(file, ".rss") + ".rsc")
		if err != nil {
			t.Fatal(err)
		}
		got := ups(t, dir, "", "compile", "-o", "-", file)
		if got.status != console.StatusDone || got.stdout != string(want) {
			t.Errorf("%s: status %d, other bytes\n%s", file, got.status, got.stderr)
			continue
		}
		dumped := ups(t, dir, got.stdout, "dump", "-")
		again := ups(t, dir, dumped.stdout, "compile", "-o", "-", "-")
		if again.stdout != got.stdout {
			t.Errorf("%s: a dump compiles to other bytes\n%s%s", file, dumped.stderr, again.stderr)
		}
	}
}

// TestUnchecked has files that a device would refuse.
func TestUnchecked(t *testing.T) {
	dir := t.TempDir()
	for _, file := range sourcesOf(t, "unchecked", 11) {
		if got := ups(t, dir, "", "compile", "-o", "-", file); got.status != console.StatusErrors || got.stdout != "" {
			t.Errorf("%s: status %d", file, got.status)
		}
		want, err := os.ReadFile(strings.TrimSuffix(file, ".rss") + ".rsc")
		got := ups(t, dir, "", "compile", "--no-check", "-o", "-", file)
		if err != nil || got.status != console.StatusDone || !bytes.Equal([]byte(got.stdout), want) {
			t.Errorf("%s: --no-check gives status %d, %v", file, got.status, err)
		}
	}
}

// TestRejected has sources that nobody may compile: the old file stays.
func TestRejected(t *testing.T) {
	dir := t.TempDir()
	out := filepath.Join(dir, "out.rsc")
	if err := os.WriteFile(out, []byte("old"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, file := range sourcesOf(t, "reject", 48) {
		for _, more := range [][]string{nil, {"--no-check"}} {
			got := ups(t, dir, "", append([]string{"compile", "-o", out, file}, more...)...)
			if got.status != console.StatusErrors || !strings.Contains(got.stderr, ": error: ") {
				t.Errorf("%s %v: status %d\n%s", file, more, got.status, got.stderr)
			}
		}
		if now, err := os.ReadFile(out); string(now) != "old" {
			t.Fatalf("%s: %d bytes written, %v", file, len(now), err)
		}
	}
	if entries, err := os.ReadDir(dir); err != nil || len(entries) != 1 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}
