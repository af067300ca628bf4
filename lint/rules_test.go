package lint_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"ups/diag"
	"ups/lint"
)

var ruleID = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`)

func TestRulesAreComplete(t *testing.T) {
	ids := lint.RuleIDs()
	if !slices.IsSorted(ids) || len(slices.Compact(slices.Clone(ids))) != len(ids) {
		t.Errorf("not sorted, or one twice: %v", ids)
	}
	for _, r := range lint.Rules() {
		if !ruleID.MatchString(r.ID) || r.Name == "" || r.Rationale == "" || r.Bad == "" || r.Good == "" {
			t.Errorf("%s: something is missing", r.ID)
		}
		if !strings.HasSuffix(r.Summary, ".") || strings.ContainsAny(r.Summary, "\n") {
			t.Errorf("%s: the summary isn't one sentence: %q", r.ID, r.Summary)
		}
		if r.Run != nil && r.RunAll != nil {
			t.Errorf("%s has two runs", r.ID)
		}
		if lint.RuleByID(r.ID) == nil {
			t.Errorf("%s isn't found by its id", r.ID)
		}
	}
	if lint.RuleByID("no-such-rule") != nil {
		t.Error("a rule that isn't there is found")
	}
}

// TestExamples runs what the docs show.
func TestExamples(t *testing.T) {
	for _, r := range lint.Rules() {
		t.Run(r.ID, func(t *testing.T) {
			bad, good := inputs(unpack(r.Bad)), inputs(unpack(r.Good))
			for _, in := range slices.Concat(bad, good) {
				if in.File == nil {
					t.Fatalf("the example doesn't compile: %v", in.Diagnostics)
				}
			}
			found := of(r.ID, runAll(bad, everything))
			if len(found) == 0 {
				t.Errorf("nothing is found in Bad:\n%s", r.Bad)
			}
			for _, f := range found {
				checkMessage(t, f)
			}
			for _, f := range of(r.ID, runAll(good, everything)) {
				t.Errorf("found in Good: %s\n%s", f.Message, r.Good)
			}
		})
	}
}

// checkMessage checks that a message is written as messages are.
func checkMessage(t *testing.T, f lint.Finding) {
	t.Helper()
	if f.Message == "" || strings.HasSuffix(f.Message, ".") || f.Span.Start.Filename == "" || f.Fingerprint == "" {
		t.Errorf("a message without a final dot, a file and a fingerprint are wanted: %+v", f)
	}
}

// TestOffIsOff shows for each rule that turning it off silences its example.
func TestOffIsOff(t *testing.T) {
	for _, r := range lint.Rules() {
		cfg := &lint.Config{Rules: map[string]lint.Setting{r.ID: {Off: true}}}
		if found := of(r.ID, runAll(inputs(unpack(r.Bad)), cfg)); len(found) > 0 {
			t.Errorf("%s is off, and found %q", r.ID, found[0].Message)
		}
	}
}

// TestConfiguredSeverity shows that a configured severity wins over all.
func TestConfiguredSeverity(t *testing.T) {
	for _, r := range lint.Rules() {
		for _, s := range []diag.Severity{diag.Info, diag.Warning, diag.Error} {
			cfg := &lint.Config{Rules: map[string]lint.Setting{r.ID: {Severity: s}}}
			for _, f := range of(r.ID, runAll(inputs(unpack(r.Bad)), cfg)) {
				if f.Severity != s {
					t.Errorf("%s: severity %s, want %s", r.ID, f.Severity, s)
				}
			}
		}
	}
}
