package lsp

import (
	"sync"

	"ups/cmd/ups/lsp/protocol"
	"ups/diag"
	"ups/grammar"
)

// mapper turns places of a tree into those of the protocol. It may be used by
// several goroutines.
type mapper struct {
	main    string
	sources map[string]*grammar.Source
	open    texts

	mu    *sync.Mutex
	texts map[string]*text // as far as they were needed
}

func newMapper(tree *grammar.Tree, open texts) mapper {
	m := mapper{main: tree.Name, sources: map[string]*grammar.Source{}, open: open, mu: &sync.Mutex{}, texts: map[string]*text{}}
	for _, s := range tree.Sources {
		m.sources[s.Name] = s
	}
	return m
}

// text returns the text of a file that was read, or nil.
func (m *mapper) text(name string) *text {
	s := m.sources[name]
	if s == nil && name != m.main {
		return nil // a line mark names it
	}
	if d := m.open[absolute(name)]; d != nil {
		return d.text
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	if s != nil && m.texts[name] == nil {
		m.texts[name] = newText(string(s.Text))
	}
	return m.texts[name]
}

// lying returns a span as it lies in a file that was read. Where a line mark says
// that a text is of another file, its offset and column are still those of the
// source that has the mark.
func (m *mapper) lying(s diag.Span) diag.Span {
	t := m.text(m.main)
	if m.sources[s.Start.Filename] != nil || t == nil || !s.IsValid() {
		return s
	}
	if t.Begins(s.Start.Offset - s.Start.Column + 1) {
		s.Start.Filename, s.End.Filename = m.main, m.main
	}
	return s
}

// path returns the path of a file that was read; for a header that comes with the
// program, of a copy.
func (m *mapper) path(name string) (path string, ok bool) {
	if s := m.sources[name]; s != nil && s.Builtin {
		return headerCopy(s)
	}
	return absolute(name), true
}

// place returns the file and the range of a span. What can't be found is the
// beginning of the source.
func (m *mapper) place(s diag.Span) (path string, r protocol.Range) {
	s = m.lying(s)
	name := s.Start.Filename
	t := m.text(name)
	path, ok := m.path(name)
	if t == nil || !ok || !s.IsValid() {
		return absolute(m.main), protocol.Range{}
	}
	return path, t.Span(s.Start.Offset, max(s.Start.Offset, s.End.Offset))
}

// location returns the location of a span.
func (m *mapper) location(s diag.Span) protocol.Location {
	path, r := m.place(s)
	return protocol.Location{URI: m.uri(path), Range: r}
}

// uri returns the URI of a path: the client's own, if it is open.
func (m *mapper) uri(path string) protocol.DocumentURI { return m.open.uri(path) }

// uri returns the URI of a path: the client's own, if it is open.
func (t texts) uri(path string) protocol.DocumentURI {
	if d := t[path]; d != nil {
		return d.uri
	}
	return protocol.URIOf(path)
}
