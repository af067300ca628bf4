package grammar_test

import (
	"strings"
	"testing"

	"ups/grammar"
)

// A definition from outside ends where its text does, whatever that is.
func TestDefinesAreApart(t *testing.T) {
	tests := []struct{ value, want, code string }{
		{"1", "1 2", ""},
		{`1\`, `1 \ 2`, ""},
		{"1 // one", "1 2", ""},
		{"1 /* one", "1 2", "comment-unterminated"},
		{`"one`, `"one 2`, "string-unterminated"},
		{"#", "# 2", ""},
		{"1\n#undef B", "1 2", "define-name"},
		{"1\n", "1 2", ""},
	}
	for _, test := range tests {
		opt := grammar.Options{Files: memory{}, Defines: []grammar.Define{{Name: "A", Value: test.value}, {Name: "B", Value: "2"}}}
		tree := grammar.Parse("a.rss", []byte("A B"), opt)
		var texts []string
		for _, token := range tree.Tokens[:len(tree.Tokens)-1] {
			texts = append(texts, token.Text)
		}
		if got := strings.Join(texts, " "); got != test.want {
			t.Errorf("-D A=%q -D B=2: A B becomes %q, want %q", test.value, got, test.want)
		}
		if test.code != "" && !has(tree.Diagnostics.All(), test.code) {
			t.Errorf("-D A=%q: no %s in %v", test.value, test.code, codes(tree.Diagnostics.All()))
		}
	}
}

// The limit on the size of a source is inclusive, and what is defined from
// outside doesn't count.
func TestLargestSource(t *testing.T) {
	src := wrap("POLICY { flags = A; }")
	for over, refused := range map[int]bool{0: false, 1: true} {
		text := src + strings.Repeat(" ", grammar.MaxSource+over-len(src))
		opt := grammar.Options{Defines: []grammar.Define{{Name: "A"}}}
		tree := grammar.Parse("a.rss", []byte(strings.Replace(text, "#include <ups/policies.rh>", strings.Repeat(" ", 26), 1)), opt)
		if got := has(tree.Diagnostics.All(), "source-too-large"); got != refused {
			t.Errorf("%d bytes: %v", len(text), codes(tree.Diagnostics.All()))
		}
	}
}

func TestStringizeWithoutParameter(t *testing.T) {
	tree := grammar.Parse("a.rss", []byte("#define F(x) # y\nUID3 F(1)\n"), grammar.Options{Files: memory{}})
	if len(tree.Diagnostics.All()) != 1 || tree.Diagnostics.All()[0].Code != "macro-stringize" {
		t.Errorf("got %v", codes(tree.Diagnostics.All()))
	}
}

// Parentheses side by side aren't nested, and where one of two values isn't
// used, what is wrong with it doesn't matter.
func TestConditionState(t *testing.T) {
	for condition, wrong := range map[string]bool{
		"1" + strings.Repeat("+(1)", 2*grammar.MaxNesting):     false,
		"1" + strings.Repeat("+-1", 2*grammar.MaxNesting):      false,
		strings.Repeat("(1?1:1)+", 2*grammar.MaxNesting) + "1": false,
		"1 ? 1 : 1/0":             false,
		"0 ? 1/0 : 1":             false,
		"(1 ? 1 : 1/0) + 1/0":     true,
		"(0 ? 1/0 : 1) + 1%0":     true,
		"(1 || 1/0) && 1/0":       true,
		"1 || 1/0":                false,
		"(0 && 1/0) || 1":         false,
		"1 ? 1/0 : 1":             true,
		"1 - 2 - 3 == -4":         false,
		"1 << 2 + 1 == 8":         false,
		"2 + 3 * 4 % 5 == 4":      false,
		"(1 | 2 ^ 3 & 2) == 1":    false,
		"1 < 2 == 1 != 0 && 3>=3": false,
	} {
		src := "#if " + condition + "\nUID2 1\n#endif\n"
		tree := grammar.Parse("a.rss", []byte(src), grammar.Options{Files: memory{}})
		if has(tree.Diagnostics.All(), "condition") != wrong || !wrong && len(tree.Statements) != 1 {
			t.Errorf("#if %.40s: %v", condition, codes(tree.Diagnostics.All()))
		}
	}
}

func TestLoneCRAtTheStart(t *testing.T) {
	tree := grammar.Parse("a.rss", []byte("\rUID2 1\n"), grammar.Options{Files: memory{}})
	if len(tree.Diagnostics.All()) != 1 || tree.Diagnostics.All()[0].Code != "lone-cr" || tree.Diagnostics.All()[0].Span.Start.Offset != 0 {
		t.Errorf("got %+v", tree.Diagnostics.All())
	}
}

// A mistake within a thousand tokens after an invalid one only follows from it.
func TestMistakesAfterInvalidTokens(t *testing.T) {
	const window = 1000
	for distance, want := range map[int]int{3: 1, window - 1: 1, window: 2, window + 1: 2} {
		// The invalid token, the values between, and the sign without meaning.
		between := strings.Repeat(", 1", (distance-1)/2)
		if distance%2 == 0 {
			between = strings.Replace(between, "1", "-1", 1)
		}
		src := "RESOURCE POLICIES p { sid_list = { 'a\n" + between + " @ }; }\n"
		tree := grammar.Parse("a.rss", []byte(src), grammar.Options{Files: memory{}})
		if len(tree.Diagnostics.All()) != want {
			t.Errorf("%d tokens behind: %v, want %d", distance, codes(tree.Diagnostics.All()), want)
		}
	}
	for distance, want := range map[int]int{window - 1: 1, window: 2} {
		src := "'a\nUID3 1" + strings.Repeat("+1", (distance-3)/2-1) + [2]string{" - -1", " + 1"}[distance%2] + " @\n"
		tree := grammar.Parse("a.rss", []byte(src), grammar.Options{Files: memory{}})
		if len(tree.Diagnostics.All()) != want {
			t.Errorf("%d tokens behind the first: %v, want %d", distance, codes(tree.Diagnostics.All()), want)
		}
	}
}
