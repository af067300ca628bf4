package lsp

import (
	"fmt"
	"strings"

	"ups/cmd/ups/lsp/protocol"
	"ups/diag"
	"ups/grammar"
	"ups/lint"
	"ups/lint/analysis"
	"ups/policy"
)

// policyAt returns the place in the list of the policy that an offset of a file is
// in, or -1.
func (c *compilation) policyAt(path string, offset int) int {
	if c.result.File == nil {
		return -1
	}
	for i, s := range c.policies[:min(len(c.policies), len(c.result.File.Policies))] {
		if absolute(s.Start.Filename) == path && s.Start.Offset <= offset && offset < s.End.Offset {
			return i
		}
	}
	return -1
}

// policySpans returns where the policies stand, each whole: one that comes out of a
// macro with the arguments of its use.
func (c *compilation) policySpans() []diag.Span {
	spans := lint.PolicySpans(c.result.Tree)
	for i, s := range spans {
		s = c.places.lying(s)
		if t := c.places.text(s.Start.Filename); t != nil && s.IsValid() && !strings.HasSuffix(t.String()[:min(s.End.Offset, len(t.String()))], "}") {
			s.End.Offset = max(s.End.Offset, t.pieces().useEnd(s.Start.Offset))
		}
		spans[i] = s
	}
	return spans
}

// isPolicyHead reports whether a word is the one that a policy begins with, or the
// string of its destination: where a policy is told of as a whole.
func (c *compilation) isPolicyHead(i int, word grammar.Lexeme) bool {
	if word.Offset == c.policies[i].Start.Offset {
		return true
	}
	p := &c.result.File.Policies[i]
	return word.Kind == grammar.String && p.Places.Has("destination") && word.Text == quoted(p.Destination.String())
}

// titleAt tells of a policy in a line, also where the source has errors: then as it
// was before, if there were as many, or else by its number and how it begins.
func (c *compilation) titleAt(i int) string {
	switch {
	case c.result.File != nil:
		return titleOf(c.result.File, i)
	case c.last != nil && len(c.last.Policies) == len(c.policies):
		return titleOf(c.last, i)
	}
	return fmt.Sprintf("%d · %s", i+1, c.head(i))
}

// head returns the word that a policy begins with: POLICY, or the name of a macro.
func (c *compilation) head(i int) string {
	s := c.policies[i]
	if t := c.places.text(s.Start.Filename); t != nil && s.Start.Offset < len(t.String()) {
		for l := range grammar.Lexemes(t.String()[s.Start.Offset:]) {
			return l.Text
		}
	}
	return ""
}

// headOf returns where the word stands that a policy of a file begins with.
func (c *compilation) headOf(i int, path string) (protocol.Range, bool) {
	r, here := c.rangeOf(i, path)
	if !here {
		return r, false
	}
	start := c.policies[i].Start.Offset
	return c.places.text(c.policies[i].Start.Filename).Span(start, start+len(c.head(i))), true
}

// titleOf tells of a policy in a line: "3 · +4490* · unprotected · asks yes/no".
func titleOf(f *policy.File, i int) string {
	p := &f.Policies[i]
	parts := []string{fmt.Sprint(i + 1), p.Destination.String(), whoOf(p)}
	switch p.Security {
	case policy.Passed:
		parts = append(parts, "check passed")
	case policy.Failed:
		parts = append(parts, "check failed")
	}
	return strings.Join(append(parts, outcomeOf(analysis.OutcomeOf(f, p))), " · ")
}

// whoOf names the clients of a policy in as few words as there are.
func whoOf(p *policy.Policy) string {
	s := analysis.SIDsOf(p).String()
	switch {
	case len(p.SIDs) > 0:
		return strings.TrimPrefix(strings.TrimPrefix(s, "SIDs "), "SID ")
	case s == "all SIDs":
		return "all"
	}
	return strings.TrimPrefix(strings.TrimSuffix(s, " SIDs"), "SIDs of ")
}

// outcomeOf says what becomes of requests, in a few words.
func outcomeOf(o analysis.Outcome) string {
	switch analysis.KindOf(o) {
	case analysis.Allows:
		return "allows"
	case analysis.Denies:
		return "denies"
	}
	return "asks " + strings.ToLower(strings.ReplaceAll(o.Options.Words(), ", ", "/"))
}

// nameOf names a policy by its number, and by its line if it is in this file.
func (c *compilation) nameOf(i int) string {
	if i < 0 {
		return "the default policy"
	}
	s := c.result.File.Policies[i].Places.Whole.Span
	at := fmt.Sprintf("policy %d", i+1)
	if s.IsValid() && absolute(s.Start.Filename) == c.path {
		at += fmt.Sprintf(" (line %d)", s.Start.Line)
	}
	return at
}

// rangeOf returns where a policy stands in a file, if it does.
func (c *compilation) rangeOf(i int, path string) (protocol.Range, bool) {
	if i >= len(c.policies) || c.places.text(c.policies[i].Start.Filename) == nil {
		return protocol.Range{}, false
	}
	at, r := c.places.place(c.policies[i])
	return r, at == path
}
