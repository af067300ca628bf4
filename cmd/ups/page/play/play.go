// Package play is ups play: a page in which policy sources are edited, and what
// they decide is shown while somebody types.
package play

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"html/template"
	"runtime/debug"

	"github.com/spf13/cobra"

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/usage"
	"ups/cmd/ups/internal/version"
	"ups/cmd/ups/internal/website"
	"ups/cmd/ups/page/assets"
	"ups/cmd/ups/page/document"
	"ups/cmd/ups/page/request"
	"ups/cmd/ups/page/svg"
	"ups/cmd/ups/page/wasm"
)

var (
	//go:embed play.css
	style string
	//go:embed editor.js
	editor string
	//go:embed share.js
	share string
	//go:embed problems.js
	problems string
	//go:embed policies.js
	policies string
	//go:embed play.js
	script string
	//go:embed play.html
	body string

	bodyTemplate = template.Must(template.New("play").Parse(body))
)

// New returns the command.
func New(con *console.Console) *cobra.Command {
	var f website.Flags
	cmd := &cobra.Command{
		Use:   "play",
		Short: "Edit policies in a browser and see what they decide",
		Long: `Edit policies in a browser and see what they decide: diagnostics and findings, a
picture of the list and an answer to a request, while you type. The page is served
on this machine alone until the command is interrupted. It is compiled and looked
at in the browser, by this program as WebAssembly: nothing is sent anywhere, and a
link that shares a source has it after the #, which browsers don't send.

With -d the page is written as one file, index.html, for any web server or to be
opened as it is.`,
		Example: `  ups play --open
  ups play --port 8080
  ups play -d site/`,
		Args: usage.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, err := newSite()
			if err != nil {
				return err
			}
			return f.Run(cmd.Context(), con, s)
		},
	}
	f.Register(cmd.Flags(), "the page")
	return cmd
}

// newSite returns the page as a site of one file.
func newSite() (*website.Site, error) {
	p, err := newPage()
	if err != nil {
		return nil, err
	}
	content, err := p.Render()
	return &website.Site{Files: map[string][]byte{"index.html": content}, Policy: p.Policy()}, err
}

func newPage() (*document.Page, error) {
	list, err := readExamples()
	if err != nil {
		return nil, err
	}
	// encoding/json escapes <, so that no text ends the element that it is in.
	text, err := json.Marshal(list)
	if err != nil {
		return nil, err
	}
	info, _ := debug.ReadBuildInfo()
	view := struct {
		Version  string
		Examples template.JS
	}{version.Of(info), template.JS(text)}
	var b bytes.Buffer
	if err := bodyTemplate.Execute(&b, view); err != nil {
		return nil, err
	}
	return &document.Page{
		Title: "ups play", Style: assets.Style + request.Style + svg.Style + style,
		Body: template.HTML(b.String()) + request.Parts(), Scripts: []string{assets.Script, request.Engine, request.Box, editor, share, problems, policies, script},
		Tail: request.Tail(wasm.Play), Modules: true,
	}, nil
}
