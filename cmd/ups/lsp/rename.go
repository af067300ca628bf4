package lsp

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"

	"ups/cmd/ups/lsp/protocol"
)

var identifier = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`)

// reserved are the words that no name may be.
var reserved = []string{
	"RESOURCE", "STRUCT", "NAME", "UID2", "UID3", "CHARACTER_SET", "GLOBAL", "LOCAL", "enum", "ENUM", "LEN",
	"BYTE", "WORD", "LONG", "LINK", "LLINK", "LTEXT", "LTEXT8", "LTEXT16", "BUF", "BUF8", "BUF16", "TEXT", "TEXT8", "TEXT16",
	"DOUBLE", "SRLINK", "defined", "_UNICODE",
}

// renamable returns the symbol at a place, or why it can't be renamed.
func (c *compilation) renamable(d *document, at protocol.Position) (*symbol, error) {
	sym := c.symbolAt(d, at)
	switch {
	case sym == nil:
		return nil, fmt.Errorf("there is no name here that can be renamed: macros and constants can")
	case sym.kind == structName, sym.kind == fieldName:
		return nil, fmt.Errorf("%s is a name of the platform's: policies could not be compiled without it", sym.name)
	case slices.ContainsFunc(sym.definitions, func(def definition) bool { return def.source.Builtin }):
		return nil, fmt.Errorf("%s is defined in a header of the platform", sym.name)
	}
	return sym, nil
}

func (s *server) prepareRename(_ context.Context, p *protocol.TextDocumentPositionParams) (*protocol.PrepareRenameResult, error) {
	d, c, err := s.open(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	sym, err := c.renamable(d, p.Position)
	if err != nil {
		return nil, err
	}
	return &protocol.PrepareRenameResult{Range: sym.span, Placeholder: sym.name}, nil
}

// rename gives a symbol another name, in all sources that have it. Each is compiled
// with both names: it must come to the same bytes.
func (s *server) rename(ctx context.Context, p *protocol.RenameParams) (*protocol.WorkspaceEdit, error) {
	d, c, err := s.open(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	sym, err := c.renamable(d, p.Position)
	if err != nil {
		return nil, err
	}
	if !identifier.MatchString(p.NewName) || slices.Contains(reserved, p.NewName) {
		return nil, fmt.Errorf("%q can't be a name: it has letters, digits and _, no digit in front, and is no keyword", p.NewName)
	}
	all, units, err := s.occurrences(ctx, c, sym)
	if err != nil {
		return nil, err
	}
	for _, unit := range units {
		if path, taken := unit.mentions(p.NewName); taken && p.NewName != sym.name {
			return nil, fmt.Errorf("%s is a name in %s already", p.NewName, path)
		}
	}
	open, _ := s.snapshot()
	edits := editsOf(all, p.NewName)
	for _, unit := range units {
		if ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if !s.sameAfter(unit, all, p.NewName) {
			return nil, fmt.Errorf("%s would not compile to the same file: %s is used in a way that its text doesn't show, such as by ##", unit.path, sym.name)
		}
	}
	return s.workspaceEdit(open, edits), nil
}

// mentions reports whether a name stands in a file that was read.
func (c *compilation) mentions(name string) (path string, is bool) {
	for _, src := range c.result.Tree.Sources {
		p := c.piecesOf(src)
		for i := range p.all {
			if p.name(i) && p.is(i, name) {
				return absolute(src.Name), true
			}
		}
	}
	return "", false
}

// editsOf are the edits that put a name in the place of another, by path.
func editsOf(all []occurrence, name string) map[string][]protocol.TextEdit {
	edits := map[string][]protocol.TextEdit{}
	for _, o := range all {
		edits[o.path] = append(edits[o.path], protocol.TextEdit{Range: o.text.Span(o.start, o.end), NewText: name})
	}
	return edits
}

// sameAfter reports whether a source means the same after a rename.
func (s *server) sameAfter(unit *compilation, all []occurrence, name string) bool {
	renamed := unit.texts
	for i := 0; i < len(all); {
		path, t, last := all[i].path, all[i].text.String(), 0
		var b bytes.Buffer
		for ; i < len(all) && all[i].path == path; i++ {
			b.WriteString(t[last:all[i].start] + name)
			last = all[i].end
		}
		b.WriteString(t[last:])
		renamed = renamed.with(path, &document{uri: protocol.URIOf(path), path: path, text: newText(b.String())})
	}
	now := s.compile(unit.path, renamed)
	return bytes.Equal(now.result.Bytes, unit.result.Bytes) && len(now.result.Diagnostics) == len(unit.result.Diagnostics)
}

// workspaceEdit makes an edit of files, with their versions if the client can take
// these.
func (s *server) workspaceEdit(open texts, edits map[string][]protocol.TextEdit) *protocol.WorkspaceEdit {
	out := &protocol.WorkspaceEdit{}
	for _, path := range slices.Sorted(maps.Keys(edits)) {
		list := edits[path]
		if s.client.Workspace.WorkspaceEdit.DocumentChanges {
			id := protocol.OptionalVersionedTextDocumentIdentifier{URI: open.uri(path)}
			if d := open[path]; d != nil {
				id.Version = &d.version
			}
			out.DocumentChanges = append(out.DocumentChanges, protocol.TextDocumentEdit{TextDocument: id, Edits: list})
			continue
		}
		if out.Changes == nil {
			out.Changes = map[protocol.DocumentURI][]protocol.TextEdit{}
		}
		out.Changes[open.uri(path)] = list
	}
	return out
}
