package lint

import (
	"fmt"
	"strings"

	"ups/diag"
	"ups/grammar"
)

// removePolicy gives the fix that takes a policy out of the list: with its
// comma, the comments that stand directly before it, and the one behind it on
// its line. None if it isn't written in the source itself, plainly.
func (in *Input) removePolicy(number int) []diag.Fix {
	n := in.node(number)
	if n == nil || !in.editable(n.Node) {
		return nil
	}
	from := in.commentsBefore(n.First)
	_, to := in.end(n.Last)
	message := fmt.Sprintf("remove policy %d", number)
	if next := n.Last + 1; in.Tree.Tokens[next].Is(",") {
		if !in.editable(grammar.Node{First: next, Last: next}) {
			return nil
		}
		_, to = in.end(next)
		return in.removal(message, from, to)
	}
	return in.removeLast(message, n, from, to)
}

// removeLast takes out the last policy, and the comma before it, which comes
// first for a policy that isn't alone.
func (in *Input) removeLast(message string, n *grammar.StructValue, from, to int) []diag.Fix {
	comma := n.First - 1
	fixes := in.removal(message, from, to)
	if !in.Tree.Tokens[comma].Is(",") {
		return fixes
	}
	if !in.editable(grammar.Node{First: comma, Last: comma}) {
		return nil
	}
	fixes[0].Edits = append([]diag.Edit{{Span: in.Tree.TokenSpan(comma)}}, fixes[0].Edits...)
	return fixes
}

func (in *Input) removal(message string, from, to int) []diag.Fix {
	to = in.commentBehind(to)
	return []diag.Fix{{Message: message, Edits: []diag.Edit{{Span: in.wholeLines(in.spanOf(from, to))}}}}
}

// end gives the offsets of a token.
func (in *Input) end(token int) (from, to int) {
	s := in.Tree.TokenSpan(token)
	return s.Start.Offset, s.End.Offset
}

// commentsBefore gives where the comments that belong to what a token begins
// start: those on the lines right above it, with no empty line between, that
// don't belong to what stands before on their line.
func (in *Input) commentsBefore(token int) int {
	from, _ := in.end(token)
	text := in.sourceText()
	for i := len(in.Tree.Comments) - 1; i >= 0; i-- {
		c := in.Tree.CommentSpan(in.Tree.Comments[i])
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

// commentBehind gives the end of the comment that follows on the same line, or
// the offset itself.
func (in *Input) commentBehind(at int) int {
	text := in.sourceText()
	for _, c := range in.Tree.Comments {
		s := in.Tree.CommentSpan(c)
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
