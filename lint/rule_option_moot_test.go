package lint_test

import (
	"strings"
	"testing"

	"ups/lint"
)

// TestOptionMoot shows what is said of options without a prompt: that they have
// no effect only where the decision is the same without them.
func TestOptionMoot(t *testing.T) {
	for options, want := range map[string]string{
		"KYes":               "",
		"KYes|KNo|KAlways":   "",
		"0":                  "",
		"KAlways":            "KAlways counts as KYes: ",
		"KYes|KAlways":       "KAlways has no effect: ",
		"KSession|KAlways":   "KAlways has no effect: ",
		"KSession|KYes":      "KYes has no effect: ",
		"KNever":             "KNever has no effect: ",
		"KNo|KNever":         "KNever has no effect: ",
		"KNo|KSessionNo":     "KNo has no effect: ",
		"KNever|KSessionNo":  "KNever has no effect: ",
		"KYes|KNo|KSession":  "",
		"KAlways|KSessionNo": "",
	} {
		got := ""
		for _, f := range of("option-moot", lint.Run(input(file{"a.rss", []byte(list("", "POLICY { options = "+options+"; }"))}), everything)) {
			got += f.Message
		}
		if !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("%s: got %q, want %q …", options, got, want)
		}
	}
}
