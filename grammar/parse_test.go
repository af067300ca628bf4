package grammar_test

import (
	order "cmp"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ups/compiler"
	"ups/diag"
	"ups/grammar"
)

// twenty has twenty mistakes, each on a line that ends in a comment with its
// code, with good lines in between.
const twenty = `#include <ups/policies.rh>
UID2 KUidUpsPolicyResourceFile
UID3 0x01100001
enum { EOne = 1, ETwo = }	//! unexpected
#define TWICE(x) x x
#nonsense	//! directive-unknown
CHARACTER_SET KOI8R	//! charset-unknown
RESSOURCE POLICIES wrong { }	//! statement-unknown
STRUCT POLICY { }	//! struct-twice
RESOURCE POLICIES p
{
header = POLICY_HEADER {
	dialogcreator = 0x10283694;
	majorversion = 65536;	//! out-of-range
	evaluator = 3;	//! field-unknown
};
policies = {
	POLICY { flags = ; options = KYes; },	//! unexpected
	POLICY { options = KYse; },	//! constant-unknown
	POLICY { destination = "good"; },
	POLICY { destination = 5; },	//! wrong-kind
	POLICY { destination = "open; },	//! string-unterminated
	POLICY { options = KYes },	//! semicolon-missing
	POLICY { flags 3; },	//! unexpected
	POLICY { flags = 1.5; },	//! whole-number
	POLICY { flags = 1/0; }	//! comma-missing
	POLICY { sid_list = { 1, 2, }; },	//! comma-trailing
	POLICY { sid_list = 1; },	//! list-wanted
	POLICY { TWICE(flags = 1;, flags = 2;) },	//! macro-arguments
	POLICY { options = KYes $ KNo; },	//! character-unknown
	POLICY { options = KYes;	//! brace-missing
	, POLICY { sid_list = { (1 }; },	//! unexpected
	policy { },	//! struct-unknown
	POLICY { destination = "fine"; }
};
}
`

// After a mistake, reading goes on: each one is reported once, at its place.
func TestTwentyMistakes(t *testing.T) {
	var want []string
	for i, line := range strings.Split(twenty, "\n") {
		if _, code, ok := strings.Cut(line, "//! "); ok {
			want = append(want, fmt.Sprintf("%d %s", i+1, code))
		}
	}
	want = append(want, "26 divide-by-zero")
	var got []string
	for _, d := range compiler.Compile("twenty.rss", []byte(twenty), compiler.Options{}).Diagnostics {
		if d.Severity == diag.Error {
			got = append(got, fmt.Sprintf("%d %s", d.Span.Start.Line, d.Code))
		}
	}
	if len(want) < 20 {
		t.Fatalf("%d mistakes", len(want))
	}
	sortLines(want)
	sortLines(got)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

func sortLines(lines []string) {
	slices.SortFunc(lines, func(a, b string) int {
		var n, m int
		fmt.Sscan(a, &n)
		fmt.Sscan(b, &m)
		return order.Or(n-m, strings.Compare(a, b))
	})
}

// tokens returns what a source is after preprocessing, or its mistakes.
func tokens(src string, files memory) string {
	tree := grammar.Parse("main.rss", []byte(src), grammar.Options{
		Files: files, IncludeDirs: []string{"inc"}, Defines: []grammar.Define{{Name: "GIVEN", Value: "7"}, {Name: "FLAG"}, {Name: "GIVEN2"}, {Name: "GIVEN2", Undef: true}},
	})
	for _, d := range tree.Diagnostics.All() {
		if !strings.HasPrefix(d.Code, "statement-") && d.Severity == diag.Error {
			return fmt.Sprintf("%d:%d %s", d.Span.Start.Line, d.Span.Start.Column, d.Code)
		}
	}
	var out []string
	for _, t := range tree.Tokens[:len(tree.Tokens)-1] {
		out = append(out, t.Text)
	}
	return strings.Join(out, " ")
}

func TestPreprocess(t *testing.T) {
	files := memory{
		"a.rh":         "from a",
		"inc/b.rh":     "#include \"c.rh\"\n#define B 2",
		"inc/c.rh":     "from c",
		"inc/ups/x.rh": "mine",
		"open.rh":      "#if 1\n",
		"nul.rh":       "a\x00b",
	}
	tests := []struct{ name, src, want string }{
		{"object-like", "#define A 1 + 2\nA A", "1 + 2 1 + 2"},
		{"empty", "#define A\nx A y", "x y"},
		{"undef", "#define A 1\n#undef A\nA", "A"},
		{"own name", "#define A A B\nA", "A B"},
		{"each other", "#define A B\n#define B A\nA B", "A B"},
		{"function-like", "#define F(x,y) y-x\nF(1,2) F ( 3 , 4 )", "2 - 1 4 - 3"},
		{"its name alone", "#define F(x) x\nF + F\n(1)", "F + 1"},
		{"no arguments", "#define F() 1\nF() F ( )", "1 1"},
		{"an empty argument", "#define F(x) [x]\nF()", "[ ]"},
		{"parentheses in arguments", "#define F(x,y) x|y\nF((1,2),3)", "( 1 , 2 ) | 3"},
		{"arguments over lines", "#define F(x,y) x y\nF(1,\n2)", "1 2"},
		{"arguments are expanded", "#define A 1\n#define F(x) x\nF(A)", "1"},
		{"a space makes it object-like", "#define F (x)\nF", "( x )"},
		{"from the standard", "#define x 3\n#define f(a) f(x * (a))\n#undef x\n#define x 2\n#define g f\n#define t(a) a\nt(t(g)(0) + t)(1);", "f ( 2 * ( 0 ) ) + t ( 1 ) ;"},
		{"stringize", "#define S(x) #x\nS( a  b ) S(\"q\\n\")", `"a b" "\"q\\n\""`},
		{"stringize is not expanded", "#define A 1\n#define S(x) #x\n#define T(x) S(x)\nS(A) T(A)", `"A" "1"`},
		{"paste", "#define P(a,b) a##b\nP(x,1) P(1,2) P(,y) P(z,)", "x1 12 y z"},
		{"stringize beside paste", "#define P(a,b) b ## #a x\nP(1,)", `"1" x`},
		{"paste chains", "#define P(a,b,c) a ## b ## c\nP(x,y,z)", "xyz"},
		{"paste makes a macro", "#define AB 5\n#define P(a,b) a##b\nP(A,B)", "5"},
		{"paste that can't be", "#define P(a,b) a##b\nP(\"x\",1)", "2:1 macro-paste"},
		{"variable arguments", "#define V(a, ...) a[__VA_ARGS__]\nV(1,2,3) V(1)", "1 [ 2 , 3 ] 1 [ ]"},
		{"continued", "#define A 1 \\\n + 2\nA B\\\nC", "1 + 2 BC"},
		{"continued with CR LF", "#define A 1 \\\r\n + 2\r\nA", "1 + 2"},
		{"comments", "a/* x\ny */b // c\nd /*& tag */ e", "a b d e"},
		{"signs of comments in strings", `"/* no */" "// no"`, `"/* no */" "// no"`},
		{"given", "GIVEN FLAG GIVEN2 _UNICODE", "7 1 GIVEN2 1"},
		{"ifdef", "#ifdef FLAG\na\n#else\nb\n#endif\n#ifndef FLAG\nc\n#else\nd\n#endif", "a d"},
		{"elif", "#if 0\na\n#elif 1\nb\n#elif 1\nc\n#else\nd\n#endif", "b"},
		{"nested", "#if 0\n#if 1\na\n#else\nb\n#endif\n#else\nc\n#endif", "c"},
		{"skipped apostrophes", "#if 0\nisn't\n#endif\nb", "b"},
		{"skipped directives", "#if 0\n#include \"none\"\n#error no\n#bogus\n#endif\nb", "b"},
		{"defined", "#if defined FLAG && defined(GIVEN) && !defined(NONE)\na\n#endif", "a"},
		{"precedence in conditions", "#if 1 + 2 * 3 == 7 && (1 << 4 | 1) == 17 && -1 < 0 && 7 % 4 == 3\na\n#endif", "a"},
		{"octal in conditions", "#if 010 == 8 && 0x10 == 16 && 'A' == 65 && 1L\na\n#endif", "a"},
		{"ternary", "#if 0 ? 1/0 : 2\na\n#endif", "a"},
		{"what isn't needed isn't divided", "#if 0 && 1/0 || 1\na\n#endif", "a"},
		{"division by zero", "#if 1/0\n#endif", "1:2 condition"},
		{"a condition that isn't one", "#if 1 +\n#endif", "1:2 condition"},
		{"names are 0", "#if NONE\na\n#else\nb\n#endif", "b"},
		{"macros in conditions", "#define F(x) x > 3\n#if F(GIVEN)\na\n#endif", "a"},
		{"include", "#include \"a.rh\"\nhere", "from a here"},
		{"include along -I", "#include <b.rh>\nB", "from c 2"},
		{"include by macro", "#define H <b.rh>\n#include H\nB", "from c 2"},
		{"include with backslash", "#include \"inc\\c.rh\"", "from c"},
		{"not next to the file", "#include <a.rh>", "1:10 include-missing"},
		{"a header of one's own first", "#include <ups/x.rh>", "mine"},
		{"open conditional in an include", "#include \"open.rh\"\nx\n#endif", "1:2 endif-missing"},
		{"endif alone", "#endif", "1:2 if-missing"},
		{"else twice", "#if 1\n#else\n#else\n#endif", "3:2 else-last"},
		{"pragma and line", "#pragma isn't read\n#line 5 \"x\"\na", "a"},
		{"line mark", "# 100 \"other.rss\" 1 3\n#error", "100:2 error-directive"},
		{"a line mark of GCC", "# 0 \"a.rss\"\n# 0 \"<built-in>\"\n# 1 \"a.rss\"\n#error", "1:2 error-directive"},
		{"line 0", "# 0 \"a.rss\"\n#error", "1:2 error-directive"},
		{"a lone #", "#\n # // nothing\na", "a"},
		{"byte order mark", "\uFEFFa", "a"},
		{"define needs a name", "#define 1", "1:2 define-name"},
		{"stray stringize", "#define S(x) #y", "1:9 macro-stringize"},
		{"arguments not closed", "#define F(x) x\nF(1", "2:1 macro-arguments"},
		{"comment not closed", "a /* b", "1:3 comment-unterminated"},
		{"defined out of a macro", "#define KNOWN (defined(FLAG) && !defined NONE)\n#if KNOWN\na\n#endif", "a"},
		{"defined of what would be expanded", "#if defined(GIVEN) && defined GIVEN\na\n#endif", "a"},
		{"defined without a name", "#if defined(GIVEN\n#endif", "1:2 condition"},
		{"characters in conditions", `#if '\n' == 10 && '\'' == 39 && '\\' == 92 && '"' == 34` + "\na\n#endif", "a"},
		{"no character", "#if '\\q'\n#endif", "1:2 condition"},
		{"text behind directives", "#include \"a.rh\" ;\n#ifdef FLAG ;\n#undef FLAG ;\nFLAG\n#else ;\n#endif ;", "from a FLAG"},
		{"no end of a name", "#include <a.rh", "1:2 include-name"},
		{"NUL", "a \x00 b", "1:3 nul-byte"},
		{"NUL in a comment", "a // \x00\nb", "1:6 nul-byte"},
		{"NUL in a string", "a\n\"b\x00\"", "2:3 nul-byte"},
		{"NUL in a group that is skipped", "#if 0\n\x00\n#endif", "2:1 nul-byte"},
		{"NUL in an include", "#include \"nul.rh\"", "1:2 nul-byte"},
		{"UTF-16", "\xFF\xFE#\x00e\x00r\x00r\x00o\x00r\x00", "1:1 nul-byte"},
		{"UTF-16, the other way round, no mark", "\x00#\x00e\x00r\x00r\x00o\x00r", "1:1 nul-byte"},
		{"CR alone ends no line", "a // b\rc\nd", "a d"},
		{"lines that end in CR alone", "a\rb\r", "1:2 lone-cr"},
		{"a character of two bytes", "a \u00a0 b \xE9 c", "a \u00a0 b \xE9 c"},
	}
	for _, test := range tests {
		if got := tokens(test.src, files); got != test.want {
			t.Errorf("%s: %q gives\n\t%s, want\n\t%s", test.name, test.src, got, test.want)
		}
	}
}

// A mistake in what a macro or an include made says where it is and where it
// was used.
func TestChains(t *testing.T) {
	files := memory{
		"main.rh":  "#include \"deep.rh\"\n",
		"deep.rh":  "#define INNER flags = 0x100000000;\n#define OUTER(x) x INNER\nenum { EBad = 1/0 }\n",
		"plain.rh": "",
	}
	src := "#include \"main.rh\"\n" + wrap("\n POLICY { OUTER(options = 1;) }")
	var got []string
	opt := compiler.Options{Options: grammar.Options{Files: files}}
	for _, d := range compiler.Compile("main.rss", []byte(src), opt).Diagnostics {
		s := fmt.Sprintf("%s %s:", d.Span.Start, d.Code)
		for _, f := range d.Chain {
			s += fmt.Sprintf(" [%s %s %s]", []string{"expanded", "defined", "included"}[f.Kind], f.Name, f.Span.Start)
		}
		got = append(got, s)
	}
	want := []string{
		"deep.rh:3:17 divide-by-zero: [included deep.rh main.rh:1:10] [included main.rh main.rss:1:10]",
		"main.rss:6:11 out-of-range: [defined INNER deep.rh:1:23] [defined OUTER deep.rh:2:20]",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// Comments stay beside the tokens, each with the token that follows it.
func TestComments(t *testing.T) {
	tree := grammar.Parse("c.rss", []byte("// one\nUID3 /* two */ 5 // three\n/* four */"), grammar.Options{})
	var got []string
	for _, c := range tree.Comments {
		got = append(got, fmt.Sprintf("%s before %q at %s", c.Text, tree.Tokens[c.Next].Text, tree.CommentSpan(c).Start))
	}
	want := []string{
		`// one before "UID3" at c.rss:1:1`,
		`/* two */ before "5" at c.rss:2:6`,
		`// three before "" at c.rss:2:18`,
		`/* four */ before "" at c.rss:3:1`,
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("(-want +got)\n%s", d)
	}
}

// What is found along -I is a matter of the disk: what isn't a folder holds
// nothing.
func TestIncludeFolderThatIsAFile(t *testing.T) {
	tree := grammar.Parse("a.rss", []byte("#include <ups/policies.rh>\n"), grammar.Options{IncludeDirs: []string{"parse_test.go"}})
	if len(tree.Diagnostics.All()) != 0 {
		t.Errorf("%v", tree.Diagnostics.All())
	}
}

// A source that is already preprocessed is no worse than the source: GCC writes
// line marks from 0, and what headers do isn't the source's fault.
func TestPreprocessed(t *testing.T) {
	src := "# 0 \"p.rss\"\n# 0 \"<command-line>\"\n# 1 \"/usr/include/stdc-predef.h\" 1 3 4\n# 0 \"<command-line>\" 2\n# 1 \"p.rss\"\n" +
		"# 1 \"h.hrh\" 1\nenum { A };\n# 2 \"p.rss\" 2\nenum { B };\n"
	tree := grammar.Parse("p.rpp", []byte(src), grammar.Options{})
	var got []string
	for _, d := range tree.Diagnostics.All() {
		got = append(got, d.Span.Start.String()+" "+d.Code)
	}
	if want := []string{"p.rss:2:11 semicolon-unneeded"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
