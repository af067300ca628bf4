package lint_test

import (
	"os"
	"path/filepath"
	"testing"

	"ups/diag"
	"ups/lint"
)

// sourceSeeds returns the sources of all fixtures.
func sourceSeeds(t testing.TB) [][]byte {
	t.Helper()
	var seeds [][]byte
	for _, pattern := range []string{"testdata/*/*.rss", "testdata/*/*/*.rss"} {
		files, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range files {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			seeds = append(seeds, text)
		}
	}
	return seeds
}

func TestSourceSeeds(t *testing.T) {
	if n := len(sourceSeeds(t)); n < 2*len(lint.Rules()) {
		t.Errorf("%d seeds", n)
	}
}

// FuzzFix checks for any source that nothing panics, findings are complete, and
// what was fixed compiles, with nothing left to fix.
func FuzzFix(f *testing.F) {
	for _, seed := range sourceSeeds(f) {
		f.Add(seed)
	}
	cfg := &lint.Config{Profile: lint.ProfileAll, Budget: 1 << 16}
	f.Fuzz(func(t *testing.T, src []byte) {
		in := input(file{"a.rss", src})
		for _, found := range lint.Run(in, cfg) {
			if found.Message == "" || found.Span.Start.Filename == "" || found.Severity > diag.Error || found.Path != "a.rss" {
				t.Fatalf("incomplete: %+v", found)
			}
		}
		load := func(text []byte) *lint.Input { return input(file{"a.rss", text}) }
		once := lint.Fix(load(src), cfg, load)
		if len(once.Applied) == 0 {
			return
		}
		again := load(once.Text)
		if again.File == nil {
			t.Fatalf("it doesn't compile any more:\n%s", once.Text)
		}
		if twice := lint.Fix(again, cfg, load); len(twice.Applied) > 0 {
			t.Fatalf("something is left: %s", twice.Applied[0].Message)
		}
	})
}
