package scenario

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "write the golden files of this package")

// goldens is how many scenario files there are; one that isn't found would
// else not be missed.
const goldens = 5

func goldenFiles(t *testing.T) []string {
	t.Helper()
	found, err := Find([]string{"testdata"})
	if err != nil || len(found.Files) != goldens {
		t.Fatalf("%d scenario files, %v, want %d", len(found.Files), err, goldens)
	}
	return found.Files
}

// output is all that is written of a file.
func output(t *testing.T, path string) string {
	t.Helper()
	r := Run(t.Context(), path, Options{})
	if r.Err != nil {
		t.Fatal(r.Err)
	}
	var b bytes.Buffer
	if err := (Style{Verbose: true}).Text(&b, r); err != nil {
		t.Fatal(err)
	}
	if err := (Style{}).CoverageText(&b, r.Coverage); err != nil {
		t.Fatal(err)
	}
	fmt.Fprintln(&b, Summary([]*Result{r}))
	return b.String()
}

func goldenOf(path string) string { return strings.TrimSuffix(path, ".yaml") + ".golden" }

func TestGolden(t *testing.T) {
	for _, path := range goldenFiles(t) {
		t.Run(filepath.Base(path), func(t *testing.T) {
			got := output(t, path)
			if *update {
				if err := os.WriteFile(goldenOf(path), []byte(got), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(goldenOf(path))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(want), got); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

// In each file some scenarios pass and some fail, but for one about stores;
// each failure says where, and what differs.
func TestGoldenFilesPassAndFail(t *testing.T) {
	passed, failed := 0, 0
	for _, path := range goldenFiles(t) {
		r := Run(t.Context(), path, Options{})
		failed += r.Failed()
		passed += len(r.Scenarios) - r.Failed()
		for _, s := range r.Scenarios {
			for _, f := range s.Failures {
				if !f.Pos.IsValid() || f.Pos.Filename != path || f.Step == "" || len(f.Differences) == 0 {
					t.Errorf("%s: a failure says %+v", s.Name, f)
				}
			}
		}
	}
	if passed < 15 || failed < 20 {
		t.Errorf("%d scenarios passed and %d failed", passed, failed)
	}
}

// The result of a scenario doesn't depend on timing: with requests that overlap it
// is the same each time, also while others run.
func TestSteady(t *testing.T) {
	const runners, runs = 4, 10
	path := filepath.Join("testdata", "overlap.scenario.yaml")
	want, err := os.ReadFile(goldenOf(path))
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range runners {
		wg.Go(func() {
			for range runs {
				if got := output(t, path); got != string(want) {
					t.Errorf("another result:\n%s", cmp.Diff(string(want), got))
					return
				}
			}
		})
	}
	wg.Wait()
}
