package scenario

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestUnserved asks services that no policy file is for: an error, unless the
// step, or the one that waits for its request, says that this is meant.
func TestUnserved(t *testing.T) {
	const unserved, served = "service: 0x1/0x9", "service: 0x10204040/0x2b"
	tests := []struct {
		name, steps string
		want        int // line of the error; 0 for none
	}{
		{"a slip", "- {request: x, client: 0x1, " + unserved + "}", 5},
		{"whatever the decision", "- {request: x, client: 0x1, " + unserved + ", expect: yes}", 5},
		{"another policy", "- {request: x, client: 0x1, " + unserved + ", expect: {policy: default}}", 5},
		{"started", "- {start: x, as: a, client: 0x1, " + unserved + "}\n  - {wait: a}", 5},
		{"waited for by another", "- {start: x, as: a, client: 0x1, " + unserved + "}\n  - {wait: b, expect: {policy: none}}", 5},
		{"the second", "- {request: x, client: 0x1, answer: yes, " + served + "}\n  - {request: x, client: 0x1, " + unserved + "}", 6},
		{"meant", "- {request: x, client: 0x1, " + unserved + ", expect: {policy: none}}", 0},
		{"meant by its wait", "- {start: x, as: a, client: 0x1, " + unserved + "}\n  - {wait: a, expect: {policy: none}}", 0},
		{"uninstalled before", "- {uninstall: ups_10204040_0000002b.rsc, drive: z}\n  - {request: x, client: 0x1, " + served + "}", 0},
	}
	rom, err := filepath.Abs("testdata/rom")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(t.TempDir(), "x.scenario.yaml")
	for _, tt := range tests {
		text := "store: " + rom + "\nscenarios:\n- name: x\n  steps:\n  " + tt.steps + "\n"
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		errs := Errors(Run(t.Context(), path, Options{}).Err)
		if tt.want == 0 {
			if len(errs) != 0 {
				t.Errorf("%s: %v", tt.name, errs)
			}
			continue
		}
		if len(errs) != 1 {
			t.Errorf("%s: %v, want one error", tt.name, errs)
			continue
		}
		e, is := errs[0].(*Error)
		if !is || e.Pos.Line != tt.want || !strings.HasPrefix(e.Message, "no policy file is for the service 0x00000009") ||
			!strings.Contains(e.Hint, "0x10204040/0x0000002b, 0x10204040/0x0000002c; if that is meant, write expect: { policy: none }") {
			t.Errorf("%s: %v, hint %q", tt.name, errs[0], e.Hint)
		}
	}
}
