package grammar_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ups/grammar"
)

// placesOf parses a source and lists where its diagnostics are, and what they
// are.
func placesOf(src string, files memory) (tree *grammar.Tree, got []string) {
	tree = grammar.Parse("a.rss", []byte(src), grammar.Options{Files: files})
	for _, d := range tree.Diagnostics.All() {
		s := fmt.Sprintf("%s %s", d.Span.Start, d.Code)
		for _, f := range d.Chain {
			s += fmt.Sprintf(" from %s", f.Span.Start)
		}
		got = append(got, s)
	}
	return tree, got
}

// A string that isn't closed is one mistake, on however many lines it was meant
// to stand, and never none: its text may be what decides.
func TestStringsThatAreNotClosed(t *testing.T) {
	for _, test := range []struct {
		name, src string
		want      []string
	}{
		{"begun only", "UID3 \"ab\n", []string{"a.rss:1:6 string-unterminated"}},
		{"a quote before the end", "UID3 \";\n", []string{"a.rss:1:6 string-unterminated"}},
		{"over two lines", "UID3 \"ab\ncd\";\n", []string{"a.rss:1:6 string-unterminated"}},
		{"begun twice", "UID3 \"ab\nUID2 \"cd\n", []string{"a.rss:1:6 string-unterminated", "a.rss:2:6 string-unterminated"}},
		{"over two lines, twice", "UID3 \"ab\ncd\";\nUID2 \"ab\ncd\";\n", []string{"a.rss:1:6 string-unterminated", "a.rss:3:6 string-unterminated"}},
	} {
		tree, got := placesOf(test.src, nil)
		got = slices.DeleteFunc(got, func(s string) bool { return !strings.HasSuffix(s, "string-unterminated") })
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v; all: %v", test.name, got, test.want, codes(tree.Diagnostics.All()))
		}
	}
}

// A definition is new if its value or its parameters are.
func TestRedefined(t *testing.T) {
	for _, test := range []struct {
		first, second string
		warned        bool
	}{
		{"A 1", "A 1", false},
		{"A 1 + 2", "A  1  +  2", false},
		{"A 1", "A 2", true},
		{"A 1", "A", true},
		{"F(x) 1", "F(x) 1", false},
		{"F(x) 1", "F(y) 1", true},
		{"F(x) x", "F(x) x x", true},
		{"F(x) 1", "F(x, y) 1", true},
	} {
		tree, got := placesOf("#define "+test.first+"\n#define "+test.second+"\nUID2 1\n", nil)
		if has(tree.Diagnostics.All(), "macro-redefined") != test.warned {
			t.Errorf("%s, then %s: %v", test.first, test.second, got)
		}
	}
}

// What is wrong with a directive in an include says who included it, as what is
// wrong with a field does.
func TestDirectivesInIncludes(t *testing.T) {
	files := memory{"b.rh": "\n#include \"c.rh\"\n", "c.rh": "#bogus\n"}
	_, got := placesOf("#include \"b.rh\"\nUID2 1\n", files)
	if want := []string{"c.rh:1:2 directive-unknown from b.rh:2:10 from a.rss:1:10"}; !slices.Equal(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

// A statement whose head is wrong ends with its block, and what follows is read.
func TestAfterBlockOfWrongStatement(t *testing.T) {
	for _, block := range []string{"{ }", "{ a = { 1 }; }", "{ a = B { c = { 1, 2 }; }; }"} {
		tree, got := placesOf("RESOURCE 5 "+block+"\nUID2 1\nUID3\n", nil)
		if want := []string{"a.rss:1:10 unexpected", "a.rss:3:1 unexpected"}; len(tree.Statements) != 1 || !slices.Equal(got, want) {
			t.Errorf("%s: %d statements, %v, want 1 and %v", block, len(tree.Statements), got, want)
		}
	}
}

// The words of directives count as what stands after them does: a source of
// nothing else has a limit too.
func TestMostDirectives(t *testing.T) {
	const pair, cost = "#ifdef A\n#endif\n", 3
	tree, got := placesOf(strings.Repeat(pair, 1<<20/cost+1), nil)
	if !has(tree.Diagnostics.All(), "source-too-large") {
		t.Errorf("got %v", got)
	}
}

// Text without quotes hides only what may stand after a // in it: where its
// semicolon is on its line, what follows is read.
func TestAfterUnquotedText(t *testing.T) {
	for _, test := range []struct {
		field string
		want  []string
	}{
		{"destination = +44*; flags 3;", []string{"a.rss:1:32 text-unquoted", "a.rss:1:44 unexpected"}},
		{"destination = http://b;\nflags 3;", []string{"a.rss:1:32 text-unquoted"}},
	} {
		_, got := placesOf("RESOURCE POLICY {"+test.field+" }", nil)
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: %v, want %v", test.field, got, test.want)
		}
	}
}
