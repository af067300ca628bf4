package docs

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"slices"

	pages "ups/docs"
)

//go:embed static
var static embed.FS

var layout = template.Must(template.ParseFS(static, "static/page.html"))

// site is all files of the web site, by their paths.
type site struct {
	files map[string][]byte
	pages []*page
}

// newSite renders all pages.
func newSite() (*site, error) {
	s := &site{files: map[string][]byte{}}
	book, err := readBook(pages.Files)
	if err != nil {
		return nil, err
	}
	s.pages = book.pages
	for i, p := range book.pages {
		var b bytes.Buffer
		if err := layout.Execute(&b, book.view(i)); err != nil {
			return nil, fmt.Errorf("%s: %w", p.source, err)
		}
		s.files[p.path] = b.Bytes()
	}
	for _, name := range []string{"style.css", "script.js"} {
		if s.files[name], err = static.ReadFile("static/" + name); err != nil {
			return nil, err
		}
	}
	if s.files["search.js"], err = searchIndex(book.pages); err != nil {
		return nil, err
	}
	return s, s.copy("*.json", "pictures/*.svg")
}

// copy adds files as they are.
func (s *site) copy(patterns ...string) error {
	for _, pattern := range patterns {
		names, err := fs.Glob(pages.Files, pattern)
		if err != nil {
			return err
		}
		for _, name := range names {
			if s.files[name], err = pages.Files.ReadFile(name); err != nil {
				return err
			}
		}
	}
	return nil
}

// searchIndex returns what the search looks through, as a script: a page that was
// opened as a file may not read another.
func searchIndex(list []*page) ([]byte, error) {
	type entry struct {
		Path, Title, Text string
		Headings          []heading
	}
	var entries []entry
	for _, p := range list {
		entries = append(entries, entry{p.path, p.Title, p.text, p.Headings})
	}
	b, err := json.Marshal(entries)
	return slices.Concat([]byte("const book = "), b, []byte(";\n")), err
}
