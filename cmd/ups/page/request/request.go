// Package request is the part of a page in which a person types a request and
// sees which policy decides it, and why each earlier one doesn't. The answers are
// those of a WebAssembly module, in a worker.
package request

import (
	_ "embed"
	"encoding/base64"
	"html/template"

	"ups/cmd/ups/page/wasm"
)

var (
	//go:embed style.css
	// Style is the style of the box. It uses the colours of the page: the
	// properties --fg, --bg, --panel, --line, --control, --muted, --accent,
	// --allow, --ask and --deny.
	Style string

	//go:embed engine.js
	engine string
	//go:embed box.js
	box string
	//go:embed worker.js
	worker string
	//go:embed box.html
	markup string
)

// Engine is the script with the class Engine, which calls a module, and Box the
// one that fills all elements of the class request-box. Each has in data-list the
// number of a list, which is in an element of the class compiled with the same
// number: the compiled file in base64, and its name in data-name. A box begins with
// the request of its data-client, data-destination and data-passed.
var (
	Engine = engine
	Box    = box
)

// Parts is what the scripts read, for the page's body.
func Parts() template.HTML {
	return template.HTML(markup) + data("ups-worker", "text/plain", wasm.Script+worker)
}

// Tail is the end of a page's body: the module, so that nothing that can be seen
// waits for it.
func Tail(module []byte) template.HTML {
	return data("ups-module", "application/octet-stream;base64", base64.StdEncoding.EncodeToString(module))
}

// data is an element that holds text for scripts. It has no end tag in it, as a
// test holds.
func data(id, kind, content string) template.HTML {
	return template.HTML(`<script type="` + kind + `" id="` + id + `">` + content + "</script>\n")
}
