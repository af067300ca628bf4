//go:build editors

package editors

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"ups/grammar/format"
)

func TestNeovimDiagnostics(t *testing.T) {
	var got struct{ Misspelt, Corrected []string }
	run(t, session(t), "diagnostics.lua", &got)
	want(t, got.Misspelt, []string{"40:25 ERROR constant-unknown KYse is not defined"})
	want(t, got.Corrected, nil)
}

func TestNeovimLint(t *testing.T) {
	var got []string
	run(t, session(t), "lint.lua", &got)
	if len(got) == 0 || !strings.HasPrefix(got[0], "27:3 ERROR catch-all this matches every request, so none gets to policies 2, 3, 4 and 5;") {
		t.Errorf("%q", got)
	}
}

// TestNeovimHeader checks that a header counts as it is in the editor.
func TestNeovimHeader(t *testing.T) {
	var got struct {
		Unknown []string
		Saved   string
	}
	run(t, session(t), "header.lua", &got)
	want(t, got.Unknown, []string{"48:16 ERROR constant-unknown KSidPhone is not defined"})
	want(t, got.Saved, "#define KSidPhone 0x20010001")
}

func TestNeovimHover(t *testing.T) {
	var got map[string]string
	run(t, session(t), "hover.lua", &got)
	for on, said := range map[string]string{
		"field":    "Default: `ECheckPostManufacture`",
		"constant": "Its value is 4.",
		"sid":      "Its value is 0x20010001",
		"policy":   "only yeses are offered",
	} {
		if !strings.Contains(got[on], said) {
			t.Errorf("%s: %q isn't said in %q", on, said, got[on])
		}
	}
}

func TestNeovimCompletion(t *testing.T) {
	var got struct{ Constants, Fields, SIDs []string }
	run(t, session(t), "completion.lua", &got)
	want(t, got.Constants, []string{"ECheckPostManufacture", "ECheckUnprotectedSids", "ECheckIfFailed"})
	want(t, got.Fields, []string{"majorversion = 0;", "minorversion = 0;"})
	want(t, got.SIDs, []string{"KSidPhone", "KSidContacts", "KSidMessaging", "KSidBrowser", "KSidMaps", "KSidEmail", "KSidUpdater", "KSidBank"})
}

// TestNeovimSettings checks what is said of .ups.yaml.
func TestNeovimSettings(t *testing.T) {
	dir := session(t)
	put(t, filepath.Join(dir, ".ups.yaml"), "lint:\n  profile: recommend\n")
	var got struct{ Wrong, Words, Constants []string }
	run(t, dir, "settings.lua", &got)
	if len(got.Wrong) != 1 || !strings.Contains(got.Wrong[0], `profile can't be "recommend"`) {
		t.Errorf("%q", got.Wrong)
	}
	want(t, got.Words, []string{"all", "defects", "recommended"})
	want(t, got.Constants, []string{"ECheckPostManufacture"})
}

func TestNeovimDefinition(t *testing.T) {
	var got struct {
		Definition string
		References []string
	}
	run(t, session(t), "definition.lua", &got)
	want(t, got.Definition, "handset.rh:11 #define KSidPhone 0x20010001")
	want(t, got.References, []string{"handset.rh:11", handset + ":48"})
}

// TestNeovimRename checks that a constant gets another name in every file that
// has it, and nothing else changes.
func TestNeovimRename(t *testing.T) {
	dir := session(t)
	run(t, dir, "rename.lua", new(bool))
	from := regexp.MustCompile(`\bKUidNumberEvaluator\b`)
	renamed := 0
	for _, name := range []string{handset, "ups_20020002_20020021.rss", "ups_20020003_20020031.rss", "ups_20020004_20020041.rss", "handset.rh"} {
		before := get(t, filepath.Join(root, "examples", "handset", name))
		want(t, get(t, filepath.Join(dir, name)), from.ReplaceAllString(before, "KUidByNumber"))
		renamed += len(from.FindAllString(before, -1))
	}
	if renamed < 3 {
		t.Errorf("the example has %d uses", renamed)
	}
}

// TestNeovimFormat checks that formatting does as ups fmt.
func TestNeovimFormat(t *testing.T) {
	dir := session(t)
	var got string
	run(t, dir, "format.lua", &got)
	messy := get(t, filepath.Join(dir, "messy.rss"))
	formatted, err := format.Source(messy)
	if err != nil || formatted.Text == messy {
		t.Fatalf("the text needs no format: %v", err)
	}
	want(t, got, formatted.Text)
}

// TestNeovimFix checks that a misspelt constant is written as was meant.
func TestNeovimFix(t *testing.T) {
	var got struct {
		Menu []string
		Text string
	}
	dir := session(t)
	run(t, dir, "fix.lua", &got)
	want(t, got.Menu, []string{"Write KYes"})
	want(t, got.Text, get(t, filepath.Join(dir, handset)))
}

// TestNeovimLintFix checks that a SID that was given twice is given once again.
func TestNeovimLintFix(t *testing.T) {
	var got struct {
		Menu []string
		Text string
	}
	dir := session(t)
	run(t, dir, "lintfix.lua", &got)
	if len(got.Menu) == 0 || got.Menu[0] != "Remove it (proved to keep every decision)" {
		t.Errorf("%q", got.Menu)
	}
	want(t, got.Text, get(t, filepath.Join(dir, handset)))
}

func TestNeovimSort(t *testing.T) {
	var got struct{ Text string }
	run(t, session(t), "sort.lua", &got)
	phone, all := strings.Index(got.Text, "KSidPhone"), strings.Index(got.Text, `destination = "*"`)
	if phone < 0 || all < 0 || phone > all {
		t.Errorf("the policy for a SID isn't before the one for all:\n%s", got.Text)
	}
}

func TestNeovimExplain(t *testing.T) {
	var got string
	run(t, session(t), "explain.lua", &got)
	if !strings.Contains(got, "Policy 2 · +4490*") || !strings.Contains(got, "It decides, for example, a request of SID") {
		t.Error(got)
	}
}

// TestNeovimChanges checks that what would change is shown at the policies.
func TestNeovimChanges(t *testing.T) {
	var got []string
	run(t, session(t), "changes.lua", &got)
	if len(got) == 0 || !strings.HasPrefix(got[0], "35:3 INFO - Since HEAD: ") {
		t.Errorf("%q", got)
	}
}

func TestNeovimSymbols(t *testing.T) {
	var got []string
	run(t, session(t), "symbols.lua", &got)
	want(t, got, []string{
		"dial", "1 · 112 · all · allows", "2 · +4490* · all · asks yes/no", "3 · * · 0x20010001, 0x20010002 · allows",
		"4 · * · protected · check passed · asks yes/no/session yes/always/never", "5 · * · all · asks yes/no",
	})
}
