package docs

import (
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
)

// book is the pages in their order, in parts.
type book struct {
	pages []*page
	parts []part
}

// part is a heading of the table of contents and the pages below it.
type part struct {
	Title string
	Pages []*page
}

// page is one page.
type page struct {
	source, path string // of the Markdown and of the HTML
	Title        string
	Headings     []heading // of the second level
	body         template.HTML
	text         string // without markup, for the search
	links        []string
}

type heading struct{ ID, Text string }

// contents are the lines of the table of contents that count: parts and pages.
var contents = regexp.MustCompile(`(?m)^## (.+)$|^- \[(?:.+)\]\(([^)]+\.md)\)$`)

// readBook reads the table of contents in README.md and renders the pages that it
// names, in that order, and then all others.
func readBook(files fs.FS) (*book, error) {
	b := &book{}
	if err := b.add(files, "README.md"); err != nil {
		return nil, err
	}
	readme, err := fs.ReadFile(files, "README.md")
	if err != nil {
		return nil, err
	}
	for _, m := range contents.FindAllSubmatch(readme, -1) {
		if len(m[1]) > 0 {
			b.parts = append(b.parts, part{Title: string(m[1])})
			continue
		}
		if len(b.parts) == 0 {
			return nil, fmt.Errorf("README.md: %s stands before the first part", m[2])
		}
		if err := b.add(files, string(m[2])); err != nil {
			return nil, err
		}
		last := &b.parts[len(b.parts)-1]
		last.Pages = append(last.Pages, b.pages[len(b.pages)-1])
	}
	return b, fs.WalkDir(files, ".", func(name string, d fs.DirEntry, err error) error {
		known := slices.ContainsFunc(b.pages, func(p *page) bool { return p.source == name })
		if err != nil || path.Ext(name) != ".md" || known {
			return err
		}
		return b.add(files, name)
	})
}

func (b *book) add(files fs.FS, source string) error {
	text, err := fs.ReadFile(files, source)
	if err != nil {
		return err
	}
	p, err := render(source, text)
	b.pages = append(b.pages, p)
	return err
}

// htmlPath returns where a page is in the site.
func htmlPath(source string) string {
	if path.Base(source) == "README.md" {
		return path.Join(path.Dir(source), "index.html")
	}
	return strings.TrimSuffix(source, ".md") + ".html"
}

// view is what the layout shows.
type view struct {
	*page
	Root       string // the way to the top of the site, "" or "../"
	Body       template.HTML
	Parts      []viewPart
	Prev, Next *link
}

type viewPart struct {
	Title string
	Links []link
}

type link struct {
	Href, Title string
	Current     bool
}

func (b *book) view(i int) view {
	p := b.pages[i]
	v := view{page: p, Body: p.body, Root: strings.Repeat("../", strings.Count(p.path, "/"))}
	to := func(q *page) link { return link{v.Root + q.path, q.Title, p == q} }
	inOrder := []*page{b.pages[0]}
	for _, part := range b.parts {
		vp := viewPart{Title: part.Title}
		for _, q := range part.Pages {
			vp.Links = append(vp.Links, to(q))
		}
		v.Parts = append(v.Parts, vp)
		inOrder = append(inOrder, part.Pages...)
	}
	if k := slices.Index(inOrder, p); k >= 0 {
		if k > 0 {
			l := to(inOrder[k-1])
			v.Prev = &l
		}
		if k+1 < len(inOrder) {
			l := to(inOrder[k+1])
			v.Next = &l
		}
	}
	return v
}
