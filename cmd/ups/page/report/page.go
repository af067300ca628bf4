package report

import (
	"bytes"
	"fmt"
	"html/template"
	"runtime/debug"

	"ups/cmd/ups/internal/version"
	"ups/cmd/ups/page/assets"
	"ups/cmd/ups/page/document"
	"ups/cmd/ups/page/request"
	"ups/cmd/ups/page/svg"
	"ups/cmd/ups/page/wasm"
)

// pageView is what the page shows.
type pageView struct {
	Heading string
	Version string
	Lists   []*listView
}

// page returns the page.
func page(lists []*list) ([]byte, error) {
	body, err := template.New("report").Parse(assets.Report)
	if err != nil {
		return nil, err
	}
	info, _ := debug.ReadBuildInfo()
	v := pageView{Heading: headingOf(lists), Version: version.Of(info)}
	for i, l := range lists {
		view, err := viewOf(i, l)
		if err != nil {
			return nil, err
		}
		v.Lists = append(v.Lists, view)
	}
	var b bytes.Buffer
	if err := body.Execute(&b, v); err != nil {
		return nil, err
	}
	p := document.Page{
		Title: v.Heading, Style: assets.Style + request.Style, Inline: []string{svg.Style}, Body: template.HTML(b.String()) + request.Parts(),
		Scripts: []string{assets.Script, request.Engine, request.Box}, Modules: true, Tail: request.Tail(wasm.Decide),
	}
	return p.Render()
}

func headingOf(lists []*list) string {
	if len(lists) == 1 {
		return "What " + lists[0].Title + " decides"
	}
	return fmt.Sprintf("What %d policy lists decide", len(lists))
}
