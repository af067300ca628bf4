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
		p := &parser{tree: t, end: len(t.Tokens) - 1, whole: &whole{structs: map[string]bool{}, silent: t.Incomplete}}
		p.source()
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

// Range gives the stretch itself, for what holds a Node.
func (n Node) Range() Node { return n }

// Span gives the place of a node in the source.
func (t *Tree) Span(n Node) diag.Span {
	return t.TokenSpan(n.First).To(t.TokenSpan(n.Last))
}

// TokenSpan gives the place of a token in the source: for one that came out
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

// CommentSpan gives the place of a comment in the source.
func (t *Tree) CommentSpan(c Comment) diag.Span { return t.locations.span(c.start, c.end) }

// Text gives the tokens of a node as they are written, with one space for all
// white space between them.
func (t *Tree) Text(n Node) string { return spell(t.Tokens[n.First : n.Last+1]) }

// Broken reports whether a node is one token that is broken: what is wrong with
// it has been reported.
func (t *Tree) Broken(n Node) bool { return n.First == n.Last && t.Tokens[n.First].broken }

// report adds a diagnostic about a node.
func (t *Tree) report(n Node, d diag.Diagnostic) {
	if !t.Broken(n) {
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

// Statement is one of *UID, *NameStatement, *CharacterSet, *Enum,
// *StructDecl, *Resource.
type Statement interface {
	Range() Node
}

// UID is a UID2 or UID3 statement.
type UID struct {
	Node
	Number int // 2 or 3
	Value  Expr
}

// NameStatement is NAME, the letters that resource ids begin with.
type NameStatement struct {
	Node
	Name Ident
}

// CharacterSet is CHARACTER_SET, in force for the strings after it.
type CharacterSet struct {
	Node
	Name Ident
}

// Enum is a list of constants.
type Enum struct {
	Node
	Name        *Ident // nil if it has none
	Enumerators []Enumerator
}

// Enumerator is one constant of an Enum.
type Enumerator struct {
	Node
	Name  Ident
	Value Expr // nil: one more than the one before
}

// StructDecl declares the layout of a struct.
type StructDecl struct {
	Node
	Name    Ident
	Len     *Ident // BYTE or WORD, the length that stands before its fields; nil if there is none
	Members []Member
}

// Member is one field of a StructDecl.
type Member struct {
	Node
	Type    Ident
	Name    Ident
	Limit   Expr  // of a text's length; nil if none is given
	Array   bool  // the field is a list
	Size    Expr  // how many values the list has; nil if any number
	Default Value // nil if none is given
}

// Resource is a RESOURCE statement.
type Resource struct {
	Node
	Local  bool   // LOCAL: its name is left out of the .rsg header
	Struct Ident  // of which struct it is
	Name   *Ident // nil if it has none
	Fields []*Field
}

// Field gives one field of a resource or struct a value.
type Field struct {
	Node
	Name  Ident
	Value Value
}

// Ident is a name, and the token that it is.
type Ident struct {
	Node
	Text string
}

// Value is one of *NumberValue, *TextValue, *ListValue, *StructValue.
type Value interface {
	Range() Node
}

// NumberValue is an expression in the place of a value.
type NumberValue struct {
	Node
	Expr Expr
}

// TextValue is strings and character codes side by side.
type TextValue struct {
	Node
	Parts []TextPart
}

// TextPart is a string literal or, if Code isn't nil, <Code>.
type TextPart struct {
	Node
	Code Expr
}

// ListValue is values between braces.
type ListValue struct {
	Node
	Items []Value
}

// StructValue is a struct value: its name and its fields between braces.
type StructValue struct {
	Node
	Name   Ident
	Fields []*Field
}

// Expr is one of *Literal, *Constant, *Unary, *Binary, *Paren.
type Expr interface {
	Range() Node
}

// Literal is a number or a character, as written.
type Literal struct {
	Node
	Kind Kind // Number or Char
	Text string
}

// Constant is a name that stands for a number.
type Constant struct {
	Node
	Name string
}

// Unary is the negative of an expression.
type Unary struct {
	Node
	X Expr
}

// Binary is two expressions and one of + - * / | between them.
type Binary struct {
	Node
	Op          byte
	Left, Right Expr
}

// Paren is an expression in parentheses.
type Paren struct {
	Node
	X Expr
}
