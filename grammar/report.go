package grammar

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"ups/diag"
)

// report reports a mistake at a token, unless it only follows from one that
// was reported at that token or in one before. After too many, nothing more is read.
func (p *parser) report(token int, d diag.Diagnostic) {
	p.reportNode(Node{token, token}, d)
}

// fail is report for an error without more to it.
func (p *parser) fail(token int, code, hint, format string, args ...any) {
	p.report(token, diag.Diagnostic{Code: code, Hint: hint, Message: fmt.Sprintf(format, args...)})
}

// reportNode is report for a mistake of several tokens.
func (p *parser) reportNode(n Node, d diag.Diagnostic) {
	p.mistakes++
	if p.whole.silent || p.followsReported(n.First) || n.First+1 == p.lastReported {
		return
	}
	p.lastReported = n.First + 1
	d.Severity = diag.Error
	p.tree.report(n, d)
	if p.tree.full() {
		p.i = p.end
	}
}

// followsReported reports whether a token with a mistake of its own stands
// before a token, or just after it, with no struct begun in between: what is
// wrong in an earlier struct has no bearing on it.
func (p *parser) followsReported(token int) bool {
	tokens := p.tree.Tokens
	const window = 1000
	for i := min(token+1, len(tokens)-1); i > max(0, token-window); i-- {
		switch {
		case tokens[i].reported:
			return true
		case tokens[i].Is("{") && tokens[i-1].Kind == Name:
			return false
		}
	}
	return tokens[0].reported && token < window
}

// reportedSince reports whether one of the tokens from first to the next has a
// mistake of its own.
func (p *parser) reportedSince(first int) bool {
	return slices.ContainsFunc(p.tree.Tokens[first:p.i+1], func(t Token) bool { return t.reported })
}

// show names a token in a message.
func show(t Token) string {
	switch t.Kind {
	case EOF:
		return "the end of the file"
	case Name, Number, String, Char:
		return t.Text
	}
	if t.Text[0] >= utf8.RuneSelf {
		return strconv.Quote(t.Text)
	}
	return "“" + t.Text + "”"
}

// written names a token in a message as it stands in the source: what came out
// of a macro by the macro that is used there.
func (p *parser) written(token int) string {
	name := show(p.tree.Tokens[token])
	for macro := range p.tree.Origins(token) {
		name = macro
	}
	return name
}

// unexpected reports a token that doesn't fit; want says what would.
func (p *parser) unexpected(token int, want string) { p.misplaced(token, "expected: "+want) }

// misplaced reports a token that doesn't fit, with a hint.
func (p *parser) misplaced(token int, hint string) {
	t := p.tree.Tokens[token]
	d := diag.Diagnostic{
		Code:    "unexpected",
		Message: fmt.Sprintf("%s is not expected here", p.written(token)),
		Hint:    hint,
	}
	if isUnknownSign(t) {
		d.Code, d.Message = "character-unknown", fmt.Sprintf("the character %q has no meaning outside strings", t.Text)
		if strings.HasPrefix(hint, "expected: ") {
			d.Hint = cmp.Or(signHints[t.Text], hint)
		}
	}
	if t.Kind == EOF || token >= p.end {
		token = max(0, token-1)
		d.Message = "something is missing after this"
	}
	p.report(token, d)
}

// missing reports a sign that should stand after the token before the next.
func (p *parser) missing(code, sign string) {
	last := max(0, p.i-1)
	end := p.tree.TokenSpan(last).End
	p.report(last, diag.Diagnostic{
		Code:    code,
		Message: fmt.Sprintf("a “%s” is missing after this", sign),
		Hint:    fmt.Sprintf("what comes next is %s", show(p.peek())),
		Fixes: []diag.Fix{{
			Message: fmt.Sprintf("insert “%s”", sign),
			Edits:   []diag.Edit{{Span: diag.Span{Start: end, End: end}, New: sign}},
		}},
	})
}

func (p *parser) trailingComma() {
	p.report(p.i-1, diag.Diagnostic{
		Code:    "comma-trailing",
		Message: "a comma after the last one of a list",
		Hint:    "commas stand between, not after",
		Fixes:   []diag.Fix{{Message: "remove it", Edits: []diag.Edit{{Span: p.tree.TokenSpan(p.i - 1)}}}},
	})
}

// extraBrace passes over a } too many.
func (p *parser) extraBrace(message string) {
	p.report(p.i, diag.Diagnostic{Code: "brace-extra", Message: message, Hint: "remove one “}”"})
	p.i++
}
