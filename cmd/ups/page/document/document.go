// Package document makes a page that is one file: its style and its scripts are
// in it, and its content security policy lets a browser take nothing else.
package document

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"strings"
)

// Page is a page.
type Page struct {
	Title string
	Style string
	// Inline are the texts of style elements that stand in the body, now or
	// after a script has put them there, as in a picture.
	Inline  []string
	Body    template.HTML
	Scripts []string // run in order, after the body is there
	// Tail stands at the end, after the scripts.
	Tail template.HTML
	// Modules lets the page run WebAssembly, and scripts of its own as workers.
	Modules bool
}

//go:embed page.html
var layoutText string

var layout = template.Must(template.New("page").Parse(layoutText))

// Render returns the page as HTML.
func (p *Page) Render() ([]byte, error) {
	type view struct {
		Title, Policy string
		Style         template.HTML
		Body          template.HTML
		Scripts       []template.HTML
		Tail          template.HTML
	}
	v := view{Title: p.Title, Policy: p.Policy(), Body: p.Body, Tail: p.Tail}
	// Texts of this program, written as they are so that their hashes hold.
	v.Style = template.HTML("<style>" + p.Style + "</style>")
	for _, s := range p.Scripts {
		if strings.Contains(s, "</script") {
			return nil, fmt.Errorf("%s: a script has an end tag in it", p.Title)
		}
		v.Scripts = append(v.Scripts, template.HTML("<script>"+s+"</script>"))
	}
	var b bytes.Buffer
	err := layout.Execute(&b, v)
	return b.Bytes(), err
}

// Policy returns the content security policy (Content Security Policy Level 3):
// nothing is loaded from elsewhere, and only the page's own scripts run.
func (p *Page) Policy() string {
	scripts, workers := hashes(p.Scripts), ""
	if p.Modules {
		scripts = append(scripts, "'wasm-unsafe-eval'")
		workers = "; worker-src blob:"
	}
	styles := hashes(append([]string{p.Style}, p.Inline...))
	return fmt.Sprintf("default-src 'none'; style-src %s; script-src %s; img-src data:%s; base-uri 'none'; form-action 'none'",
		strings.Join(styles, " "), cmp.Or(strings.Join(scripts, " "), "'none'"), workers)
}

// hashes returns the sources of a policy that let texts through.
func hashes(texts []string) []string {
	var all []string
	for _, text := range texts {
		sum := sha256.Sum256([]byte(text))
		all = append(all, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
	}
	return all
}
