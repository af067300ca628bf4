package lsp

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
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
	for _, n := range d.pieces().definitions() {
		if n.kind == fieldName {
			continue
		}
		out = append(out, protocol.DocumentSymbol{
			Name: n.name, Kind: symbolKinds[n.kind],
			Range: d.Span(n.start, n.end), SelectionRange: d.Span(n.start, n.start+len(n.name)),
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
	if c.texts[d.path] != d {
		return nil
	}
	var out []protocol.DocumentSymbol
	for i := range c.policies {
		if r, here := c.rangeOf(i, d.path); here {
			head, _ := c.headOf(i, d.path)
			out = append(out, protocol.DocumentSymbol{Name: c.titleAt(i), Kind: protocol.SymbolObject, Range: r, SelectionRange: head})
		}
	}
	return out
}

// listed is a policy as it is listed among those of the folders.
type listed struct {
	title string
	at    protocol.Range
}

// listed returns the policies that stand in a source itself.
func (c *compilation) listed() []listed {
	if c.result.File == nil {
		return nil
	}
	var out []listed
	for i := range c.result.File.Policies {
		if r, here := c.rangeOf(i, c.path); here {
			out = append(out, listed{titleOf(c.result.File, i), r})
		}
	}
	return out
}

// allListed returns the policies of the folders and of what is open, by the paths of
// their sources.
func (s *server) allListed(ctx context.Context) map[string][]listed {
	out := map[string][]listed{}
	entries, _ := s.indexed(ctx)
	for path, e := range entries {
		out[path] = e.listed
	}
	s.mu.Lock()
	sources := slices.Collect(maps.Values(s.sources))
	s.mu.Unlock()
	for _, src := range sources {
		if ctx.Err() == nil {
			out[src.path] = s.compiled(src).listed()
		}
	}
	return out
}

// workspaceSymbol finds policies of the folders by a part of what tells of them.
func (s *server) workspaceSymbol(ctx context.Context, p *protocol.WorkspaceSymbolParams) ([]protocol.SymbolInformation, error) {
	open, _ := s.snapshot()
	out := []protocol.SymbolInformation{}
	query := strings.ToLower(p.Query)
	all := s.allListed(ctx)
	for _, path := range slices.Sorted(maps.Keys(all)) {
		for _, l := range all[path] {
			if len(out) < maxSymbols && strings.Contains(strings.ToLower(l.title), query) {
				out = append(out, protocol.SymbolInformation{
					Name: l.title, Kind: protocol.SymbolObject, ContainerName: filepath.Base(path),
					Location: protocol.Location{URI: open.uri(path), Range: l.at},
				})
			}
		}
	}
	return out, ctx.Err()
}
