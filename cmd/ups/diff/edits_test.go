package diff

import (
	"bytes"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ups/cmd/ups/internal/console"
)

var update = flag.Bool("update", false, "write the golden files anew")

// base is the list that the edits are made to.
const base = `#include "sids.rh"
UID2 KUidUpsPolicyResourceFile
UID3 0x20030001
RESOURCE POLICIES dial
	{
	header = POLICY_HEADER
		{
		majorversion = 1;
		authorisationpolicy = EAlwaysCheck;
		dialogcreator = KCreator;
		};
	policies =
		{
		POLICY { destination = "112"; options = KYes; },
		POLICY { destination = "+4490*"; options = KYes|KNo; },
		POLICY { sid_list = {KSidPhone}; destination = "+44*"; options = KYes; },
		POLICY
			{
			sid_classes = KProtectedSids;
			systemserversecurity = ESystemServerSecurityPassed;
			options = KYes|KNo|KAlways|KNever;
			},
		POLICY { options = KYes|KNo; }
		};
	}
`

const header = `#include <ups/policies.rh>
#define KCreator 0x20012001
#define KSidPhone 0x20010001
`

// edits are typical ones: each is old and new text, in turns.
var edits = []struct {
	name   string
	change []string
}{
	{"01-nothing", []string{"// x", ""}},
	{"02-comments-and-layout", []string{"UID3 0x20030001", "UID3   0x20030001 // the file"}},
	{"03-added-deny-in-front", []string{`		POLICY { destination = "112"`, "\t\tPOLICY { destination = \"+4491*\"; options = KNo; },\n" + `		POLICY { destination = "112"`}},
	{"04-added-at-the-end", []string{`		POLICY { options = KYes|KNo; }`, "\t\tPOLICY { options = KYes|KNo; },\n\t\tPOLICY { destination = \"x\"; options = KYes; }"}},
	{"05-removed", []string{`		POLICY { destination = "+4490*"; options = KYes|KNo; },` + "\n", ""}},
	{"06-moved-to-the-front", []string{`		POLICY { sid_list = {KSidPhone}; destination = "+44*"; options = KYes; },` + "\n", "",
		`		POLICY { destination = "112"`, `		POLICY { sid_list = {KSidPhone}; destination = "+44*"; options = KYes; },` + "\n" + `		POLICY { destination = "112"`}},
	{"07-swapped-without-effect", []string{`		POLICY { destination = "112"; options = KYes; },` + "\n", "",
		`		POLICY { sid_list`, `		POLICY { destination = "112"; options = KYes; },` + "\n" + `		POLICY { sid_list`}},
	{"08-pattern-widened", []string{`"+4490*"`, `"+449*"`}},
	{"09-pattern-narrowed", []string{`"+4490*"`, `"+44901*"`}},
	{"10-always-offered", []string{"POLICY { options = KYes|KNo; }", "POLICY { options = KYes|KNo|KAlways; }"}},
	{"11-never-no-longer-offered", []string{"KAlways|KNever", "KAlways"}},
	{"12-silent-yes", []string{`"+4490*"; options = KYes|KNo`, `"+4490*"; options = KYes`}},
	{"13-silent-no", []string{"POLICY { options = KYes|KNo; }", "POLICY { options = KNo; }"}},
	{"14-sid-added", []string{"{KSidPhone}", "{KSidPhone, 0x20010002}"}},
	{"15-other-classes", []string{"KProtectedSids", "KAllSids"}},
	{"16-other-security", []string{"SecurityPassed", "SecurityPassedOrFailed"}},
	{"17-evaluator", []string{"dialogcreator = KCreator;", "dialogcreator = KCreator;\n\t\tpolicyevaluator = 0x20012011;"}},
	{"18-creator-in-the-header-file", []string{"#define KCreator 0x20012001", "#define KCreator 0x20012002"}},
	{"19-flags", []string{`"+4490*"; options = KYes|KNo`, `"+4490*"; options = KYes|KNo; flags = 1`}},
	{"20-major-version", []string{"majorversion = 1", "majorversion = 2"}},
	{"21-minor-version", []string{"majorversion = 1", "majorversion = 1; minorversion = 1"}},
	{"22-authorisation-policy", []string{"EAlwaysCheck", "ECheckPostManufacture"}},
	{"23-authorisation-policy-never", []string{"EAlwaysCheck", "ENeverCheck"}},
	{"24-new-file", nil},
	{"25-removed-file", nil},
}

const source = "ups_20020001_20020011.rss"

// write writes a version into a folder.
func write(t *testing.T, dir string, change []string) {
	t.Helper()
	texts := map[string]string{source: base, "sids.rh": header}
	for i := 0; i+1 < len(change); i += 2 {
		done := change[i] == "// x"
		for name, text := range texts {
			if strings.Count(text, change[i]) == 1 {
				texts[name], done = strings.Replace(text, change[i], change[i+1], 1), true
			}
		}
		if !done {
			t.Fatalf("%q isn't there once", change[i])
		}
	}
	for name, text := range texts {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

// TestEdits compares what is said of typical edits with golden files, which a
// person has read.
func TestEdits(t *testing.T) {
	for _, e := range edits {
		t.Run(e.name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, "old", nil)
			write(t, "new", e.change)
			switch e.name {
			case "24-new-file":
				remove(t, "old/"+source)
			case "25-removed-file":
				remove(t, "new/"+source)
			}
			for _, format := range []string{"text", "markdown", "json"} {
				got, err := run(t, "--format", format, "old", "new")
				if changes := !strings.Contains(got, proof) && !strings.Contains(got, `"changes": []`); changes != errors.Is(err, console.ErrFound) {
					t.Errorf("%s\nerror %v", got, err)
				}
				golden(t, e.name+"."+format, got)
			}
		})
	}
}

func remove(t *testing.T, name string) {
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
}

// run runs the command, and returns what it writes.
func run(t *testing.T, args ...string) (string, error) {
	t.Helper()
	var stdout, stderr bytes.Buffer
	con := &console.Console{Stdin: strings.NewReader(""), Stdout: &stdout, Stderr: &stderr,
		Getenv: func(string) string { return "" }, IsTerminal: func(any) bool { return false }}
	cmd := New(con)
	cmd.SilenceErrors, cmd.SilenceUsage = true, true
	cmd.SetArgs(args)
	err := cmd.Execute()
	if stderr.Len() > 0 {
		t.Errorf("standard error: %s", stderr.String())
	}
	return stdout.String(), err
}

// testdata is found from any folder.
var testdata, _ = filepath.Abs("testdata")

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join(testdata, "edits", name)
	if *update {
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil || string(want) != got {
		t.Errorf("%s: %v, got\n%s\nwant\n%s", name, err, got, want)
	}
}
