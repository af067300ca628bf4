package lint

import (
	"fmt"
	"strings"

	"ups/diag"
	"ups/grammar"
)

// removePolicy returns the fix that takes a policy out of the list: with its
// comma, the comments that stand directly before it, and the one after it on
// its line. For a compiled file there is none.
func (in *Input) removePolicy(number int) []diag.Fix {
	n := in.node(number)
	if n == nil {
		return nil
	}
	message := fmt.Sprintf("remove policy %d", number)
	comma := n.Last + 1 // the last policy has its comma before it
	if !in.Tree.Tokens[comma].Is(",") {
		comma = n.First - 1
	}
	isComma := in.Tree.Tokens[comma].Is(",")
	if !in.editable(n.Node) || isComma && !in.editable(grammar.Node{First: comma, Last: comma}) {
		return byHand(message)
	}
	from := in.commentsBefore(n.First)
	last := n.Last
	fix := diag.Fix{Message: message}
	switch {
	case isComma && comma > last:
		last = comma
	case isComma:
		fix.Edits = []diag.Edit{{Span: in.Tree.TokenSpan(comma)}}
	}
	_, to := in.end(last)
	fix.Edits = append(fix.Edits, diag.Edit{Span: in.wholeLines(in.spanOf(from, in.commentAfter(to)))})
	return []diag.Fix{fix}
}

// end returns the offsets of a token.
func (in *Input) end(token int) (from, to int) {
	s := in.Tree.TokenSpan(token)
	return s.Start.Offset, s.End.Offset
}

// commentsBefore returns where the comments that belong to what a token begins
// start: those on the lines right above it, with no empty line between, that
// don't belong to what stands before on their line.
func (in *Input) commentsBefore(token int) int {
	from, _ := in.end(token)
	text := in.sourceText()
	for i := len(in.Tree.Comments) - 1; i >= 0; i-- {
		c := in.commentSpan(in.Tree.Comments[i])
		if in.Tree.Comments[i].Next != token || c.Start.Filename != in.Path || c.End.Offset > from {
			continue
		}
		between := string(text[c.End.Offset:from])
		if strings.TrimSpace(between) != "" || strings.Count(between, "\n") > 1 || in.endsAbove(c) > 0 || !in.ownLine(c) {
			break
		}
		from = c.Start.Offset
	}
	return from
}

// ownLine reports whether nothing stands before a comment on its line.
func (in *Input) ownLine(c diag.Span) bool {
	before := in.sourceText()[:c.Start.Offset]
	line := string(before[strings.LastIndexByte(string(before), '\n')+1:])
	return strings.TrimSpace(line) == ""
}

// commentAfter returns the end of the comment that follows on the same line, or
// the offset itself.
func (in *Input) commentAfter(at int) int {
	text := in.sourceText()
	for _, c := range in.Tree.Comments {
		s := in.commentSpan(c)
		if s.Start.Filename != in.Path || s.Start.Offset < at || s.End.Offset > len(text) {
			continue
		}
		if between := string(text[at:s.Start.Offset]); strings.TrimSpace(between) == "" && !strings.Contains(between, "\n") {
			rest, _, _ := strings.Cut(string(text[s.End.Offset:]), "\n")
			if strings.TrimSpace(rest) == "" {
				return s.End.Offset
			}
		}
		break
	}
	return at
}
