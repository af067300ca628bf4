package lsp

import (
	"cmp"
	"maps"
	"slices"
	"sync"

	"ups/cmd/ups/lsp/lines"
	"ups/cmd/ups/lsp/protocol"
)

// carried is what lint found last. Until it has looked at the text as it is now,
// that is shown, where it stands now.
type carried struct {
	mu    sync.Mutex
	found byFile
}

func (c *carried) set(found byFile) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.found = found
}

func (c *carried) get() byFile {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.found
}

// carryOver moves what is carried of a text, in all sources, with edits of it.
func (s *server) carryOver(path string, d *document, changes []protocol.TextDocumentContentChangeEvent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, src := range s.sources {
		src.carried.edit(path, changes)
	}
}

// edit moves the diagnostics of a text with edits. One that an edit touches is
// dropped: nothing is known of it now.
func (c *carried) edit(path string, changes []protocol.TextDocumentContentChangeEvent) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.found[path]) == 0 {
		return
	}
	c.found = maps.Clone(c.found)
	moved := slices.Clone(c.found[path])
	for _, e := range changes {
		moved = movedBy(moved, e)
	}
	c.found[path] = moved
}

// movedBy moves diagnostics in place.
func movedBy(ds []protocol.Diagnostic, e protocol.TextDocumentContentChangeEvent) []protocol.Diagnostic {
	if e.Range == nil {
		return nil
	}
	out, end := ds[:0], lines.New(e.Text).Position(len(e.Text))
	for _, d := range ds {
		switch {
		case !before(e.Range.Start, d.Range.End):
			out = append(out, d)
		case !before(d.Range.Start, e.Range.End):
			d.Range = protocol.Range{Start: after(d.Range.Start, *e.Range, end), End: after(d.Range.End, *e.Range, end)}
			out = append(out, d)
		}
	}
	return out
}

func compare(a, b protocol.Position) int {
	return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Character, b.Character))
}

func before(a, b protocol.Position) bool { return compare(a, b) < 0 }

// after returns where a position is once a range before it is replaced by a text,
// given by the position of its end.
func after(p protocol.Position, replaced protocol.Range, end protocol.Position) protocol.Position {
	if p.Line == replaced.End.Line {
		p.Character -= replaced.End.Character
		if end.Line == 0 {
			p.Character += replaced.Start.Character
		}
		p.Character += end.Character
	}
	p.Line = p.Line - replaced.End.Line + replaced.Start.Line + end.Line
	return p
}
