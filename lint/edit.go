package lint

import (
	"bytes"
	"strings"

	"ups/diag"
	"ups/grammar"
)

// textOf returns the text of a span, or "" if it isn't in what was read.
func (in *Input) textOf(s diag.Span) string {
	text := in.sourceText()
	if s.Start.Filename != in.Path || s.End.Offset > len(text) || s.Start.Offset > s.End.Offset || !s.IsValid() {
		return ""
	}
	return string(text[s.Start.Offset:s.End.Offset])
}

// sourceText returns the text of the source itself.
func (in *Input) sourceText() []byte {
	if in.Tree == nil {
		return nil
	}
	for _, s := range in.Tree.Sources {
		if s.Name == in.Tree.Name && !s.Builtin {
			return s.Text
		}
	}
	return nil
}

// editable reports whether a stretch of tokens can be taken out of the source
// itself: it begins with what is written there, each macro that is used in it
// is used up in it, and no include, line mark or directive is among it.
func (in *Input) editable(n grammar.Node) bool {
	if in.Tree.Tokens[n.First].FromMacro() || !in.endsWithUse(n.Last) {
		return false
	}
	for i := n.First; i <= n.Last; i++ {
		if !in.plain(i) {
			return false
		}
	}
	text := in.textOf(in.Tree.Span(n))
	return text != "" && !hasDirective(text)
}

// plain reports whether a token, or the use of the macro that it came out of,
// is in the source itself.
func (in *Input) plain(token int) bool {
	text := in.textOf(in.Tree.TokenSpan(token))
	return text != "" && (in.Tree.Tokens[token].FromMacro() || strings.HasPrefix(text, in.Tree.Tokens[token].Text))
}

// endsWithUse reports whether what comes after a token comes out of no macro
// use that the token is of, and no arguments of that use follow.
func (in *Input) endsWithUse(token int) bool {
	if !in.Tree.Tokens[token].FromMacro() {
		return true
	}
	use, next := in.Tree.TokenSpan(token), in.Tree.TokenSpan(token+1)
	if use.Start == next.Start {
		return false
	}
	after := bytes.TrimLeft(in.sourceText()[use.End.Offset:], " \t\r\n\\")
	return !bytes.HasPrefix(after, []byte("("))
}

// byHand is the fix for what can't be edited safely, since it isn't written in
// the source itself, plainly: it has no edits.
func byHand(message string) []diag.Fix {
	return []diag.Fix{{Message: message + " by hand, where it is defined"}}
}

// removeFields returns the fix that takes a field out of a policy, wherever it
// is given.
func (in *Input) removeFields(number int, name string) []diag.Fix {
	n := in.node(number)
	if n == nil {
		return nil
	}
	return in.removeEach(n, name, len(n.Fields))
}

// removeEarlier returns the fix that leaves the last of several fields of a name.
func (in *Input) removeEarlier(number int, name string) []diag.Fix {
	n := in.node(number)
	last := 0
	for i, f := range n.Fields {
		if f.Name.Text == name {
			last = i
		}
	}
	return in.removeEach(n, name, last)
}

func (in *Input) removeEach(n *grammar.StructValue, name string, before int) []diag.Fix {
	fix := diag.Fix{Message: "remove " + name}
	for _, f := range n.Fields[:before] {
		if f.Name.Text != name {
			continue
		}
		span, ok := in.wholeField(f)
		if !ok {
			return byHand(fix.Message)
		}
		fix.Edits = append(fix.Edits, diag.Edit{Span: span})
	}
	if len(fix.Edits) == 0 {
		return nil
	}
	return []diag.Fix{fix}
}

// wholeField returns the place of a field with its semicolon, and with its line
// if nothing else is on it.
func (in *Input) wholeField(f *grammar.Field) (diag.Span, bool) {
	n := f.Node
	if !in.Tree.Tokens[n.Last].Is(";") && in.Tree.Tokens[n.Last+1].Is(";") {
		n.Last++
	}
	if !in.editable(n) {
		return diag.Span{}, false
	}
	return in.wholeLines(in.Tree.Span(n)), true
}

// wholeLines widens a span to whole lines, if only white space stands beside
// it on its first and last.
func (in *Input) wholeLines(s diag.Span) diag.Span {
	text := in.sourceText()
	from, to := s.Start.Offset, s.End.Offset
	begin := bytes.LastIndexByte(text[:from], '\n') + 1
	end := len(text)
	if i := bytes.IndexByte(text[to:], '\n'); i >= 0 {
		end = to + i + 1
	}
	if len(bytes.TrimSpace(text[begin:from])) > 0 || len(bytes.TrimSpace(text[to:end])) > 0 {
		return s
	}
	return in.spanOf(begin, end)
}

// spanOf returns the span between two offsets of the source, without regard to
// line marks.
func (in *Input) spanOf(from, to int) diag.Span {
	return diag.Span{Start: in.posOf(from), End: in.posOf(to)}
}

func (in *Input) posOf(at int) diag.Pos {
	text := in.sourceText()[:at]
	return diag.Pos{
		Filename: in.Path, Offset: at,
		Line:   bytes.Count(text, []byte("\n")) + 1,
		Column: at - bytes.LastIndexByte(text, '\n'),
	}
}

// sidItem returns the nth value of a policy's sid_list, or nil.
func (in *Input) sidItem(number, i int) grammar.Value {
	l := in.listOf(number, "sid_list")
	if l == nil || i >= len(l.Items) {
		return nil
	}
	return l.Items[i]
}

func (in *Input) listOf(number int, field string) *grammar.ListValue {
	n := in.node(number)
	if n == nil {
		return nil
	}
	f := fieldNode(n.Fields, field)
	if f == nil {
		return nil
	}
	l, _ := f.Value.(*grammar.ListValue)
	return l
}

// removeItem returns the fix that takes the ith value, not the first, out of a
// list, with the comma before it.
func (in *Input) removeItem(number int, field string, i int, message string) []diag.Fix {
	items := in.listOf(number, field).Items
	n := grammar.Node{First: items[i-1].Range().Last + 1, Last: items[i].Range().Last}
	if !in.editable(n) {
		return byHand(message)
	}
	return []diag.Fix{{Message: message, Edits: []diag.Edit{{Span: in.Tree.Span(n)}}}}
}

// rewriteString returns the fix that rewrites the string literals of a field.
func (in *Input) rewriteString(number int, field, message string, rewrite func([]byte) []byte) []diag.Fix {
	n := in.node(number)
	if n == nil {
		return nil
	}
	f := fieldNode(n.Fields, field)
	if f == nil || !in.editable(f.Value.Range()) {
		return byHand(message)
	}
	span := in.Tree.Span(f.Value.Range())
	before := in.textOf(span)
	after := string(rewrite([]byte(before)))
	if after == before { // the stars are in two literals
		return byHand(message)
	}
	return []diag.Fix{{Message: message, Edits: []diag.Edit{{Span: span, New: after}}}}
}
