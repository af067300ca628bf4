package grammar_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ups/diag"
	"ups/grammar"
)

func TestSyntax(t *testing.T) {
	accepted := []string{
		``, `UID2 1 UID3 2;`, `CHARACTER_SET UTF8; NAME A`, `enum X { A }`, `enum { A = 1|2*3-(4), B };`,
		`STRUCT X { }`, `STRUCT X { WORD a; LONG b[] = { 1 }; LTEXT c(5) = "x"; STRUCT d; LEN BYTE STRUCT e[]; }`,
		`STRUCT X { WORD a[5]; }`, `STRUCT X BYTE { }`, `STRUCT X { BUF<4> a; }`, `STRUCT X { WORD a[2+3] = {1}; }`,
		`RESOURCE A { }`, `GLOBAL RESOURCE A b { }`, `LOCAL RESOURCE A b { x = 1; }`,
		`RESOURCE A { x = {}; y = {{}}; z = {1,"a",B{}}; }`, `RESOURCE A { x = B { y = C { z = 1; }; }; }`,
		`RESOURCE A { x = - - 1 - -2; }`, `RESOURCE A { x = "a" <1> "b"; }`,
	}
	refused := []string{
		`;`, `UID2 1;;`, `UID3`, `NAME`, `NAME 1`, `NAME A B`, `enum { }`, `enum { A B }`, `enum { A; B }`,
		`enum { A = }`, `enum A B { C }`, `STRUCT X { WORD a }`, `STRUCT X { WORD; }`, `STRUCT { }`,
		`STRUCT X LONG { }`, `STRUCT X WORD BYTE { }`, `STRUCT X { BUF<4 a; }`, `STRUCT X { WORD a[5; }`,
		`LOCAL GLOBAL RESOURCE A { }`, `RESOURCE A b c { }`, `RESOURCE { }`, `RESOURCE A { x = 1 -; }`,
		`RESOURCE A { x = (1; }`, `RESOURCE A { x = "a" 1; }`, `RESOURCE A { x = <1; }`, `RESOURCE A { x = ; }`,
		`RESOURCE A { x 1; }`, `RESOURCE A { = 1; }`, `RESOURCE A { x = NAME; }`, `RESOURCE A { x = 1; } }`,
		`RESOURCE A { x = {1,}; }`, `RESOURCE A { x = {,1}; }`, `RESOURCE A { x = {1 2}; }`,
		`RESOURCE A { x = {B{} C{}}; }`, `RESOURCE A { x = {B{}; C{}}; }`, `RESOURCE A { x = {B{}}, C{}}; }`,
		`RESOURCE A { x = B{ y = 1; , C{}; }`, `x`, `{ }`, `RESOURCE A`, `UID2 { }`, `UID2 1 +`, `enum { A`,
		`STRUCT X { WORD a; `,
	}
	for _, src := range slices.Concat(accepted, refused) {
		tree := grammar.Parse("a.rss", []byte(src), grammar.Options{Files: memory{}})
		if got, want := hasSyntaxError(tree), slices.Contains(refused, src); got != want {
			t.Errorf("%s: refused is %v, want %v: %v", src, got, want, tree.Diagnostics.All())
		}
	}
}

func hasSyntaxError(tree *grammar.Tree) bool {
	return slices.ContainsFunc(tree.Diagnostics.All(), isSyntax)
}

// isSyntax reports whether a diagnostic is about the grammar, not about
// preprocessing.
func isSyntax(d diag.Diagnostic) bool {
	switch d.Code {
	case "unexpected", "statement-unknown", "brace-missing", "brace-extra", "semicolon-missing", "semicolon-in-list",
		"comma-missing", "comma-trailing", "character-unknown", "text-unquoted":
		return true
	}
	return false
}

// TestPrecedence has expressions, and how their operators bind.
func TestPrecedence(t *testing.T) {
	for src, want := range map[string]string{
		"1":             "1",
		"1|2+4":         "((1|2)+4)",
		"2*3|4":         "(2*(3|4))",
		"8/2|1":         "(8/(2|1))",
		"1-2-3":         "((1-2)-3)",
		"1-2*3-4":       "((1-(2*3))-4)",
		"8/4/2*3":       "(((8/4)/2)*3)",
		"-1|2":          "(-1|2)",
		"-(1+2)*-A":     "(-(1+2)*-A)",
		"- -1--2":       "(--1--2)",
		"((1))":         "((1))",
		"'a'+A|B|C-0x1": "(('a'+((A|B)|C))-0x1)",
	} {
		tree := grammar.Parse("a.rss", []byte("UID2 "+src), grammar.Options{Files: memory{}})
		if got := printed(tree); got != "UID2 "+want+"\n" {
			t.Errorf("%s is read as %s, want %s", src, got, want)
		}
	}
}

// FuzzPrinted writes what is read of a source as a source again: it has no
// mistake in it, whatever there was in the first, and is read as the same.
func FuzzPrinted(f *testing.F) {
	seed(f)
	opt := grammar.Options{Files: memory{}, Defines: []grammar.Define{{Name: "_UNICODE", Undef: true}}}
	f.Fuzz(func(t *testing.T, src []byte) {
		tree := grammar.Parse("a.rss", src, opt)
		if tree.Incomplete || lexicalMistake(tree) {
			return
		}
		first := printed(tree)
		again := grammar.Parse("b.rss", []byte(first), opt)
		if again.Incomplete {
			return // a limit
		}
		if second := printed(again); second != first || hasSyntaxError(again) {
			t.Errorf("read as\n%s\nand that as\n%s\n%v", first, second, again.Diagnostics.All())
		}
	})
}

// printed writes a tree as a source, with parentheses around each operator.
func printed(tree *grammar.Tree) string {
	var b strings.Builder
	for _, s := range tree.Statements {
		if text := printedStatement(s); text != "" {
			fmt.Fprintln(&b, text)
		}
	}
	return b.String()
}

func printedStatement(s grammar.Statement) string {
	switch s := s.(type) {
	case *grammar.UID:
		return s.Keyword + " " + printedExpr(s.Value)
	case *grammar.NameStatement:
		return "NAME " + s.Name.Text
	case *grammar.CharacterSet:
		return "CHARACTER_SET " + s.Name.Text
	case *grammar.Enum:
		return printedEnum(s)
	case *grammar.StructDecl:
		return printedStruct(s)
	}
	r := s.(*grammar.Resource)
	local := ""
	if r.Local {
		local = "LOCAL "
	}
	return fmt.Sprintf("%sRESOURCE %s %s %s", local, r.Struct.Text, printedName(r.Name), printedFields(r.Fields))
}

func printedName(id *grammar.Ident) string {
	if id == nil {
		return ""
	}
	return id.Text
}

func printedEnum(e *grammar.Enum) string {
	if len(e.Enumerators) == 0 {
		return "" // one that has none has a mistake
	}
	var out []string
	for _, e := range e.Enumerators {
		text := e.Name.Text
		if e.Value != nil {
			text += " = " + printedExpr(e.Value)
		}
		out = append(out, text)
	}
	return fmt.Sprintf("enum %s { %s }", printedName(e.Name), strings.Join(out, ", "))
}

func printedStruct(s *grammar.StructDecl) string {
	out := ""
	for _, m := range s.Members {
		out += printedMember(m) + "; "
	}
	return fmt.Sprintf("STRUCT %s %s { %s}", s.Name.Text, s.Len, out)
}

func printedMember(m grammar.Member) string {
	out := m.Type
	if m.Len {
		out = "LEN " + out
	}
	if m.Most != nil {
		out += "<" + printedExpr(m.Most) + ">"
	}
	out += " " + m.Name.Text
	if m.Limit != nil {
		out += "(" + printedExpr(m.Limit) + ")"
	}
	switch {
	case m.Size != nil:
		out += "[" + printedExpr(m.Size) + "]"
	case m.Array:
		out += "[]"
	}
	if m.Default != nil {
		out += " = " + printedValue(m.Default)
	}
	return out
}

func printedFields(fields []*grammar.Field) string {
	out := ""
	for _, f := range fields {
		out += f.Name.Text + " = " + printedValue(f.Value) + "; "
	}
	return "{ " + out + "}"
}

func printedValue(v grammar.Value) string {
	switch v := v.(type) {
	case *grammar.StructValue:
		return v.Name.Text + " " + printedFields(v.Fields)
	case *grammar.ListValue:
		var items []string
		for _, item := range v.Items {
			items = append(items, printedValue(item))
		}
		return "{ " + strings.Join(items, ", ") + " }"
	case *grammar.TextValue:
		var parts []string
		for _, p := range v.Parts {
			if p.Code != nil {
				parts = append(parts, "<"+printedExpr(p.Code)+">")
			} else {
				parts = append(parts, p.Literal)
			}
		}
		return strings.Join(parts, " ")
	}
	return printedExpr(v.(*grammar.NumberValue).Expr)
}

func printedExpr(x grammar.Expr) string {
	switch x := x.(type) {
	case *grammar.Literal:
		return x.Text
	case *grammar.Constant:
		return x.Name
	case *grammar.Unary:
		return "-" + printedExpr(x.X)
	case *grammar.Paren:
		if _, parenthesised := x.X.(*grammar.Binary); parenthesised {
			return printedExpr(x.X)
		}
		return "(" + printedExpr(x.X) + ")"
	}
	b := x.(*grammar.Binary)
	return fmt.Sprintf("(%s%c%s)", printedExpr(b.Left), b.Op, printedExpr(b.Right))
}
