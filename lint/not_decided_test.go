package lint_test

import (
	"fmt"
	"strings"
	"testing"

	"ups/lint"
)

// TestCatchAllNotDecided has a list for which the search for requests that no
// policy matches runs out of steps: that is said, and only then.
func TestCatchAllNotDecided(t *testing.T) {
	var b strings.Builder
	for i := range 40 {
		fmt.Fprintf(&b, "POLICY { destination = \"%s\"; options = KYes|KNo; },\n", strings.Repeat("?", i))
	}
	text := strings.ReplaceAll(lint.Rules()[0].Good, "\r", "")
	head, _, _ := strings.Cut(text, "POLICY {")
	text = head + strings.TrimSuffix(b.String(), ",\n") + "\n};\n}\n"
	const want = "not decided: whether a policy matches every request; the budget of "
	for _, tt := range []struct {
		budget int
		said   bool
	}{{1, true}, {0, false}} {
		in := inputs(unpack(text))
		if in[0].File == nil {
			t.Fatal(in[0].Diagnostics)
		}
		said := false
		for _, f := range of("not-decided", runAll(in, &lint.Config{Profile: lint.ProfileAll, Budget: tt.budget})) {
			said = said || strings.HasPrefix(f.Message, want)
		}
		if said != tt.said {
			t.Errorf("budget %d: said %v", tt.budget, said)
		}
	}
}
