package format

import (
	"errors"
	"regexp"
	"slices"
	"strings"

	"ups/grammar"
)

// Result is a text in the one layout.
type Result struct {
	Text string
	Left []Left // what stays as it was
}

// Left is a statement that stays as it is, since it can't be laid out safely.
type Left struct {
	First, Last int // lines of the source, from 1
	Reason      string
}

// ErrChanged says that a text would mean something else afterwards, as one with
// a stray backslash may, which no source that compiles has.
var ErrChanged = errors.New("the text can't be laid out without a change of its meaning")

// ErrUnclosed says that a string or comment isn't closed, so that what follows
// may be read as something else than it is.
var ErrUnclosed = errors.New("a string or a comment is not closed")

// ErrTooDeep says that braces are nested deeper than grammar.MaxNesting: each line
// would be as far to the right as they are deep.
var ErrTooDeep = errors.New("braces are nested too deep to be laid out")

const byteOrderMark = "\uFEFF"

var lineEnd = regexp.MustCompile(`\r+\n`)

// Source lays a text out. It may be any: a source, a header, or one with
// mistakes, which are for the compiler to find. Lines end as the first one does,
// and a byte order mark stays. The error is ErrUnclosed,
// ErrTooDeep or ErrChanged.
func Source(text string) (Result, error) {
	mark := ""
	if strings.HasPrefix(text, byteOrderMark) {
		mark, text = byteOrderMark, text[len(byteOrderMark):]
	}
	first, _, _ := strings.Cut(text, "\n")
	plain := lineEnd.ReplaceAllString(text, "\n")
	tokens := tokensOf(plain)
	if slices.ContainsFunc(tokens, func(t token) bool { return t.broken }) {
		return Result{}, ErrUnclosed
	}
	if isTooDeep(tokens) {
		return Result{}, ErrTooDeep
	}
	p := &printer{cutter: cut(tokens), text: plain, inCall: calls(tokens)}
	out := p.print()
	if !same(tokens, tokensOf(out)) {
		return Result{}, ErrChanged
	}
	r := Result{Text: out, Left: p.left()}
	if strings.HasSuffix(first, "\r") {
		r.Text = strings.ReplaceAll(out, "\n", "\r\n")
	}
	r.Text = mark + r.Text
	return r, nil
}

func isTooDeep(tokens []token) bool {
	depth := 0
	for i := range tokens {
		switch {
		case tokens[i].Is("{"):
			depth++
		case tokens[i].Is("}") && depth > 0:
			depth--
		}
		if depth > grammar.MaxNesting {
			return true
		}
	}
	return false
}

// left returns the statements that are left as they are.
func (p *printer) left() []Left {
	var left []Left
	for _, s := range p.statements {
		if s.reason != "" {
			left = append(left, Left{p.lineOf(p.tokens[s.first].Offset), p.lineOf(p.tokens[s.last].Offset), s.reason})
		}
	}
	return left
}

func (p *printer) lineOf(offset int) int { return 1 + strings.Count(p.text[:offset], "\n") }

// same reports whether two texts have the same tokens, comments and directives,
// and the same white space where it can get into a string.
func same(a, b []token) bool {
	if len(a) != len(b) {
		return false
	}
	inCall := calls(a)
	for i := range a {
		if !sameToken(&a[i], &b[i], inCall[i] && a[i].Kind != grammar.EOF && !a[i-1].Is("(") && !a[i].Is(")")) {
			return false
		}
	}
	return true
}

func sameToken(a, b *token, spaceCounts bool) bool {
	if a.Kind != b.Kind || a.Text != b.Text || spaceCounts && a.spaced() != b.spaced() {
		return false
	}
	return slices.EqualFunc(a.before, b.before, func(r, s remark) bool {
		return r.directive == s.directive && plainText(r) == plainText(s)
	})
}

// spaced reports whether white space, which a comment is too, stands before a
// token.
func (t *token) spaced() bool { return t.Spaced || len(t.before) > 0 }

// plainText returns the text of a remark without the white space that lines
// begin and end with; that of a directive has none to lose but at its end.
func plainText(r remark) string {
	if r.directive {
		return strings.TrimRight(r.text, " \t\r\f\v")
	}
	lines := strings.Split(strings.TrimSpace(r.text), "\n")
	for i := range lines {
		lines[i] = strings.TrimSpace(lines[i])
	}
	return strings.Join(lines, "\n")
}
