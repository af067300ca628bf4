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
	if d := m.open[absolute(name)]; d != nil {
		return d.text
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	s := m.sources[name]
	if s != nil && m.texts[name] == nil {
		m.texts[name] = newText(string(s.Text))
	}
	return m.texts[name]
}

// path returns the path of a file that was read; for a header that comes with the
// program, of a copy.
func (m *mapper) path(name string) (path string, ok bool) {
	if s := m.sources[name]; s != nil && s.Builtin {
		return headerCopy(s)
	}
	return absolute(name), true
}

// place returns the file and the range of a span. What can't be found, such as a
// place that a line mark names, is the beginning of the source.
func (m *mapper) place(s diag.Span) (path string, r protocol.Range) {
	name := s.Start.Filename
	t := m.text(name)
	path, ok := m.path(name)
	if t == nil || !ok || !s.IsValid() {
		return absolute(m.main), protocol.Range{}
	}
	return path, t.span(s.Start.Offset, max(s.Start.Offset, s.End.Offset))
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
	return uriOf(path)
}
