package lint_test

import (
	"fmt"
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

// A list that is too big to compile is looked at all the same, so that what
// makes it too big can be found.
func TestTooBigToCompile(t *testing.T) {
	var b strings.Builder
	for i := range 3000 {
		fmt.Fprintf(&b, "POLICY { destination = \"+44770090%04d\"; options = KYes|KNo|KNever; },\n", i%2999)
	}
	in := input(file{"ups_00000001_00000002.rss", []byte(list("", b.String()+"POLICY { options = KYes|KNo; }"))})
	codes := map[string]int{}
	for _, f := range runAll([]*lint.Input{in}, nil) {
		codes[f.Code]++
	}
	if codes["file-too-big"] != 1 || codes["unreachable"] != 1 {
		t.Errorf("found %v", codes)
	}
}
