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
	path := pathOf(p.TextDocument.URI)
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
	if c.result.File == nil {
		return out, nil
	}
	for i := range c.result.File.Policies {
		r, here := c.rangeOf(i, path)
		if !here || before(r.Start, p.Range.Start) || before(p.Range.End, r.Start) {
			continue
		}
		at := protocol.Position{Line: r.Start.Line, Character: r.Start.Character + uint32(len("POLICY"))}
		if before(r.End, at) {
			at = r.End // the use of a macro with a short name
		}
		out = append(out, protocol.InlayHint{Position: at, Label: c.hint(i, reach(i)), PaddingLeft: true})
	}
	return out, nil
}

// hint is what is shown at a policy.
func (c *compilation) hint(i int, reach analysis.Reach) string {
	number := fmt.Sprintf("%d: ", i+1)
	switch reach {
	case analysis.Unreachable, analysis.MatchesNothing:
		return number + "decides nothing"
	case analysis.NeverAsked:
		return number + "is never asked about"
	}
	return number + outcomeOf(analysis.OutcomeOf(c.result.File, &c.result.File.Policies[i]))
}
