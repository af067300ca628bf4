package lsp

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"ups/cmd/ups/lsp/protocol"
	"ups/grammar"
)

var includeLine = regexp.MustCompile(`^[ \t]*#[ \t]*include[ \t]*(["<])([^">]*)[">]?`)

// includeAt returns the file that the #include on the line of a place names.
func (c *compilation) includeAt(d *document, at protocol.Position) (protocol.Location, bool) {
	line, _ := d.Line(int(d.Position(d.Offset(at)).Line))
	m := includeLine.FindStringSubmatch(line)
	if m == nil {
		return protocol.Location{}, false
	}
	for _, candidate := range c.lookedAt(d.path, m[1] == `"`, m[2]) {
		if c.read[candidate] {
			return protocol.Location{URI: c.places.uri(candidate)}, true
		}
	}
	for _, src := range c.result.Tree.Sources {
		if src.Builtin && src.Name == "<"+m[2]+">" {
			path, ok := headerCopy(src)
			return protocol.Location{URI: protocol.URIOf(path)}, ok
		}
	}
	return protocol.Location{}, false
}

// lookedAt returns where an included file is looked for, in order.
func (c *compilation) lookedAt(from string, quoted bool, name string) []string {
	var out []string
	if quoted {
		out = append(out, filepath.Join(filepath.Dir(from), filepath.FromSlash(name)))
	}
	for _, dir := range c.options.IncludeDirs {
		out = append(out, absolute(filepath.Join(dir, filepath.FromSlash(name))))
	}
	return out
}

// includeBegun is the beginning of an #include, up to what is being written.
var includeBegun = regexp.MustCompile(`^[ \t]*#[ \t]*include[ \t]*(["<])([^">]*)$`)

// headers adds the headers that can be included: those that come with the program,
// and files of the folders that are looked in.
func (x *completer) headers(quote, begun string) {
	closing := ">"
	if quote == `"` {
		closing = `"`
	}
	end := x.includeEnd(closing)
	offered := map[string]bool{}
	offer := func(name string) {
		if offered[name] {
			return // a header that is found in two folders
		}
		offered[name] = true
		item := protocol.CompletionItem{Label: name, Kind: protocol.CompletionFile}
		item.TextEdit = &protocol.TextEdit{Range: x.d.Span(x.offset-len(begun), end), NewText: name + closing}
		x.items = append(x.items, item)
	}
	if quote == "<" {
		for _, name := range builtinHeaders() {
			offer(name)
		}
	}
	folder := begun[:strings.LastIndexByte(begun, '/')+1]
	for _, dir := range x.c.lookedAt(x.d.path, quote == `"`, "./"+folder) {
		for _, name := range headersIn(dir) {
			if filepath.Join(dir, name) != x.d.path {
				offer(folder + name)
			}
		}
	}
}

// includeEnd returns where the name of an included file ends: after its closing sign
// if there is one on the line, or else at the place.
func (x *completer) includeEnd(closing string) int {
	line, start := x.d.Line(int(x.d.Position(x.offset).Line))
	if i := strings.Index(line[x.offset-start:], closing); i >= 0 {
		return x.offset + i + len(closing)
	}
	return x.offset
}

// builtinHeaders returns the names that the headers are included by that come with
// the program.
func builtinHeaders() []string {
	var out []string
	_ = fs.WalkDir(grammar.Headers(), ".", func(name string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			out = append(out, name)
		}
		return err
	}) // an embedded folder has no errors
	return out
}

// headersIn returns the headers of a folder.
func headersIn(dir string) []string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil
	}
	var out []string
	for _, e := range entries {
		switch strings.ToLower(filepath.Ext(e.Name())) {
		case ".rh", ".hrh", ".h", ".rsg":
			out = append(out, e.Name())
		}
	}
	return out
}
