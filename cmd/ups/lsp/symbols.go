package lsp

import (
	"context"
	"path/filepath"
	"strings"

	"ups/cmd/ups/lsp/protocol"
)

// maxSymbols is how many symbols of the folders are listed.
const maxSymbols = 1000

func (s *server) documentSymbol(_ context.Context, p *protocol.DocumentParams) ([]protocol.DocumentSymbol, error) {
	d, c, err := s.open(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	out := []protocol.DocumentSymbol{}
	for _, n := range piecesOf(d.string).definitions() {
		if n.kind == fieldName {
			continue
		}
		out = append(out, protocol.DocumentSymbol{
			Name: n.name, Kind: symbolKinds[n.kind],
			Range: d.span(n.start, n.end), SelectionRange: d.span(n.start, n.start+len(n.name)),
		})
	}
	return append(out, c.policySymbols(d)...), nil
}

var symbolKinds = map[nameKind]int{
	macroName: protocol.SymbolConstant, constantName: protocol.SymbolEnumMember,
	structName: protocol.SymbolStruct, resourceName: protocol.SymbolObject,
}

// policySymbols lists the policies that stand in a document.
func (c *compilation) policySymbols(d *document) []protocol.DocumentSymbol {
	if c.result.File == nil || c.texts[d.path] != d {
		return nil
	}
	var out []protocol.DocumentSymbol
	for i := range c.result.File.Policies {
		if r, here := c.rangeOf(i, d.path); here {
			head := r
			if head.End.Line > head.Start.Line || head.End.Character > head.Start.Character+uint32(len("POLICY")) {
				head.End = protocol.Position{Line: r.Start.Line, Character: r.Start.Character + uint32(len("POLICY"))}
			}
			out = append(out, protocol.DocumentSymbol{Name: titleOf(c.result.File, i), Kind: protocol.SymbolObject, Range: r, SelectionRange: head})
		}
	}
	return out
}

// workspaceSymbol finds policies of the folders by a part of what tells of them.
func (s *server) workspaceSymbol(ctx context.Context, p *protocol.WorkspaceSymbolParams) ([]protocol.SymbolInformation, error) {
	open, _ := s.snapshot()
	out := []protocol.SymbolInformation{}
	query := strings.ToLower(p.Query)
	for path := range s.indexed(ctx) {
		if ctx.Err() != nil || len(out) >= maxSymbols {
			break
		}
		c := s.about(path)
		if c.result.File == nil {
			continue
		}
		for i := range c.result.File.Policies {
			name := titleOf(c.result.File, i)
			r, here := c.rangeOf(i, path)
			if here && strings.Contains(strings.ToLower(name), query) && len(out) < maxSymbols {
				out = append(out, protocol.SymbolInformation{
					Name: name, Kind: protocol.SymbolObject, ContainerName: filepath.Base(path),
					Location: protocol.Location{URI: open.uri(path), Range: r},
				})
			}
		}
	}
	return out, ctx.Err()
}
