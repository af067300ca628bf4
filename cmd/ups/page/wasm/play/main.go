//go:build js

// Play is the module of the page of ups play: it compiles sources, looks at them
// and answers requests.
package main

import (
	"ups/cmd/ups/page/lists"
	"ups/cmd/ups/page/sources"
	"ups/cmd/ups/page/wasm/internal/bridge"
)

// edited is the number of the list that is made of the sources.
const edited = 0

func main() {
	var l lists.Lists
	functions := bridge.Answering(&l)
	functions["compile"] = func(args bridge.Arguments) ([]byte, error) { return compile(&l, args) }
	functions["look"] = look
	bridge.Serve(functions)
}

// compile compiles sources. If they have no errors, requests are answered by them
// from now on.
func compile(l *lists.Lists, args bridge.Arguments) ([]byte, error) {
	s, err := parse(args)
	if err != nil {
		return nil, err
	}
	c := s.Compile()
	if f, err := c.File(); err == nil {
		if err := l.Put(edited, s.Name, f); err != nil {
			return nil, err
		}
	}
	return c.JSON()
}

// look compiles sources and runs lint.
func look(args bridge.Arguments) ([]byte, error) {
	s, err := parse(args)
	if err != nil {
		return nil, err
	}
	return s.Compile().Look()
}

// maxJSON is how many characters the JSON of sources may have: escaped, each of
// their bytes may take six.
const maxJSON = 6*sources.MaxText + 1<<10

func parse(args bridge.Arguments) (*sources.Sources, error) {
	text, err := args.Text(0, maxJSON)
	if err != nil {
		return nil, err
	}
	return sources.Parse(text)
}
