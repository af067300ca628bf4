package lsp

import (
	"context"
	"fmt"

	"ups/cmd/ups/lsp/protocol"
	"ups/lint/analysis"
)

// inlayHint shows at each policy its number and what comes of it.
func (s *server) inlayHint(ctx context.Context, p *protocol.RangeParams) ([]protocol.InlayHint, error) {
	out := []protocol.InlayHint{}
	path := p.TextDocument.URI.Path()
	s.mu.Lock()
	src, d := s.sources[path], s.texts[path]
	s.mu.Unlock()
	if src == nil || d == nil {
		return out, nil
	}
	c, reach := s.compiled(src), func(int) analysis.Reach { return analysis.Undecided }
	if s.lints {
		of, found, err := s.linted(ctx, src)
		if err != nil {
			return nil, err
		}
		if c = of; found.analysis != nil {
			reach = func(i int) analysis.Reach { return found.analysis.Policies[i].Reach }
		}
	}
	for i := range c.policies {
		head, here := c.headOf(i, path)
		if !here || before(head.Start, p.Range.Start) || before(p.Range.End, head.Start) {
			continue
		}
		out = append(out, protocol.InlayHint{Position: head.End, Label: c.hint(i, reach(i)), PaddingLeft: true})
	}
	return out, nil
}

// hint is what is shown at a policy: its number alone where the source has errors.
func (c *compilation) hint(i int, reach analysis.Reach) string {
	if c.result.File == nil {
		return fmt.Sprint(i + 1)
	}
	number := fmt.Sprintf("%d: ", i+1)
	switch reach {
	case analysis.Unreachable, analysis.MatchesNothing:
		return number + "decides nothing"
	case analysis.NeverAsked:
		return number + "is never asked about"
	}
	return number + outcomeOf(analysis.OutcomeOf(c.result.File, &c.result.File.Policies[i]))
}
