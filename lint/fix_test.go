package lint_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ups/compiler"
	"ups/grammar"
	"ups/lint"
)

// mapFiles are files that sources of a test include.
type mapFiles map[string]string

func (m mapFiles) ReadFile(name string, _ int64) ([]byte, error) {
	if text, ok := m[name]; ok {
		return []byte(text), nil
	}
	return noFiles{}.ReadFile(name, 0)
}

// fixed fixes a source.
func fixed(src string, files grammar.Files) lint.Fixed {
	return lint.Fix(loadWith(files)([]byte(src)), everything, loadWith(files))
}

// loadWith compiles sources that include these files.
func loadWith(files grammar.Files) func(text []byte) *lint.Input {
	return func(text []byte) *lint.Input {
		r := compiler.Compile("a.rss", text, compiler.Options{Options: grammar.Options{Files: files}})
		return &lint.Input{Path: "a.rss", File: r.File, Tree: r.Tree, Diagnostics: r.Diagnostics}
	}
}

// oneByOne applies the first fix that there is until there is none.
func oneByOne(t *testing.T, src string) string {
	load := loadWith(noFiles{})
	for range 10 {
		in := load([]byte(src))
		findings := lint.Run(in, everything)
		i := slices.IndexFunc(findings, func(f lint.Finding) bool { return len(f.Fixes) > 0 })
		if i < 0 {
			return src
		}
		text, why := lint.FixOne(in, everything, findings[i], load)
		if why != "" {
			t.Fatal(why)
		}
		src = string(text)
	}
	t.Fatal("there is no end of fixes")
	return ""
}

// rest is a last policy without fault.
const rest = "POLICY { options = KYes|KNo|KNever; }"

func TestFix(t *testing.T) {
	tests := []struct {
		name, policies, want string
		applied              int
	}{
		{"nothing", rest, rest, 0},
		{
			"SID twice", "POLICY { sid_list = {1, 2, 1,\n 2, 3 , 1}; }," + rest,
			"POLICY { sid_list = {1, 2, 3 }; }," + rest, 3,
		},
		{
			"classes ignored", "POLICY { sid_classes = KAllSids; sid_list = {1}; }," + rest,
			"POLICY {  sid_list = {1}; }," + rest, 1,
		},
		{
			"classes ignored, on a line of their own",
			"POLICY\n\t{\n\tsid_classes = KAllSids;\n\tsid_list = {1};\n\t}," + rest,
			"POLICY\n\t{\n\tsid_list = {1};\n\t}," + rest, 1,
		},
		{
			"a comment on the line stays",
			"POLICY\n\t{\n\tsid_classes = KAllSids; // all\n\tsid_list = {1};\n\t}," + rest,
			"POLICY\n\t{\n\t // all\n\tsid_list = {1};\n\t}," + rest, 1,
		},
		{
			"two stars", `POLICY { destination = "a**b***"; },` + rest,
			`POLICY { destination = "a*b*"; },` + rest, 1,
		},
		{
			"field twice", `POLICY { options = KYes; destination = "a"; options = KYes|KNo; },` + rest,
			`POLICY {  destination = "a"; options = KYes|KNo; },` + rest, 1,
		},
		{"leading zero", "POLICY { sid_list = {007}; }," + rest, "POLICY { sid_list = {7}; }," + rest, 1},
		{"unused ignore", "// ups:ignore session-no why\n" + rest, rest, 1},
		{
			"several in one policy",
			"POLICY { sid_classes = KAllSids; sid_list = {01, 1}; destination = \"**\"; }," + rest,
			"POLICY {  sid_list = {1}; destination = \"*\"; }," + rest, 4,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := fixed(list("", tt.policies), noFiles{})
			if d := cmp.Diff(list("", tt.want), string(got.Text)); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
			if len(got.Applied) != tt.applied || len(got.Refused) > 0 {
				t.Errorf("%d applied, want %d; refused: %v", len(got.Applied), tt.applied, got.Refused)
			}
			if d := cmp.Diff(string(got.Text), oneByOne(t, list("", tt.policies))); d != "" {
				t.Errorf("one by one: -want +got:\n%s", d)
			}
		})
	}
}

// TestFixKeepsLineEnds has comments at the ends of lines that are taken out.
func TestFixKeepsLineEnds(t *testing.T) {
	crlf := func(policies string) string { return strings.ReplaceAll(list("", policies), "\n", "\r\n") }
	const twice = "POLICY { destination = \"a\"; options = KNo; }"
	for before, after := range map[string]string{
		"// ups:ignore session-no why\n" + rest:                      rest,
		twice + ", // ups:ignore order why\n" + rest:                 twice + ", \n" + rest,
		"// first\n" + twice + ", // again\n" + twice + ",\n" + rest: twice + ",\n" + rest,
	} {
		got := fixed(crlf(before), noFiles{})
		if d := cmp.Diff(crlf(after), string(got.Text)); d != "" || len(got.Applied) != 1 {
			t.Errorf("%d applied, %v, -want +got:\n%s", len(got.Applied), got.Refused, d)
		}
	}
}

// TestFixAroundMacros has macros that are used in what is taken out.
func TestFixAroundMacros(t *testing.T) {
	files := mapFiles{"guard.rh": "#ifndef GUARD\n#define GUARD\n#define ONE 1\n#endif\n"}
	const head = "#include \"guard.rh\"\n#define PLUS(x) x + 0\n"
	for before, after := range map[string]string{
		"POLICY { sid_list = {1, ONE}; }":                          "POLICY { sid_list = {1}; }",
		"POLICY { sid_list = {ONE, 2, ONE}; }":                     "POLICY { sid_list = {ONE, 2}; }",
		"POLICY { sid_list = {1, 1 + 0*ONE}; }":                    "POLICY { sid_list = {1}; }",
		"POLICY { sid_list = {1}; sid_classes = PLUS(KAllSids); }": "POLICY { sid_list = {1};  }",
	} {
		got := fixed(list(head, before+","+rest), files)
		if d := cmp.Diff(list(head, after+","+rest), string(got.Text)); d != "" || len(got.Applied) != 1 {
			t.Errorf("%d applied, %v, -want +got:\n%s", len(got.Applied), got.Refused, d)
		}
	}
}

func TestFixOfStatements(t *testing.T) {
	src := strings.Replace(list("", rest), "UID3 1\n", "UID3 1;\n", 1)
	if got := fixed(src, noFiles{}); string(got.Text) != list("", rest) || len(got.Applied) != 1 {
		t.Errorf("got %s", got.Text)
	}
}

// TestFixRefuses has faults in code that isn't written in the source itself,
// plainly.
func TestFixRefuses(t *testing.T) {
	files := mapFiles{
		"policy.rh":     "POLICY { sid_list = {1, 1}; }",
		"conditions.rh": "#ifndef GUARD\n#define GUARD\n#ifdef X\n#define ONE 2\n#else\n#define ONE 1\n#endif\n#endif\n",
		"stars.rh":      "destination = \"a**\";",
	}
	tests := []struct{ name, head, policies string }{
		{"value from a macro", "#define SIDS {1, 1}\n", "POLICY { sid_list = SIDS; }"},
		{"item with arguments", "#define ONE(x) 1\n", "POLICY { sid_list = {1, ONE (2)}; }"},
		{"comma from a macro", "#define TWICE 1, 1\n", "POLICY { sid_list = {TWICE}; }"},
		{"item and comma from a macro", "#define MORE 1, 2\n", "POLICY { sid_list = {1, MORE}; }"},
		{"policy from a macro", "#define ALL POLICY { destination = \"a**\"; }\n", "ALL"},
		{"header with conditions", "#include \"conditions.rh\"\n", "POLICY { sid_list = {1, ONE}; }"},
		{"zero from a macro", "#define N 010\n", "POLICY { flags = N; }"},
		{"policy from an include", "", "\n#include \"policy.rh\"\n"},
		{"field from an include", "", "POLICY {\n#include \"stars.rh\"\n}"},
		{"a directive within", "", "POLICY { sid_list = {1\n#ifdef X\n, 2\n#endif\n, 1}; }"},
		{"a directive before the comma", "", "POLICY { sid_list = {1,\n#if 1\n1}; }\n#endif\n"},
		{"behind a line mark", "# 100 \"other.rss\"\n", "POLICY { sid_list = {1, 1}; }"},
		{"stars in two literals", "", "POLICY { destination = \"a*\" \"*\"; }"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src := list(tt.head, tt.policies+",\n"+rest)
			got := fixed(src, files)
			if string(got.Text) != src || len(got.Applied) > 0 {
				t.Errorf("it was changed:\n%s", got.Text)
			}
			for _, r := range got.Refused {
				if r.Why == "" {
					t.Errorf("no reason: %+v", r)
				}
			}
			if len(got.Refused) == 0 && tt.name != "zero from a macro" {
				t.Error("nothing is said")
			}
			for _, r := range got.Refused {
				if text, why := lint.FixOne(loadWith(files)([]byte(src)), everything, r.Finding, loadWith(files)); text != nil || why != r.Why {
					t.Errorf("one by one: %q, %q, want %q", text, why, r.Why)
				}
			}
		})
	}
}

// TestFixLeavesOne shows that the last policy stays, though the default policy
// does the same: a list without any is a finding of its own.
func TestFixLeavesOne(t *testing.T) {
	const a, b = `POLICY { destination = "a"; options = KYes|KNo; }`, `POLICY { destination = "b"; options = KYes|KNo; }`
	got := fixed(list("", a+",\n"+b), noFiles{})
	if string(got.Text) != list("", b) || len(got.Applied) != 1 || len(got.Refused) != 1 || got.Refused[0].Why != "no policy would be left" {
		t.Errorf("%d applied, refused: %v\n%s", len(got.Applied), got.Refused, got.Text)
	}
}

// TestFixOfSourceWithErrors shows that a source with errors is left alone.
func TestFixOfSourceWithErrors(t *testing.T) {
	src := list("", "POLICY { sid_list = {1, 1}; options = KYse; }")
	if got := fixed(src, noFiles{}); string(got.Text) != src || len(got.Applied)+len(got.Refused) > 0 {
		t.Errorf("got %+v", got)
	}
}
