package format

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"ups/cmd/ups/internal/batch"
	"ups/cmd/ups/internal/console"
	"ups/compiler"
	"ups/diag"
	"ups/grammar"
	layout "ups/grammar/format"
	"ups/internal/readfile"
)

// file is a file, and what becomes of it.
type file struct {
	path          string
	before, after []byte
	left          []layout.Left
	batch.Outcome
}

// done reports whether it was laid out.
func (f *file) done() bool { return f.Err == nil && !f.Failed }

// layOut reads a file and lays it out.
func (f *command) layOut(ctx context.Context, path string) file {
	src, err := f.con.Read(ctx, path, grammar.MaxSource)
	out := file{path: path, before: src}
	if path == console.Stdio {
		out.path = console.StdinName
	}
	if errors.Is(err, readfile.ErrTooLarge) {
		err = fmt.Errorf("%s: %w", path, grammar.ErrTooLarge)
	}
	opt, optErr := grammar.Options{}, error(nil)
	if err == nil {
		opt, optErr = f.settings.Options(out.path)
	}
	if out.Err = errors.Join(err, optErr); out.Err != nil {
		return out
	}
	p := proof{file: &out, opt: opt, compiles: !isHeader(path)}
	p.layOut()
	return out
}

// proof lays a file out and makes sure that it means the same.
type proof struct {
	*file
	opt      grammar.Options
	compiles bool // it is a source, and not a header
}

// reading is what is made of a text.
type reading struct {
	tree  *grammar.Tree
	bytes []byte   // compiled; nil without
	codes []string // of the diagnostics
}

func (p *proof) layOut() {
	first := make(chan reading, 1)
	go func() { first <- p.read(p.before) }()
	laid, err := layout.Source(string(p.before))
	if err == nil && laid.Text != string(p.before) {
		p.compare(<-first, p.read([]byte(laid.Text)))
	} else {
		p.refuseMistakes((<-first).tree)
	}
	if err != nil && !p.Failed {
		p.Err = fmt.Errorf("%s: %w", p.path, err)
	}
	p.after, p.left = []byte(laid.Text), laid.Left
}

// read compiles a text, or parses one of a header.
func (p *proof) read(text []byte) reading {
	if !p.compiles {
		tree := grammar.Parse(p.path, text, p.opt)
		return reading{tree: tree, codes: codesOf(tree.Diagnostics.All())}
	}
	r := compiler.Compile(p.path, text, compiler.Options{Options: p.opt, NoCheck: true})
	return reading{r.Tree, r.Bytes, codesOf(r.Diagnostics)}
}

// codesOf returns the codes of diagnostics, sorted: another layout may change the
// order of places. A lone CR is white space that isn't kept.
func codesOf(ds []diag.Diagnostic) []string {
	var codes []string
	for _, d := range ds {
		if d.Code != "lone-cr" {
			codes = append(codes, d.Code)
		}
	}
	slices.Sort(codes)
	return codes
}

func (p *proof) compare(before, after reading) {
	p.refuseMistakes(before.tree)
	if !p.Failed && (!bytes.Equal(before.bytes, after.bytes) || !slices.Equal(before.codes, after.codes)) {
		p.Err = fmt.Errorf("%s: %w", p.path, layout.ErrChanged)
	}
}

// refuseMistakes refuses a file with mistakes in its syntax. A header that isn't
// found is none: the text can be laid out without.
func (p *proof) refuseMistakes(tree *grammar.Tree) {
	if tree == nil {
		return
	}
	for _, d := range tree.Diagnostics.All() {
		if d.Severity == diag.Error && d.Code != "include-missing" {
			p.Diagnostics = append(p.Diagnostics, d)
		}
	}
	p.Failed = len(p.Diagnostics) > 0
	p.Texts = map[string][]byte{p.path: p.before}
	for _, s := range tree.Sources {
		p.Texts[s.Name] = s.Text
		if !s.Builtin && s.Name != console.StdinName {
			p.Read = append(p.Read, s.Name)
		}
	}
}
