//go:build editors

package editors

import (
	"strings"

	"ups/grammar"
)

// namesOf returns what the names of a text are, by their offsets, as far as the
// tree says it.
func namesOf(d document) map[int]class {
	w := &walker{text: d.text, names: map[int]class{}}
	w.tree = grammar.Parse(d.name, []byte(d.text), grammar.Options{})
	for _, s := range w.tree.Statements {
		w.statement(s)
	}
	return w.names
}

// walker goes through a tree, and notes the classes of names.
type walker struct {
	tree  *grammar.Tree
	text  string
	names map[int]class
}

// note says what a token is, if it is written in the text. What came out of a
// macro is a use of the macro there.
func (w *walker) note(token int, c class) {
	span := w.tree.TokenSpan(token)
	at := span.Start.Offset
	if span.Start.Filename != w.tree.Name || at >= len(w.text) {
		return
	}
	if w.tree.Tokens[token].FromMacro() {
		w.names[at] = w.use(at, c)
	} else if strings.HasPrefix(w.text[at:], w.tree.Tokens[token].Text) {
		w.names[at] = c
	}
}

// use returns the class of a macro's use. Without arguments it can't be told
// from what it stands for.
func (w *walker) use(at int, c class) class {
	end := at
	for end < len(w.text) && (w.text[end] == '_' || w.text[end]|0x20 >= 'a' && w.text[end]|0x20 <= 'z' || w.text[end] >= '0' && w.text[end] <= '9') {
		end++
	}
	if strings.HasPrefix(strings.TrimLeft(w.text[end:], " \t"), "(") {
		return macro
	}
	if c == structName || c == field {
		return anyName
	}
	return constant
}

func (w *walker) ident(i *grammar.Ident, c class) {
	if i != nil {
		w.note(i.First, c)
	}
}

func (w *walker) statement(s grammar.Statement) {
	switch s := s.(type) {
	case *grammar.UID:
		w.expr(s.Value)
	case *grammar.NameStatement:
		w.ident(&s.Name, constant)
	case *grammar.CharacterSet:
		w.ident(&s.Name, constant)
	case *grammar.Enum:
		w.ident(s.Name, structName)
		for _, e := range s.Enumerators {
			w.ident(&e.Name, constant)
			w.expr(e.Value)
		}
	case *grammar.StructDecl:
		w.ident(&s.Name, structName)
		w.words(s.Name.Last+1, s.Last)
		for _, m := range s.Members {
			w.member(m)
		}
	case *grammar.Resource:
		w.ident(&s.Struct, structName)
		w.ident(s.Name, resource)
		w.fields(s.Fields)
	}
}

// words notes the names from one token up to another as keywords, as those of
// types are.
func (w *walker) words(from, to int) {
	for i := from; i < to; i++ {
		w.note(i, keyword)
	}
}

func (w *walker) member(m grammar.Member) {
	w.words(m.First, m.Name.First)
	w.ident(&m.Name, field)
	w.expr(m.Most)
	w.expr(m.Limit)
	w.expr(m.Size)
	w.value(m.Default)
}

func (w *walker) fields(fields []*grammar.Field) {
	for _, f := range fields {
		w.ident(&f.Name, field)
		w.value(f.Value)
	}
}

func (w *walker) value(v grammar.Value) {
	switch v := v.(type) {
	case *grammar.NumberValue:
		w.expr(v.Expr)
	case *grammar.TextValue:
		for _, p := range v.Parts {
			w.note(p.First, constant)
			w.expr(p.Code)
		}
	case *grammar.ListValue:
		for _, item := range v.Items {
			w.value(item)
		}
	case *grammar.StructValue:
		w.ident(&v.Name, structName)
		w.fields(v.Fields)
	}
}

func (w *walker) expr(e grammar.Expr) {
	switch e := e.(type) {
	case *grammar.Constant:
		w.note(e.First, constant)
	case *grammar.Literal:
		w.note(e.First, constant)
	case *grammar.Unary:
		w.expr(e.X)
	case *grammar.Paren:
		w.expr(e.X)
	case *grammar.Binary:
		w.expr(e.Left)
		w.expr(e.Right)
	}
}
