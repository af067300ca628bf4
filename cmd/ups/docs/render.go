package docs

import (
	"bytes"
	"fmt"
	"html/template"
	"path"
	"strings"
	"unicode"

	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/parser"
	"github.com/yuin/goldmark/text"
)

// render makes a page of Markdown, as GitHub reads it.
func render(source string, markdown []byte) (*page, error) {
	p := &page{source: source, path: htmlPath(source)}
	md := goldmark.New(goldmark.WithExtensions(extension.GFM), goldmark.WithParserOptions(parser.WithAutoHeadingID()))
	ctx := parser.NewContext(parser.WithIDs(&ids{used: map[string]int{}}))
	doc := md.Parser().Parse(text.NewReader(markdown), parser.WithContext(ctx))
	if err := ast.Walk(doc, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			p.visit(n, markdown)
		}
		return ast.WalkContinue, nil
	}); err != nil {
		return nil, err
	}
	if p.Title == "" {
		return nil, fmt.Errorf("%s has no title", source)
	}
	var b bytes.Buffer
	if err := md.Renderer().Render(&b, markdown, doc); err != nil {
		return nil, fmt.Errorf("%s: %w", source, err)
	}
	// Goldmark leaves raw HTML out, and the pages are this program's own.
	p.body = template.HTML(strings.ReplaceAll(b.String(), "<th></th>", "<td></td>")) // no header is none to announce
	p.text = strings.Join(strings.Fields(p.text), " ")
	return p, nil
}

// visit notes headings, text and links of a page, and points its links at the
// pages of the site.
func (p *page) visit(n ast.Node, markdown []byte) {
	switch n := n.(type) {
	case *ast.Heading:
		title := plain(n, markdown)
		id, _ := n.AttributeString("id")
		anchor, _ := id.([]byte)
		switch n.Level {
		case 1:
			p.Title = title
		case 2:
			p.Headings = append(p.Headings, heading{string(anchor), title})
		}
	case *ast.Link:
		n.Destination = []byte(p.target(string(n.Destination)))
	case *ast.Text:
		p.text += string(n.Segment.Value(markdown))
		if n.SoftLineBreak() || n.NextSibling() == nil {
			p.text += " "
		}
	case *ast.FencedCodeBlock, *ast.CodeBlock:
		lines := n.Lines()
		for i := range lines.Len() {
			line := lines.At(i)
			p.text += string(line.Value(markdown)) + " "
		}
	}
}

// target returns where a link leads in the site. What isn't in the documentation
// is where it is in the repository, which a reader of the site may not have: the
// link leads to the contents.
func (p *page) target(destination string) string {
	file, anchor, found := strings.Cut(destination, "#")
	if found {
		anchor = "#" + anchor
	}
	switch {
	case file == "" || strings.Contains(file, "://"):
		return destination
	case !isLocal(path.Join(path.Dir(p.source), file)):
		return strings.Repeat("../", strings.Count(p.path, "/")) + "index.html"
	case path.Ext(file) == ".md":
		destination = htmlPath(file) + anchor
	}
	p.links = append(p.links, destination)
	return destination
}

func isLocal(name string) bool { return name != ".." && !strings.HasPrefix(name, "../") }

// plain returns the text of a node without markup.
func plain(n ast.Node, markdown []byte) string {
	var b strings.Builder
	_ = ast.Walk(n, func(n ast.Node, entering bool) (ast.WalkStatus, error) { // no step fails
		if t, ok := n.(*ast.Text); ok && entering {
			b.Write(t.Segment.Value(markdown))
		}
		return ast.WalkContinue, nil
	})
	return b.String()
}

// ids makes the anchors that GitHub makes.
type ids struct{ used map[string]int }

// Generate implements parser.IDs.
func (d *ids) Generate(value []byte, _ ast.NodeKind) []byte {
	id := strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r), unicode.IsDigit(r), r == '-', r == '_':
			return unicode.ToLower(r)
		case r == ' ':
			return '-'
		}
		return -1
	}, string(value))
	n := d.used[id]
	d.used[id]++
	if n > 0 {
		id += fmt.Sprintf("-%d", n)
	}
	return []byte(id)
}

// Put implements parser.IDs.
func (d *ids) Put(value []byte) { d.used[string(value)]++ }
