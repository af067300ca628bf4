package docs

import (
	"bytes"
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io/fs"
	"maps"
	"net/http"
	"path"
	"slices"
	"strings"

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

func (s *site) names() []string { return slices.Sorted(maps.Keys(s.files)) }

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

// ServeHTTP serves the files. Nothing may be loaded from elsewhere.
func (s *site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		http.Error(w, "the documentation can only be read", http.StatusMethodNotAllowed)
		return
	}
	name := strings.TrimPrefix(path.Clean("/"+r.URL.Path), "/")
	if name == "" || strings.HasSuffix(r.URL.Path, "/") {
		name = path.Join(name, "index.html")
	}
	content, ok := s.files[name]
	if !ok {
		http.NotFound(w, r)
		return
	}
	h := w.Header()
	h.Set("Content-Type", contentTypes[path.Ext(name)])
	h.Set("Content-Security-Policy", "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Length", fmt.Sprint(len(content)))
	if r.Method == http.MethodGet {
		w.Write(content) // whether the browser is still there is of no interest
	}
}

var contentTypes = map[string]string{
	".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".json": "application/json", ".svg": "image/svg+xml",
}
