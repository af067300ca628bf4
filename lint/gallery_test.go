package lint_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ups/diag"
)

// TestGallery shows that in the gallery of mistakes just what is named there
// is found, notes aside.
func TestGallery(t *testing.T) {
	files := readFixture(t, "../examples/gallery")
	if len(files) != 1 {
		t.Fatalf("%d files", len(files))
	}
	marked := marks(files[0])
	var got []string
	for _, f := range runAll(inputs(files), everything) {
		line := fmt.Sprintf("%s:%d %s", f.Span.Start.Filename, f.Span.Start.Line, f.Code)
		if f.Severity > diag.Info || slices.Contains(marked, line) {
			got = append(got, line)
		}
	}
	slices.Sort(got)
	slices.Sort(marked)
	if d := cmp.Diff(marked, got); d != "" || len(marked) < 15 {
		t.Errorf("%d are named; -named +found:\n%s", len(marked), d)
	}
}
