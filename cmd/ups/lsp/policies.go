package lsp

import (
	"fmt"
	"strings"

	"ups/cmd/ups/lsp/protocol"
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

// isPolicyHead reports whether an offset is in the word POLICY that a policy begins
// with, or in the string of its destination: where a policy is told of as a whole.
func (c *compilation) isPolicyHead(i, offset int) bool {
	p := &c.result.File.Policies[i]
	head := p.Places.Whole.Span.Start.Offset
	to := p.Places.Field("destination").Span
	return offset >= head && offset <= head+len("POLICY") ||
		p.Places.Has("destination") && to.Start.Offset <= offset && offset < to.End.Offset
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

// lineOf says where a policy is: its number, and its line in this file.
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
