package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"ups/compiler"
	"ups/policy"
)

// TestDocumentedAnswers holds that the tables of docs/prompts.md say what becomes
// of options and of answers.
func TestDocumentedAnswers(t *testing.T) {
	page := strings.ReplaceAll(read(t, "../../docs/prompts.md"), `\|`, "\x00")
	answers := []policy.Options{policy.Yes, policy.No, policy.SessionYes, policy.Always, policy.Never, policy.SessionNo}
	silent, asking := 0, 0
	for _, row := range regexp.MustCompile("(?m)^\\| `(K[^`]*)` \\|(.*)\\|$").FindAllStringSubmatch(page, -1) {
		text := strings.ReplaceAll(row[1], "\x00", "|")
		options := optionsOf(t, text)
		cells := strings.Split(row[2], "|")
		if len(cells) == 1 {
			silent++
			if options.Prompts() || said(options.SilentDecision()) != strings.TrimSpace(cells[0]) {
				t.Errorf("%s: %v, and the page says %s", text, options.SilentDecision(), cells[0])
			}
			continue
		}
		asking++
		for i, answer := range answers {
			want := "–"
			if options&answer != 0 {
				want = said(options.DecisionFor(answer))
			}
			if got := strings.TrimSpace(cells[i]); got != want || !options.Prompts() {
				t.Errorf("%s, %v: %s, and the page says %s", text, answer, want, got)
			}
		}
	}
	if silent < 7 || asking < 6 {
		t.Errorf("%d and %d rows", silent, asking)
	}
}

func said(d policy.Decision) string {
	return map[policy.Decision]string{
		policy.DecisionYes: "Yes", policy.DecisionNo: "No", policy.DecisionSessionYes: "Session Yes", policy.DecisionSessionNo: "Session No",
	}[d]
}

// optionsOf compiles options as a source has them.
func optionsOf(t *testing.T, text string) policy.Options {
	t.Helper()
	source := fmt.Sprintf("#include <ups/policies.rh>\nUID2 KUidUpsPolicyResourceFile\nRESOURCE POLICIES p { header = POLICY_HEADER { dialogcreator = 1; }; policies = { POLICY { options = %s; } }; }\n", text)
	r := compiler.Compile("a.rss", []byte(source), compiler.Options{})
	if r.Failed() {
		t.Fatalf("%s: %v", text, r.Diagnostics)
	}
	return r.File.Policies[0].Options
}
