package lint_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ups/compiler"
	"ups/grammar"
	"ups/lint"
)

// sorter compiles sources for sorting.
type sorter struct {
	grammar.Options
	compiled int
}

func (s *sorter) load(text []byte) *lint.Input {
	s.compiled++
	r := compiler.Compile("a.rss", text, compiler.Options{Options: s.Options})
	return &lint.Input{Path: "a.rss", File: r.File, Tree: r.Tree, Diagnostics: r.Diagnostics}
}

func sorted(t *testing.T, src string, files grammar.Files) *lint.Sorted {
	t.Helper()
	s := &sorter{Options: grammar.Options{Files: files}}
	in := s.load([]byte(src))
	if in.File == nil {
		t.Fatalf("%v\n%s", in.Diagnostics, src)
	}
	return lint.Sort(in, 0, s.load)
}

// In the tests of sorting, $W is a wide policy, and $N and $M are
// narrower ones of the same outcome; $W matches all of both, $N all of $M; $X
// has nothing to do with them.
var sortNames = strings.NewReplacer(
	"$W", `POLICY { destination = "a*"; options = KYes; }`,
	"$N", `POLICY { destination = "ab*"; options = KYes; }`,
	"$M", `POLICY { destination = "abc*"; options = KYes; }`,
	"$X", `POLICY { destination = "x"; options = KNo; }`,
)

func TestSortText(t *testing.T) {
	tests := []struct{ name, head, policies, want string }{
		{"in order", "", "\t$N,\n\t$W", "\t$N,\n\t$W"},
		{"two", "", "\t$W,\n\t$N", "\t$N,\n\t$W"},
		{"three", "", "\t$W,\n\t$N,\n\t$M", "\t$M,\n\t$N,\n\t$W"},
		{"others stay", "", "\t$X,\n\t$W,\n\t$X,\n\t$N,\n\t$X", "\t$X,\n\t$N,\n\t$W,\n\t$X,\n\t$X"},
		{"on one line", "", "$W, $N", "$N, $W"},
		{"no space", "", "$W,$N", "$N,$W"},
		{"comma last", "", "\t$X,\n\t$W,\n\t$N\n", "\t$X,\n\t$N,\n\t$W\n"},
		{"comma on a line of its own", "", "\t$W\n\t,\n\t$N", "\t$N,\n\t$W\n\t"},
		{"comments above", "", "\t// w\n\t$W,\n\t// n 1\n\t/* n 2\n\t   n 3 */\n\t$N", "\t// n 1\n\t/* n 2\n\t   n 3 */\n\t$N,\n\t// w\n\t$W"},
		{"comments behind", "", "\t$W, // w\n\t$N /* n 1 */ // n 2\n", "\t$N, /* n 1 */ // n 2\n\t$W // w\n"},
		{"comment before the comma", "", "\t$W /* w */, // more\n\t$N", "\t$N,\n\t$W /* w */ // more"},
		{"line comment before the comma", "", "\t$W // w\n\t,\n\t$N", "\t$N,\n\t$W // w\n\t"},
		{"comment between on a line", "", "$W, /* n */ $N", "/* n */ $N, $W"},
		{"line comment behind the last on a line", "", "\t$X, $W, // w\n\t$N", "\t$X,\n\t$N, $W // w"},
		{"heading stays", "", "\t// All of it\n\n\t$W,\n\n\t// And more\n\n\t$N", "\t// All of it\n\n\t$N,\n\n\t// And more\n\n\t$W"},
		{"blank lines move", "", "\t$X,\n\n\t$W,\n\t$X,\n\n\n\t$N", "\t$X,\n\n\n\t$N,\n\n\t$W,\n\t$X"},
		{"blank lines at the front", "", "\n\t$W,\n\n\t$X,\n\t$N", "\n\t$N,\n\t$W,\n\n\t$X"},
		{"ignores", "", "\t$W, // ups:ignore order why\n\t// ups:ignore redundant why\n\n\t$N", "\t// ups:ignore redundant why\n\n\t$N,\n\t$W // ups:ignore order why"},
		{"an ignore and a heading", "", "\t$W,\n\n\t// ups:ignore redundant why\n\n\t// Heading\n\n\t$N", "\t// ups:ignore redundant why\n\n\t// Heading\n\n\t$N,\n\n\t$W"},
		{"comment at the end stays", "", "\t$W,\n\t$N\n\n\t// that was it\n", "\t$N,\n\t$W\n\n\t// that was it\n"},
		{"comment looks like a policy", "", "\t$W,\n\t// $N,\n\t$N", "\t// $N,\n\t$N,\n\t$W"},
		{"macro in a policy", "#define ALLOW options = KYes;\n", "\t$W,\n\tPOLICY { destination = \"ab\"; ALLOW }", "\tPOLICY { destination = \"ab\"; ALLOW },\n\t$W"},
		{"macro at the end", "#define REST destination = \"ab\"; options = KYes; }\n", "\t$W,\n\tPOLICY { REST // n\n", "\tPOLICY { REST, // n\n\t$W\n"},
		{"macro that is a policy", "#define NARROW $N\n", "\t$W,\n\t// narrow\n\tNARROW // n\n", "\t// narrow\n\tNARROW, // n\n\t$W\n"},
		{
			"macro with arguments", "#define ALLOW(d, o) POLICY { destination = d; options = o; }\n",
			"\t$W,\n\tALLOW (\"ab\" /* ) */ \"c)\",\n\t\tKYes)", "\tALLOW (\"ab\" /* ) */ \"c)\",\n\t\tKYes),\n\t$W",
		},
		{"quotes and slashes", "", "\t$W, \n\tPOLICY { destination = \"a//b\"; options = KYes; }, $X", "\tPOLICY { destination = \"a//b\"; options = KYes; }, \n\t$W, $X"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			policies, want, head := sortNames.Replace(tt.policies), sortNames.Replace(tt.want), sortNames.Replace(tt.head)
			got := sorted(t, list(head, policies), noFiles{})
			if d := cmp.Diff(list(head, want), string(got.Text)); d != "" || got.Refused != "" {
				t.Errorf("refused: %q, -want +got:\n%s", got.Refused, d)
			}
			crlf := sorted(t, strings.ReplaceAll(list(head, policies), "\n", "\r\n"), noFiles{})
			if d := cmp.Diff(strings.ReplaceAll(list(head, want), "\n", "\r\n"), string(crlf.Text)); d != "" {
				t.Errorf("with CR LF, -want +got:\n%s", d)
			}
		})
	}
}

// TestSortBarriers has policies that would move, but for what stands between.
func TestSortBarriers(t *testing.T) {
	const plainly = "policy %d can't be moved, since it isn't written in the source itself, plainly: at "
	files := mapFiles{
		"one.rh": sortNames.Replace("$N"), "guard.rh": "#ifndef G\n#define G\n#endif\n",
		"conditions.rh": "#ifdef X\n#define Y\n#endif\n#ifdef Z\n#define Y 2\n#endif\n",
	}
	const outside = "the source has parts outside of its list of policies that depend on #if, and the proof would be of one of its forms only"
	tests := []struct{ name, head, policies, why string }{
		{"define", "", "$W,\n#define A 1\n$N", "of #define A 1, at a.rss:9:1"},
		{"condition", "", "$W,\n#ifdef NOT\n$X,\n#endif\n$N", "of #ifdef NOT, at a.rss:9:1"},
		{"comments before a condition", "", "$W,\n/* a */ # /* b */ ifdef NOT\n$X,\n#endif\n$N", "of # /* b */ ifdef NOT, at a.rss:9:9"},
		{"joined lines", "", "$W,\n \\\n#\\\n ifdef NOT\n$X,\n#endif\n$N", "of #\\, at a.rss:10:1"},
		{"condition elsewhere after a comment", "/* a */ #ifdef X\n#define Y\n#endif\n", "$W,\n$N", outside},
		{"else", "", "#if 1\n$W,\n#else\n$X,\n#endif\n$N", "of #else, at a.rss:10:1"},
		{"before the comma", "", "$W\n#ifdef NOT\n, $X\n#endif\n, $N", "policy 1 can't be moved, since a directive stands between it and its comma: at a.rss:8:1"},
		{"directive in a policy", "", "$W,\nPOLICY { destination = \"ab\"; options = KYes;\n#define A\n}", fmt.Sprintf(plainly, 2) + "a.rss:9:1"},
		{"include", "", "$W,\n#include \"one.rh\"\n", fmt.Sprintf(plainly, 2) + "one.rh:1:1"},
		{"two policies of a macro", "#define TWO $W, $N\n", "$X,\nTWO", fmt.Sprintf(plainly, 2) + "a.rss:10:1"},
		{"comma with a policy", "#define WIDE $W ,\n", "WIDE $N", fmt.Sprintf(plainly, 1) + "a.rss:9:1"},
		{"comma of a macro", "#define COMMA ,\n", "$W COMMA $N", "policy 1 can't be moved, since its comma comes out of a macro: at a.rss:9:1"},
		{"end of a macro", "#define END }\n", "$W, $N END; /*", "policy 2 can't be moved, since what ends it isn't written in the source itself: at a.rss:9:49"},
		{"condition elsewhere", "#ifdef X\n#define Y\n#endif\n", "$W,\n$N", outside},
		{"condition in a header", "#include \"conditions.rh\"\n", "$W,\n$N", outside},
		{"guard", "#include \"guard.rh\"\n", "$W,\n#define A\n$N", "of #define A, at a.rss:10:1"},
		{"conditions and a macro", "", "$W,\n#ifdef X\n#define Y\n#endif\n$N", "the list of policies has #if and other directives, and the proof would be of one of its forms only"},
		{
			"only because of another region", "", "#if 1\n$N,\n#else\n$X,\n#endif\n" +
				`POLICY { destination = "a*"; options = KNo; }, POLICY { destination = "ab*"; options = KYes; }`, "",
		},
		{"an ignore before a directive", "", "$W,\n// ups:ignore redundant why\n#define A\n$N", "policy 2 can't be moved, since a directive stands between it and its comments: at a.rss:11:1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			src := list(sortNames.Replace(tt.head), sortNames.Replace(tt.policies))
			if strings.HasSuffix(tt.policies, "/*") {
				src = strings.Replace(src, "\n};", "\n*/", 1)
			}
			got := sorted(t, src, files)
			if string(got.Text) != src || len(got.Stuck) != 1 {
				t.Fatalf("stuck %v\n%s", got.Stuck, got.Text)
			}
			why := strings.Join(got.Why(got.Stuck[0]), "\n")
			want := "it could stand before, but isn't moved because " + tt.why
			if tt.why == "" {
				want = "it could stand before, but only because of policies in other parts of the source, which depend on #if"
			}
			if why != want {
				t.Errorf("got %s\nwant %s", why, want)
			}
		})
	}
}

// TestSortRegions sorts within the regions of conditions, each by itself.
func TestSortRegions(t *testing.T) {
	files := mapFiles{"guard.rh": "#ifndef G\n#define G\n#endif\n"}
	before := list("#include \"guard.rh\"\n", sortNames.Replace("#if 1\n$W,\n$N,\n#else\n$X,\n#endif\n$X,\n$X"))
	after := list("#include \"guard.rh\"\n", sortNames.Replace("#if 1\n$N,\n$W,\n#else\n$X,\n#endif\n$X,\n$X"))
	if d := cmp.Diff(after, string(sorted(t, before, files).Text)); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
}

// TestSortRefuses has a compiler that makes of the sorted source something else:
// whatever the reason is, nothing is changed.
func TestSortRefuses(t *testing.T) {
	const ignore = " // ups:ignore order why"
	src := list("", sortNames.Replace("$W,"+ignore+"\n$N // n\n"))
	for _, tt := range []struct{ old, new, want string }{
		{"RESOURCE", "RESOURC", "the source would not compile"},
		{"dialogcreator = 1", "dialogcreator = 2", "more than the policies would change"},
		{"KAlways", "KAlways", ""},
		{`"ab*"`, `"ac*"`, "the policies would not be the same"},
		{"// n", "", "a comment would be lost"},
		{", // n\n", "," + ignore + "\n// n\n", "a comment would be lost"},
	} {
		s := &sorter{Options: grammar.Options{Files: noFiles{}}}
		in := s.load([]byte(src))
		got := lint.Sort(in, 0, func(text []byte) *lint.Input {
			return s.load([]byte(strings.Replace(string(text), tt.old, tt.new, 1)))
		})
		if changed := string(got.Text) != src; got.Refused != tt.want || changed == (tt.want != "") {
			t.Errorf("%s: refused because %q, changed: %t", tt.new, got.Refused, changed)
		}
	}
}

// TestSortRefusesOtherIgnores has an ups:ignore that comes to another policy.
func TestSortRefusesOtherIgnores(t *testing.T) {
	const ignore = " // ups:ignore order why"
	src := list("", sortNames.Replace("$W,"+ignore+"\n$N\n"))
	s := &sorter{Options: grammar.Options{Files: noFiles{}}}
	got := lint.Sort(s.load([]byte(src)), 0, func(text []byte) *lint.Input {
		lines := strings.SplitAfterN(strings.Replace(string(text), ignore, "", 1), ",", 2)
		return s.load([]byte(lines[0] + ignore + lines[1]))
	})
	if got.Refused != "an ups:ignore would be for another policy" || string(got.Text) != src {
		t.Errorf("refused because %q\n%s", got.Refused, got.Text)
	}
}
