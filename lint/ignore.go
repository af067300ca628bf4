package lint

import (
	"fmt"
	"slices"
	"strings"

	"ups/diag"
	"ups/grammar"
)

// ignore is a comment "ups:ignore RULE reason". It stands on a policy (before
// it, in it, or after it on its last line) or at the head of the file, which
// ends where the list of policies begins.
type ignore struct {
	rule   string
	policy int // 0: the whole file
	span   diag.Span
	used   bool
	remove []diag.Fix // takes the comment away
}

// covers reports whether a finding is to be dropped.
func (g ignore) covers(f Finding) bool {
	return g.rule == f.Code && (g.policy == 0 || g.policy == f.Policy)
}

const marker = "ups:ignore"

// readIgnores reads the comments of a source. What is wrong with one is a
// finding.
func (c *Checked) readIgnores(in *Input) {
	if in.Tree == nil {
		return
	}
	for _, comment := range in.Tree.Comments {
		text, ok := ignoreText(comment.Text)
		if !ok {
			continue
		}
		rules, reason, _ := strings.Cut(text, " ")
		g := ignore{span: in.commentSpan(comment)}
		var placed bool
		if g.policy, placed = in.ignoredPolicy(comment, g.span); !placed {
			c.misplaced(in, g)
			continue
		}
		names := strings.Split(rules, ",")
		if len(names) == 1 && g.span.Start.Filename == in.Path && in.textOf(g.span) == comment.Text {
			g.remove = []diag.Fix{{Message: "remove the comment", Edits: []diag.Edit{{Span: in.wholeLines(g.span)}}}}
		}
		for _, g.rule = range names {
			c.addIgnore(in, g, strings.TrimSpace(reason))
		}
	}
}

// ignoreText returns what follows the marker in a comment.
func ignoreText(comment string) (string, bool) {
	text := strings.TrimSuffix(strings.TrimPrefix(comment, "/*"), "*/")
	text = strings.Join(strings.Fields(strings.TrimPrefix(text, "//")), " ")
	rest, ok := strings.CutPrefix(text, marker)
	return strings.TrimSpace(rest), ok && (rest == "" || rest[0] == ' ')
}

// ignoredPolicy returns the policy that a comment stands on, 0 at the head of
// the file. It returns false anywhere else.
func (in *Input) ignoredPolicy(comment grammar.Comment, span diag.Span) (policy int, ok bool) {
	if n := in.endsAbove(span); n > 0 {
		return n, true
	}
	for i, n := range in.nodes {
		if comment.Next >= n.First && comment.Next <= n.Last && in.follows(i, comment.Next) {
			return i + 1, true
		}
	}
	list := policyList(in.Tree)
	return 0, list == nil || comment.Next <= list.First
}

// follows reports whether nothing of an earlier policy stands between: the
// tokens before a policy's first are its own.
func (in *Input) follows(i, next int) bool {
	return i == 0 || next > in.nodes[i-1].Last
}

// endsAbove returns the policy whose last line a comment ends, or 0.
func (in *Input) endsAbove(comment diag.Span) int {
	for i, s := range in.spans {
		sameLine := s.End.Line == comment.Start.Line && s.End.Filename == comment.Start.Filename
		if sameLine && comment.Start.Offset >= s.End.Offset && !in.beginsOn(i+1, comment) {
			return i + 1
		}
	}
	return 0
}

// beginsOn reports whether the policy at a place in the list begins on the
// line of a comment.
func (in *Input) beginsOn(i int, comment diag.Span) bool {
	return i < len(in.spans) && in.spans[i].Start.Line == comment.Start.Line && in.spans[i].Start.Filename == comment.Start.Filename
}

// addIgnore takes in an ignore, if it names a rule and a reason.
func (c *Checked) addIgnore(in *Input, g ignore, reason string) {
	f := Finding{Policy: g.policy, Diagnostic: diag.Diagnostic{Span: g.span}}
	switch {
	case RuleByID(g.rule) == nil:
		f.Message = fmt.Sprintf("%s must name a rule, and there is none called %q", marker, g.rule)
		f.Hint = diag.DidYouMean(g.rule, RuleIDs())
		c.reportAs(ignoreUnknownRule, in, f)
	case reason == "":
		f.Message = fmt.Sprintf("no reason is given for ignoring %s, so it is not ignored", g.rule)
		f.Hint = fmt.Sprintf("// %s %s why it is all right here", marker, g.rule)
		c.reportAs(ignoreReasonRule, in, f)
	default:
		c.ignores = append(c.ignores, g)
	}
}

func (c *Checked) misplaced(in *Input, g ignore) {
	c.reportAs(ignoreUnusedRule, in, Finding{Diagnostic: diag.Diagnostic{
		Span:    g.span,
		Message: "this ignores nothing: it stands neither on a policy nor at the head of the file",
		Hint:    "put it before the policy, or above the list of policies for the whole file",
	}})
}

// reportAs reports for one of the rules that have no run of their own.
func (c *Checked) reportAs(r *Rule, in *Input, f Finding) {
	if !c.cfg.off(r.ID) {
		c.report(r, in, f)
	}
}

// finish returns the findings that aren't ignored, and a finding for each ignore
// that matched none although the findings of its rule are shown.
func (c *Checked) finish() []Finding {
	c.findings = slices.DeleteFunc(c.findings, c.suppressed)
	for _, g := range c.ignores {
		if r := RuleByID(g.rule); g.used || !c.runs(r) || !c.shows(r) || c.input.File == nil {
			continue
		}
		c.reportAs(ignoreUnusedRule, c.input, Finding{Policy: g.policy, Diagnostic: diag.Diagnostic{
			Span:    g.span,
			Message: fmt.Sprintf("%s is ignored here, but is not found", g.rule),
			Hint:    "remove the comment",
			Fixes:   g.remove,
		}})
	}
	return c.findings
}

// suppressed reports whether a finding is to be dropped, and marks the ignores
// that say so. Findings about ignores can't be ignored.
func (c *Checked) suppressed(f Finding) bool {
	drop := false
	for i := range c.ignores {
		if c.ignores[i].covers(f) {
			c.ignores[i].used, drop = true, true
		}
	}
	return drop
}
