package lsp

import (
	"context"
	"maps"
	"slices"

	"ups/cmd/ups/lsp/protocol"
	"ups/diag"
	"ups/grammar"
)

// symbol is a name at a place, and where it is defined.
type symbol struct {
	named
	span        protocol.Range // of the name at the place
	definitions []definition
}

// definition is one place where a name is defined.
type definition struct {
	named
	source *grammar.Source
	path   string
}

// symbolAt returns the name at a place of a text, as one compilation has it. It is
// nil where no name stands, or one that is defined nowhere, such as the parameter of a
// macro.
func (c *compilation) symbolAt(d *document, at protocol.Position) *symbol {
	p := d.pieces()
	i := p.at(d.Offset(at))
	if i < 0 || p.line[i] >= 0 && p.hasParameter(p.line[i], p.all[i].Text) {
		return nil
	}
	name, field := p.all[i].Text, p.isField(i)
	of := p.around[i]
	sym := &symbol{span: d.Span(p.all[i].Offset, p.end(i))}
	for _, def := range c.definitions(name) {
		if (def.kind == fieldName) != field && def.kind != macroName || field && def.kind == fieldName && def.of != of {
			continue
		}
		sym.named = def.named
		sym.definitions = append(sym.definitions, def)
	}
	if len(sym.definitions) == 0 {
		return nil
	}
	return sym
}

// definitions returns where a name is defined in what was read.
func (c *compilation) definitions(name string) []definition {
	var out []definition
	for _, src := range c.result.Tree.Sources {
		path := absolute(src.Name)
		for _, n := range c.piecesOf(src).definitions() {
			if n.name == name {
				out = append(out, definition{n, src, path})
			}
		}
	}
	return out
}

// piecesOf returns the pieces of a file that was read.
func (c *compilation) piecesOf(src *grammar.Source) *pieces { return c.places.text(src.Name).pieces() }

// location returns where a definition is.
func (c *compilation) location(def definition) protocol.Location {
	at := diag.Pos{Filename: def.source.Name, Offset: def.start, Line: 1, Column: 1}
	end := at
	end.Offset += len(def.name)
	return c.places.location(diag.Span{Start: at, End: end})
}

func (s *server) definition(_ context.Context, p *protocol.TextDocumentPositionParams) ([]protocol.Location, error) {
	d, c, err := s.open(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	if l, is := c.includeAt(d, p.Position); is {
		return []protocol.Location{l}, nil
	}
	sym := c.symbolAt(d, p.Position)
	if sym == nil {
		return nil, nil
	}
	var out []protocol.Location
	for _, def := range sym.definitions {
		out = append(out, c.location(def))
	}
	return out, nil
}

// open returns a document that is open, and a compilation that says what it means.
func (s *server) open(uri protocol.DocumentURI) (*document, *compilation, error) {
	path := uri.Path()
	for {
		d := s.document(path)
		if d == nil {
			return nil, nil, errNotOpen(uri)
		}
		c := s.about(path)
		if c.texts[path] == d || s.document(path) == d {
			return d, c, nil
		}
	}
}

// occurrence is a use of a name.
type occurrence struct {
	path       string
	start, end int
	text       *text
	defines    bool
}

// occurrences returns where a symbol stands in all sources that have it from the
// same place, and in what they read.
func (s *server) occurrences(ctx context.Context, c *compilation, sym *symbol) ([]occurrence, []*compilation, error) {
	units, err := s.sharing(ctx, c, sym)
	if err != nil {
		return nil, nil, err
	}
	found := map[string][]occurrence{}
	for _, unit := range units {
		for _, src := range unit.result.Tree.Sources {
			path := absolute(src.Name)
			if _, done := found[path]; !done && !src.Builtin {
				found[path] = unit.occurrencesIn(src, sym.named)
			}
		}
	}
	var out []occurrence
	for _, path := range slices.Sorted(maps.Keys(found)) {
		out = append(out, found[path]...)
	}
	return out, units, nil
}

func (c *compilation) occurrencesIn(src *grammar.Source, n named) []occurrence {
	p := c.piecesOf(src)
	defined := map[int]bool{}
	for _, def := range p.definitions() {
		if def.name == n.name {
			defined[def.start] = true
		}
	}
	var out []occurrence
	for _, start := range p.uses(n) {
		out = append(out, occurrence{absolute(src.Name), start, start + len(n.name), c.places.text(src.Name), defined[start]})
	}
	return out
}

// sharing returns compilations of the sources, open or in the folders, that have a
// symbol from the same place.
func (s *server) sharing(ctx context.Context, c *compilation, sym *symbol) ([]*compilation, error) {
	units := []*compilation{c}
	for _, path := range s.candidates(ctx, c, sym) {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		other := s.about(path)
		if other.defines(sym) {
			units = append(units, other)
		}
	}
	return units, nil
}

// candidates returns the sources that read a file which defines a symbol.
func (s *server) candidates(ctx context.Context, c *compilation, sym *symbol) []string {
	reads := func(read func(string) bool) bool {
		return slices.ContainsFunc(sym.definitions, func(d definition) bool { return d.source.Builtin || read(d.path) })
	}
	paths := map[string]bool{}
	entries, _ := s.indexed(ctx)
	for path, e := range entries {
		if reads(func(p string) bool { _, ok := e.stamps[p]; return ok }) {
			paths[path] = true
		}
	}
	s.mu.Lock()
	for path, src := range s.sources {
		if reads(src.reads) {
			paths[path] = true
		}
	}
	s.mu.Unlock()
	delete(paths, c.path)
	return slices.Sorted(maps.Keys(paths))
}

// defines reports whether a source has a symbol from a place where it is defined.
func (c *compilation) defines(sym *symbol) bool {
	return slices.ContainsFunc(c.definitions(sym.name), func(d definition) bool {
		return slices.ContainsFunc(sym.definitions, func(e definition) bool {
			return d.path == e.path && d.source.Builtin == e.source.Builtin && d.start == e.start
		})
	})
}

func (s *server) references(ctx context.Context, p *protocol.ReferenceParams) ([]protocol.Location, error) {
	d, c, err := s.open(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	sym := c.symbolAt(d, p.Position)
	if sym == nil {
		return nil, nil
	}
	all, _, err := s.occurrences(ctx, c, sym)
	open, _ := s.snapshot()
	out := []protocol.Location{}
	for _, o := range all {
		if p.Context.IncludeDeclaration || !o.defines {
			out = append(out, protocol.Location{URI: open.uri(o.path), Range: o.text.Span(o.start, o.end)})
		}
	}
	return out, err
}

func (s *server) highlight(_ context.Context, p *protocol.TextDocumentPositionParams) ([]protocol.DocumentHighlight, error) {
	d, c, err := s.open(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	sym := c.symbolAt(d, p.Position)
	if sym == nil {
		return nil, nil
	}
	var out []protocol.DocumentHighlight
	for _, start := range d.pieces().uses(sym.named) {
		out = append(out, protocol.DocumentHighlight{Range: d.Span(start, start+len(sym.name))})
	}
	return out, nil
}
