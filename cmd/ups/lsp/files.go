package lsp

import (
	"fmt"
	"path/filepath"
	"strings"

	"ups/grammar"
)

// texts are the documents that are open, by path. They stand in for what is on
// the disk. A map is never changed: each change makes another.
type texts map[string]*document

// with returns the texts with a document, or without the one of its path.
func (t texts) with(path string, d *document) texts {
	out := make(texts, len(t)+1)
	for p, other := range t {
		if p != path {
			out[p] = other
		}
	}
	if d != nil {
		out[path] = d
	}
	return out
}

// ReadFile implements grammar.Files.
func (t texts) ReadFile(name string, limit int64) ([]byte, error) {
	d, open := t[absolute(name)]
	switch {
	case !open:
		return grammar.Disk{}.ReadFile(name, limit)
	case int64(len(d.String())) > limit:
		return nil, fmt.Errorf("%s: %w", name, grammar.ErrTooLarge)
	}
	return []byte(d.String()), nil
}

// IsDir reports whether a name is that of a folder.
func (t texts) IsDir(name string) (bool, error) { return grammar.Disk{}.IsDir(name) }

// Same reports whether two paths lead to one file.
func (t texts) Same(a, b string) bool {
	return absolute(a) == absolute(b) || grammar.Disk{}.Same(a, b)
}

// absolute returns the path that stands for a file everywhere in the server. What
// has none goes by its URI, as in pathOf.
func absolute(name string) string {
	if scheme, _, is := strings.Cut(name, ":"); is && len(scheme) > 1 && !strings.ContainsAny(scheme, `/\`) {
		return name
	}
	if abs, err := filepath.Abs(name); err == nil {
		return abs
	}
	return name
}
