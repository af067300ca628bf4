package lint_test

import (
	"strings"
	"testing"

	"ups/lint"
)

// list wraps policies in a source, with head before all of it.
func list(head, policies string) string {
	return head + "#include <ups/policies.rh>\nUID2 KUidUpsPolicyResourceFile\nUID3 1\nRESOURCE POLICIES p\n{\n" +
		"header = POLICY_HEADER { authorisationpolicy = EAlwaysCheck; dialogcreator = 1; };\npolicies = {\n" + policies + "\n};\n}\n"
}

// found returns the codes of what is found in a source, in order, without those
// of rules that aren't named.
func found(src string, cfg *lint.Config, rules ...string) string {
	var out []string
	for _, f := range lint.Run(input(file{"ups_00000001_00000002.rss", []byte(src)}), cfg) {
		for _, r := range rules {
			if f.Code == r {
				out = append(out, f.Code)
			}
		}
	}
	return strings.Join(out, " ")
}

func TestIgnore(t *testing.T) {
	const refusal, other = "POLICY { destination = \"a\"; options = KNo; }", "POLICY { destination = \"b\"; options = KNo; }"
	const asking = "POLICY { destination = \"c\"; options = KYes|KNo; }"
	tests := []struct {
		name, head, policies, want string
	}{
		{"none", "", refusal, "silent-reject"},
		{"before", "", "// ups:ignore silent-reject why\n" + refusal, ""},
		{"before, with more before", "", "// ups:ignore silent-reject why\n// more\n\n/* more */ " + refusal, ""},
		{"block comment", "", "/* ups:ignore silent-reject\n   because */\n" + refusal, ""},
		{"before on the line", "", "/* ups:ignore silent-reject why */ " + refusal, ""},
		{"inside", "", "POLICY {\n// ups:ignore silent-reject why\noptions = KNo; }", ""},
		{"behind", "", refusal + " // ups:ignore silent-reject why", ""},
		{"behind a comma", "", refusal + ", // ups:ignore silent-reject why\nPOLICY { }", ""},
		{"behind is not before", "", refusal + ", // ups:ignore silent-reject why\n" + other, "silent-reject"},
		{"between on a line is before", "", asking + ", /* ups:ignore silent-reject why */ " + refusal, ""},
		{"of another policy", "", "// ups:ignore silent-reject why\n" + asking + ",\n" + refusal, "ignore-unused silent-reject"},
		{"of another rule", "", "// ups:ignore session-no why\n" + refusal, "ignore-unused silent-reject"},
		{"head", "// ups:ignore silent-reject why\n", refusal + ",\n" + other, ""},
		{"head, unused", "// ups:ignore session-no why\n", "POLICY { }", "ignore-unused"},
		{"two rules", "", "// ups:ignore silent-reject,session-no why\nPOLICY { options = KSessionNo; }", ""},
		{"two rules, one unused", "", "// ups:ignore silent-reject,session-no why\n" + refusal, "ignore-unused"},
		{"no reason", "", "// ups:ignore silent-reject\n" + refusal, "ignore-reason silent-reject"},
		{"no rule", "", "// ups:ignore\n" + refusal, "ignore-unknown silent-reject"},
		{"unknown rule", "", "// ups:ignore silence why\n" + refusal, "ignore-unknown silent-reject"},
		{"after all policies", "", refusal + "\n// ups:ignore silent-reject why", "silent-reject ignore-unused"},
		{"ignores can't be ignored", "// ups:ignore ignore-unused,ignore-reason why\n", "// ups:ignore session-no why\nPOLICY { }", "ignore-unused ignore-unused ignore-unused"},
		{"not an ignore", "", "// ups:ignored silent-reject why\n" + refusal, "silent-reject"},
		{"in a string", "", "POLICY { destination = \"// ups:ignore silent-reject why\"; options = KNo; }", "silent-reject"},
		{"CRLF", "", "// ups:ignore silent-reject why\r\n" + refusal + "\r\n", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := found(list(tt.head, tt.policies), everything, "silent-reject", "session-no", "ignore-reason", "ignore-unknown", "ignore-unused")
			if got != tt.want {
				t.Errorf("got %q, want %q, in\n%s", got, tt.want, list(tt.head, tt.policies))
			}
		})
	}
}

// TestIgnoreOfRuleThatDoesNotRun shows that an ignore isn't called unused if its
// rule wasn't run: it is off, or needs an older version.
func TestIgnoreOfRuleThatDoesNotRun(t *testing.T) {
	src := list("", "// ups:ignore silent-reject why\nPOLICY { }")
	off := &lint.Config{Profile: lint.ProfileAll, Rules: map[string]lint.Setting{"silent-reject": {Off: true}}}
	if got := found(src, off, "ignore-unused"); got != "" {
		t.Errorf("rule off: got %q", got)
	}
	for _, r := range lint.Rules() {
		if r.Against {
			if got := found(list("// ups:ignore "+r.ID+" why\n", "POLICY { }"), nil, "ignore-unused"); got != "" {
				t.Errorf("%s: got %q", r.ID, got)
			}
		}
	}
}

// TestIgnoredErrors shows that what the compiler refuses can't be ignored.
func TestIgnoredErrors(t *testing.T) {
	src := list("// ups:ignore constant-unknown why\n", "POLICY { options = KYse; }")
	if got := found(src, nil, "constant-unknown", "ignore-unknown"); got != "ignore-unknown constant-unknown" {
		t.Errorf("got %q", got)
	}
}
