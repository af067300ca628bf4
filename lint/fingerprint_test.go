package lint_test

import (
	"slices"
	"strings"
	"testing"

	"ups/diag"
	"ups/lint"
)

// prints returns the fingerprints of what a rule finds in a source.
func prints(rule, src string) []string {
	var out []string
	for _, f := range of(rule, lint.Run(input(file{"a.rss", []byte(src)}), everything)) {
		out = append(out, f.Fingerprint)
	}
	return out
}

func TestFingerprintsStay(t *testing.T) {
	const a, b = `POLICY { destination = "a"; options = KNo; }`, `POLICY { destination = "b"; options = KNo; }`
	before := prints("silent-reject", list("", a+", "+b))
	tests := []struct {
		name, head, policies string
	}{
		{"lines before", "// a comment\n\n\n", a + ", " + b},
		{"lines between", "", a + ",\n\n\n" + b},
		{"a policy before", "", "POLICY { sid_list = {1}; options = KYes|KNo; },\n" + a + ", " + b},
		{"fields in another order", "", `POLICY { options = KNo; destination = "a"; }, ` + b},
		{"another spelling", "", `POLICY { destination = "a"; options = 2; }, ` + b},
		{"the other order", "", b + ", " + a},
	}
	for _, tt := range tests {
		got := prints("silent-reject", list(tt.head, tt.policies))
		if slices.Sort(got); !slices.Equal(got, slices.Sorted(slices.Values(before))) {
			t.Errorf("%s: got %q, want %q", tt.name, got, before)
		}
	}
}

// TestFingerprintsAreStored compares fingerprints with those in baselines that
// earlier versions wrote.
func TestFingerprintsAreStored(t *testing.T) {
	src := list("", `POLICY { sid_list = {5, 3}; systemserversecurity = ESystemServerSecurityFailed; destination = "a"; options = KNo; },
		POLICY { sid_classes = KProtectedSids; destination = "b"; options = 0; flags = 7; }`)
	got := prints("silent-reject", src)
	if want := []string{"252e88adb8d8d5d0", "520b455ea89c385e"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestFingerprintsDiffer(t *testing.T) {
	got := prints("silent-reject", list("", `POLICY { destination = "a"; options = KNo; }, POLICY { destination = "b"; options = KNo; },
		POLICY { destination = "c"; options = 0; }`))
	got = append(got, prints("unreachable", list("", strings.Repeat(`POLICY { destination = "a"; options = KNo; }, `, 2)+`POLICY { destination = "a"; options = KNo; }`))...)
	got = append(got, prints("no-missing", list("", `POLICY { destination = "a"; options = KYes|KNever; }`))...)
	got = append(got, prints("leading-zero", list("UID2 010\n", "POLICY { options = 03; }"))...)
	if len(got) != 8 || len(slices.Compact(slices.Sorted(slices.Values(got)))) != 8 {
		t.Errorf("got %q, want 8 that differ", got)
	}
}

// TestFingerprintsOfWorseFindings shows that a redundant policy gets another
// fingerprint when it becomes one that is switched off, whatever is configured.
func TestFingerprintsOfWorseFindings(t *testing.T) {
	const dead = `POLICY { destination = "ab"; options = KNo; }`
	same := prints("unreachable", list("", `POLICY { destination = "a*"; options = KNo; }, `+dead))
	worse := prints("unreachable", list("", `POLICY { destination = "a*"; options = KYes; }, `+dead))
	if len(same) != 1 || len(worse) != 1 || same[0] == worse[0] {
		t.Errorf("got %q, then %q", same, worse)
	}
	cfg := &lint.Config{Rules: map[string]lint.Setting{"unreachable": {Severity: diag.Info}}}
	in := input(file{"a.rss", []byte(list("", `POLICY { destination = "a*"; options = KNo; }, `+dead))})
	if fs := of("unreachable", lint.Run(in, cfg)); len(fs) != 1 || fs[0].Fingerprint != same[0] || fs[0].Severity != diag.Info {
		t.Errorf("configured otherwise: %+v", fs)
	}
}
