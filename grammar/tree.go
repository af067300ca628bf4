// Package grammar reads policy sources: text to tokens by a C preprocessor,
// tokens to a syntax tree, keeping every position, comment and macro (the
// language is in docs/language.md).
//
// Parse never fails. What is wrong is in Tree.Diagnostics, and what could be
// read in spite of it is in the tree.
package grammar

import (
	"iter"
	"maps"
	"slices"

	"ups/diag"
)

// Define is a macro defined, or taken back, before the source is read.
type Define struct {
	Name  string
	Value string // "" stands for 1
	Undef bool
}

// Options says how a source is read. The zero value is ready for use.
type Options struct {
	Files       Files    // where included files are read from; nil is Disk
	IncludeDirs []string // where included files are looked for, in order
	Defines     []Define // in order
}

// Tree is a source after parsing. Its nodes name tokens by their place in
// Tokens.
type Tree struct {
	Name       string
	Sources    []*Source // every file that was read, in the order of first reading
	Tokens     []Token   // after preprocessing; the last one is EOF
	Comments   []Comment
	Statements []Statement

	// Diagnostics is what is wrong with the text as such; what it means is
	// the compiler's to judge.
	Diagnostics diag.List
	Macros      []string // the names that are defined at the end, sorted

	// Incomplete says that reading had to end early, or a file is missing, so
	// that names that seem unknown may be all right.
	Incomplete bool

	locations  locations
	expansions []expansion // [0] is not used
	tracer     Tracer      // of the places of Diagnostics
}

// Parse reads a source. name is what diagnostics call it, and its folder is
// where quoted includes are looked for first.
func Parse(name string, src []byte, opt Options) *Tree {
	if opt.Files == nil {
		opt.Files = Disk{}
	}
	t, _ := parse(name, src, opt, parsedHeaders())
	return t
}

func parse(name string, src []byte, opt Options, h *headers) (*Tree, *preprocessor) {
	t := newTree(name)
	pp := newPreprocessor(t, opt, h)
	pp.run(name, src)
	t.Macros = slices.Sorted(maps.Keys(pp.macros))
	if !pp.stopped {
		newParser(t).source()
	}
	return t, pp
}

func newTree(name string) *Tree {
	t := &Tree{Name: name, locations: newLocations(), expansions: make([]expansion, 1)}
	t.tracer.tree = t
	return t
}

// Node is a stretch of tokens: the indexes of its first and last.
type Node struct{ First, Last int }

// Range returns the stretch itself, for what holds a Node.
func (n Node) Range() Node { return n }

func (n *Node) place(at Node) { *n = at }

// Span returns the place of a node in the source.
func (t *Tree) Span(n Node) diag.Span {
	return t.TokenSpan(n.First).To(t.TokenSpan(n.Last))
}

// TokenSpan returns the place of a token in the source: for one that came out
// of a macro, of the macro's use.
func (t *Tree) TokenSpan(i int) diag.Span {
	token := t.Tokens[i]
	return t.locations.span(token.start, token.end)
}

// Origins yields the names of the macros that a token came out of, innermost
// first, as far as a person would follow them.
func (t *Tree) Origins(i int) iter.Seq[string] {
	const most = 64
	return func(yield func(string) bool) {
		id := t.Tokens[i].expansion
		for n := 0; id != 0 && n < most && yield(t.expansions[id].macro.name.Text); n++ {
			id = t.expansions[id].outer
		}
	}
}

// CommentSpan returns the place of a comment in the source.
func (t *Tree) CommentSpan(c Comment) diag.Span { return t.locations.span(c.start, c.end) }

// Text returns the tokens of a node as they are written, with one space for all
// white space between them.
func (t *Tree) Text(n Node) string { return spell(t.Tokens[n.First : n.Last+1]) }

// Reported reports whether a node is one token with a mistake of its own, which
// has been reported.
func (t *Tree) Reported(n Node) bool { return n.First == n.Last && t.Tokens[n.First].reported }

// report adds a diagnostic about a node.
func (t *Tree) report(n Node, d diag.Diagnostic) {
	if !t.Reported(n) {
		t.Diagnostics.Add(d.At(t.tracer.Place(n)))
	}
}

// reportToken adds an error at a token that isn't in the tree yet.
func (t *Tree) reportToken(at Token, d diag.Diagnostic) {
	d.Severity = diag.Error
	t.add(at, d)
}

func (t *Tree) add(at Token, d diag.Diagnostic) {
	t.Diagnostics.Add(d.At(diag.Place{Span: t.locations.span(at.start, at.end), Chain: t.tracer.chain(at)}))
}

// full reports whether errors had to be left out.
func (t *Tree) full() bool { return t.Diagnostics.Overflows(diag.Error) }
