package format

import (
	"slices"
	"strings"

	"ups/grammar"
)

// token is a token of the text and the comments and directives before it.
type token struct {
	grammar.Lexeme
	before []remark
	broken bool // it or a comment before it isn't closed
}

// remark is a comment or a directive.
type remark struct {
	text      string
	offset    int
	newlines  int // ends of lines before it
	directive bool
}

// line reports whether nothing can follow on its line.
func (r remark) line() bool { return r.directive || strings.HasPrefix(r.text, "//") }

// end returns the offset after the token.
func (t *token) end() int { return t.Offset + len(t.Text) }

// breaks reports whether a line ends somewhere before the token.
func (t *token) breaks() bool {
	for _, r := range t.before {
		if r.newlines > 0 || r.line() || strings.Contains(r.text, "\n") {
			return true
		}
	}
	return t.Newlines > 0
}

// afterDirective reports whether a directive stands before the token.
func (t *token) afterDirective() bool {
	return slices.ContainsFunc(t.before, func(r remark) bool { return r.directive })
}

// tokensOf cuts a text into tokens; the last is EOF.
func tokensOf(text string) []token {
	const usual, most = 4, 1 << 16 // bytes of text for each token; tokens to make room for
	list := make([]token, 0, min(len(text)/usual, most)+1)
	var before []remark
	begun, broken := false, false // a token stands on this line; something isn't closed
	var directive *remark
	for l := range grammar.Lexemes(text) {
		begun = begun && l.Newlines == 0
		if directive != nil && l.Kind != grammar.EOF && l.Newlines == 0 {
			directive.text = text[directive.offset : l.Offset+len(l.Text)]
			continue
		}
		directive, broken = nil, broken || !l.Closed()
		switch {
		case l.Comment:
			before = append(before, remark{text: l.Text, offset: l.Offset, newlines: l.Newlines})
		case !begun && l.Is("#"):
			before = append(before, remark{text: l.Text, offset: l.Offset, newlines: l.Newlines, directive: true})
			directive = &before[len(before)-1]
		default:
			list = append(list, token{l, before, broken})
			before, begun, broken = nil, true, false
		}
	}
	return list
}

// condition returns the word of a directive, with if for all that begin a
// conditional; or "".
func (r remark) condition() string {
	if !r.directive {
		return ""
	}
	for w := range grammar.Lexemes(r.text) {
		switch {
		case w.Comment, w.Is("#"):
			continue
		case w.Is("ifdef"), w.Is("ifndef"):
			return "if"
		}
		return w.Text
	}
	return ""
}
