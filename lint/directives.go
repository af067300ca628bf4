package lint

import (
	"regexp"
	"slices"
	"strings"

	"ups/grammar"
)

// directive is a line of a text that the preprocessor may take for one of its
// directives. Some that stand in comments are among them: where a text is to be
// edited it is better to see one too many.
type directive struct {
	at, end int // from its sign to the end of its name
	name    string
}

// directiveLine takes for white space what the preprocessor does: comments and
// joined lines too.
var directiveLine = regexp.MustCompile(`(?m)^` + blank + `(#` + blank + `(\w*))`)

const blank = `(?:[ \t\f\v\r]|\\\r?\n|/\*(?:[^*]|\*+[^*/])*\*+/)*`

func directives(text string) []directive {
	var out []directive
	for _, m := range directiveLine.FindAllStringSubmatchIndex(text, -1) {
		out = append(out, directive{m[2], m[3], text[m[4]:m[5]]})
	}
	return out
}

// hasDirective reports whether a text has a directive.
func hasDirective(text string) bool { return directiveLine.MatchString(text) }

// opens reports whether a directive begins a part that is read under a
// condition.
func (d directive) opens() bool { return strings.HasPrefix(d.name, "if") }

// parts reports whether a directive does no more than part what is read under
// conditions.
func (d directive) parts() bool {
	return slices.Contains([]string{"if", "ifdef", "ifndef", "elif", "else", "endif"}, d.name)
}

// conditions counts the directives in a text that open conditional parts.
func conditions(text string) int {
	n := 0
	for _, d := range directives(text) {
		if d.opens() {
			n++
		}
	}
	return n
}

// conditionsOf counts those of all that was read for a source. The guard of a
// header is no condition.
func conditionsOf(t *grammar.Tree) int {
	n := 0
	for _, s := range t.Sources {
		if !s.Builtin && (s.Name == t.Name || !isGuarded(string(s.Text))) {
			n += conditions(string(s.Text))
		}
	}
	return n
}

// isGuarded reports whether a text has a guard for its only condition.
func isGuarded(text string) bool {
	i := slices.IndexFunc(directives(text), directive.opens)
	return i >= 0 && conditions(text) == 1 && directives(text)[i].name == "ifndef"
}

// isConditional reports whether what is read depends on #if, in the source or
// in what it includes.
func isConditional(t *grammar.Tree) bool { return conditionsOf(t) > 0 }
