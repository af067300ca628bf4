package grammar_test

import (
	order "cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"ups/diag"
	"ups/grammar"
)

// The whole language (docs/language.md, Statements) as one participle
// grammar, as it stands in the specification. It is too slow to be used, and
// knows nothing of recovery; the parser that is used must agree with it on
// every source.
type (
	refSource struct {
		Statements []*refStatement `parser:"( @@ ';'? )*"`
	}
	refStatement struct {
		UID      *refUID      `parser:"  @@"`
		Named    *refNamed    `parser:"| @@"`
		Enum     *refEnum     `parser:"| @@"`
		Struct   *refStruct   `parser:"| @@"`
		Resource *refResource `parser:"| @@"`
	}
	refUID struct {
		Keyword string  `parser:"@('UID2' | 'UID3')"`
		Value   *refSum `parser:"@@"`
	}
	refNamed struct {
		Keyword string `parser:"@('NAME' | 'CHARACTER_SET')"`
		Name    string `parser:"@Name"`
	}
	refEnum struct {
		Name        string           `parser:"( 'enum' | 'ENUM' ) @Name? '{'"`
		Enumerators []*refEnumerator `parser:"@@ ( ',' @@ )* '}'"`
	}
	refEnumerator struct {
		Name  string  `parser:"@Name"`
		Value *refSum `parser:"( '=' @@ )?"`
	}
	refStruct struct {
		Name    string       `parser:"'STRUCT' @Name ( 'BYTE' | 'WORD' )? '{'"`
		Members []*refMember `parser:"@@* '}'"`
	}
	refMember struct {
		Type    string    `parser:"( 'LEN' ( 'BYTE' | 'WORD' )? )? @( Name | 'STRUCT' )"`
		Most    *refSum   `parser:"( '<' @@ '>' )?"`
		Name    string    `parser:"@Name"`
		Limit   *refSum   `parser:"( '(' @@ ')' )?"`
		Array   bool      `parser:"( @'['"`
		Size    *refSum   `parser:"@@? ']' )?"`
		Default *refValue `parser:"( '=' @@ )? ';'"`
	}
	refResource struct {
		Local  bool        `parser:"( 'GLOBAL' | @'LOCAL' )? 'RESOURCE'"`
		Struct string      `parser:"@Name"`
		Name   string      `parser:"@Name? '{'"`
		Fields []*refField `parser:"@@* '}'"`
	}
	refField struct {
		Name  string    `parser:"@Name '='"`
		Value *refValue `parser:"@@ ';'"`
	}
	refValue struct {
		Struct *refStructValue `parser:"  @@"`
		List   *refList        `parser:"| @@"`
		Text   []*refPart      `parser:"| @@+"`
		Number *refSum         `parser:"| @@"`
	}
	refStructValue struct {
		Name   string      `parser:"@Name '{'"`
		Fields []*refField `parser:"@@* '}'"`
	}
	refList struct {
		Items []*refValue `parser:"'{' ( @@ ( ',' @@ )* )? '}'"`
	}
	refPart struct {
		Literal string  `parser:"  @String"`
		Code    *refSum `parser:"| '<' @@ '>'"`
	}
	refSum struct {
		Left *refProduct `parser:"@@"`
		Rest []*refTerm  `parser:"@@*"`
	}
	refTerm struct {
		Op    string      `parser:"@( '+' | '-' )"`
		Right *refProduct `parser:"@@"`
	}
	refProduct struct {
		Left *refOr       `parser:"@@"`
		Rest []*refFactor `parser:"@@*"`
	}
	refFactor struct {
		Op    string `parser:"@( '*' | '/' )"`
		Right *refOr `parser:"@@"`
	}
	refOr struct {
		Terms []*refUnary `parser:"@@ ( '|' @@ )*"`
	}
	refUnary struct {
		Negative *refUnary `parser:"  '-' @@"`
		Paren    *refSum   `parser:"| '(' @@ ')'"`
		Atom     string    `parser:"| @( Number | Char | Name )"`
	}
)

// refTokens hands the tokens of a tree to participle.
type refTokens struct{ tokens []lexer.Token }

func (*refTokens) Symbols() map[string]lexer.TokenType {
	return map[string]lexer.TokenType{"EOF": lexer.EOF, "Name": -2, "Number": -3, "String": -4, "Char": -5, "Sign": -6, "Keyword": -7}
}

func (*refTokens) Lex(string, io.Reader) (lexer.Lexer, error) { return nil, errors.New("tokens only") }

func (r *refTokens) Next() (lexer.Token, error) {
	t := r.tokens[0]
	if len(r.tokens) > 1 {
		r.tokens = r.tokens[1:]
	}
	return t, nil
}

var keywords = strings.Fields("RESOURCE UID2 UID3 NAME CHARACTER_SET enum ENUM STRUCT GLOBAL LOCAL")

func refLex(tree *grammar.Tree) *refTokens {
	types := map[grammar.Kind]lexer.TokenType{
		grammar.EOF: lexer.EOF, grammar.Name: -2, grammar.Number: -3, grammar.String: -4, grammar.Char: -5, grammar.Punct: -6,
	}
	r := &refTokens{}
	for _, t := range tree.Tokens {
		kind := types[t.Kind]
		if t.Kind == grammar.Name && slices.Contains(keywords, t.Text) {
			kind = -7
		}
		r.tokens = append(r.tokens, lexer.Token{Type: kind, Value: t.Text})
	}
	return r
}

var refParser = participle.MustBuild[refSource](participle.Lexer(&refTokens{}), participle.UseLookahead(3))

// agreeWithReference compares what both parsers make of a source.
func agreeWithReference(t *testing.T, src []byte) {
	t.Helper()
	tree := grammar.Parse("a.rss", src, grammar.Options{Files: memory{}})
	if tree.Incomplete {
		return // a limit, or a file that is missing, and with it perhaps a brace
	}
	for _, d := range tree.Diagnostics.All() {
		switch d.Code {
		case "too-many", "macro-arguments", "macro-stringize", "macro-paste", "define-parameters", "string-unterminated", "character-unterminated", "comment-unterminated", "nul-byte":
			return // limits, broken tokens and spoilt macros are no matter of grammar
		}
	}
	refused := slices.ContainsFunc(tree.Diagnostics.All(), isSyntax)
	peeking, err := lexer.Upgrade(refLex(tree))
	if err != nil {
		t.Fatal(err)
	}
	ref, err := refParser.ParseFromLexer(peeking)
	if (err != nil) != refused {
		t.Fatalf("the reference says %v, the parser %v, of\n%s", err, tree.Diagnostics.All(), src)
	}
	if !refused {
		if got, want := showTree(tree), ref.String(); got != want {
			t.Fatalf("read as\n%s\nand by the reference as\n%s", got, want)
		}
	}
}

// isSyntax reports whether a diagnostic is about the grammar, not about
// preprocessing.
func isSyntax(d diag.Diagnostic) bool {
	switch d.Code {
	case "unexpected", "statement-unknown", "brace-missing", "brace-extra", "semicolon-missing", "semicolon-in-list",
		"comma-missing", "comma-trailing", "character-unknown":
		return true
	}
	return false
}

func TestReferenceGrammar(t *testing.T) {
	for _, src := range corpus(t) {
		if len(src) < 50_000 {
			agreeWithReference(t, src)
		}
	}
	for _, src := range []string{
		"", ";", "UID2 1;;", "UID3", "UID2 1 UID3 2;", "NAME", "NAME 1", "NAME A B", "CHARACTER_SET UTF8; NAME A",
		"enum { }", "enum X { A }", "enum { A = 1|2*3-(4), B };", "enum { A B }", "enum { A; B }", "enum { A = }", "enum A B { C }",
		"STRUCT X { }", "STRUCT X { WORD a; LONG b[] = { 1 }; LTEXT c(5) = \"x\"; STRUCT d; LEN BYTE STRUCT e[]; }", "STRUCT X { WORD a }",
		"STRUCT X { WORD; }", "STRUCT { }", "STRUCT X { WORD a[5]; }", "STRUCT X BYTE { }", "STRUCT X LONG { }", "STRUCT X WORD BYTE { }", "STRUCT X { BUF<4> a; }", "STRUCT X { BUF<4 a; }", "STRUCT X { WORD a[2+3] = {1}; }", "STRUCT X { WORD a[5; }",
		"RESOURCE A { }", "GLOBAL RESOURCE A b { }", "LOCAL RESOURCE A b { x = 1; }", "LOCAL GLOBAL RESOURCE A { }", "RESOURCE A b c { }", "RESOURCE { }",
		"RESOURCE A { x = {}; y = {{}}; z = {1,\"a\",B{}}; }", "RESOURCE A { x = B { y = C { z = 1; }; }; }",
		"RESOURCE A { x = - - 1 - -2; }", "RESOURCE A { x = 1 -; }", "RESOURCE A { x = (1; }", "RESOURCE A { x = \"a\" <1> \"b\"; }",
		"RESOURCE A { x = \"a\" 1; }", "RESOURCE A { x = <1; }", "RESOURCE A { x = ; }", "RESOURCE A { x 1; }", "RESOURCE A { = 1; }", "RESOURCE A { x = NAME; }",
		"RESOURCE A { x = 1; } }", "RESOURCE A { x = {1,}; }", "RESOURCE A { x = {,1}; }", "RESOURCE A { x = {1 2}; }", "RESOURCE A { x = {B{} C{}}; }", "RESOURCE A { x = {B{}; C{}}; }",
		"RESOURCE A { x = {B{}}, C{}}; }", "RESOURCE A { x = B{ y = 1; , C{}; }", "x", "{ }", "RESOURCE A", "UID2 { }", "UID2 1 +", "enum { A", "STRUCT X { WORD a; ",
	} {
		t.Run(src, func(t *testing.T) { agreeWithReference(t, []byte(src)) })
	}
}

func FuzzReference(f *testing.F) {
	seed(f)
	f.Fuzz(agreeWithReference)
}

func (r *refSource) String() string {
	var b strings.Builder
	for _, s := range r.Statements {
		switch {
		case s.UID != nil:
			fmt.Fprintf(&b, "%s %v\n", s.UID.Keyword, s.UID.Value)
		case s.Named != nil:
			fmt.Fprintf(&b, "%s %s\n", s.Named.Keyword, s.Named.Name)
		case s.Enum != nil:
			fmt.Fprintf(&b, "enum %s", s.Enum.Name)
			for _, e := range s.Enum.Enumerators {
				fmt.Fprintf(&b, " %s=%v", e.Name, e.Value)
			}
			b.WriteByte('\n')
		case s.Struct != nil:
			fmt.Fprintf(&b, "struct %s", s.Struct.Name)
			for _, m := range s.Struct.Members {
				fmt.Fprintf(&b, " %s %s(%v)%v=%v", m.Type, m.Name, order.Or(m.Limit, m.Most), m.Array, m.Default)
			}
			b.WriteByte('\n')
		default:
			fmt.Fprintf(&b, "resource %v %s %s %v\n", s.Resource.Local, s.Resource.Struct, s.Resource.Name, s.Resource.Fields)
		}
	}
	return b.String()
}

func (f *refField) String() string { return fmt.Sprintf("%s=%v", f.Name, f.Value) }

func (v *refValue) String() string {
	switch {
	case v == nil:
		return "-"
	case v.Struct != nil:
		return fmt.Sprintf("%s%v", v.Struct.Name, v.Struct.Fields)
	case v.List != nil:
		return fmt.Sprintf("{%v}", v.List.Items)
	case v.Text != nil:
		return fmt.Sprintf("text%v", v.Text)
	}
	return v.Number.String()
}

func (p *refPart) String() string {
	if p.Code != nil {
		return fmt.Sprintf("<%v>", p.Code)
	}
	return p.Literal
}

func (s *refSum) String() string {
	if s == nil {
		return "-"
	}
	out := s.Left.String()
	for _, r := range s.Rest {
		out = fmt.Sprintf("(%s%s%v)", out, r.Op, r.Right)
	}
	return out
}

func (p *refProduct) String() string {
	out := p.Left.String()
	for _, r := range p.Rest {
		out = fmt.Sprintf("(%s%s%v)", out, r.Op, r.Right)
	}
	return out
}

func (o *refOr) String() string {
	out := o.Terms[0].String()
	for _, t := range o.Terms[1:] {
		out = fmt.Sprintf("(%s|%v)", out, t)
	}
	return out
}

func (u *refUnary) String() string {
	switch {
	case u.Negative != nil:
		return fmt.Sprintf("-%v", u.Negative)
	case u.Paren != nil:
		return fmt.Sprintf("[%v]", u.Paren)
	}
	return u.Atom
}

// showTree writes a tree in the form that the reference is written in.
func showTree(tree *grammar.Tree) string {
	var b strings.Builder
	for _, s := range tree.Statements {
		switch s := s.(type) {
		case *grammar.UID:
			fmt.Fprintf(&b, "UID%d %s\n", s.Number, showExpr(s.Value))
		case *grammar.NameStatement:
			fmt.Fprintf(&b, "NAME %s\n", s.Name.Text)
		case *grammar.CharacterSet:
			fmt.Fprintf(&b, "CHARACTER_SET %s\n", s.Name.Text)
		case *grammar.Enum:
			fmt.Fprintf(&b, "enum %s", showName(s.Name))
			for _, e := range s.Enumerators {
				fmt.Fprintf(&b, " %s=%s", e.Name.Text, showExpr(e.Value))
			}
			b.WriteByte('\n')
		case *grammar.StructDecl:
			fmt.Fprintf(&b, "struct %s", s.Name.Text)
			for _, m := range s.Members {
				fmt.Fprintf(&b, " %s %s(%s)%v=%s", strings.TrimPrefix(m.Type.Text, "LEN "), m.Name.Text, showExpr(m.Limit), m.Array, showValue(tree, m.Default))
			}
			b.WriteByte('\n')
		case *grammar.Resource:
			fmt.Fprintf(&b, "resource %v %s %s %s\n", s.Local, s.Struct.Text, showName(s.Name), showFields(tree, s.Fields))
		}
	}
	return b.String()
}

func showName(id *grammar.Ident) string {
	if id == nil {
		return ""
	}
	return id.Text
}

func showFields(tree *grammar.Tree, fields []*grammar.Field) string {
	var out []string
	for _, f := range fields {
		out = append(out, f.Name.Text+"="+showValue(tree, f.Value))
	}
	return "[" + strings.Join(out, " ") + "]"
}

func showValue(tree *grammar.Tree, v grammar.Value) string {
	switch v := v.(type) {
	case *grammar.StructValue:
		return v.Name.Text + showFields(tree, v.Fields)
	case *grammar.ListValue:
		var items []string
		for _, item := range v.Items {
			items = append(items, showValue(tree, item))
		}
		return "{[" + strings.Join(items, " ") + "]}"
	case *grammar.TextValue:
		var parts []string
		for _, p := range v.Parts {
			if p.Code != nil {
				parts = append(parts, "<"+showExpr(p.Code)+">")
			} else {
				parts = append(parts, tree.Text(p.Node))
			}
		}
		return "text[" + strings.Join(parts, " ") + "]"
	case *grammar.NumberValue:
		return showExpr(v.Expr)
	}
	return "-"
}

func showExpr(x grammar.Expr) string {
	switch x := x.(type) {
	case *grammar.Literal:
		return x.Text
	case *grammar.Constant:
		return x.Name
	case *grammar.Unary:
		return "-" + showExpr(x.X)
	case *grammar.Paren:
		return "[" + showExpr(x.X) + "]"
	case *grammar.Binary:
		return fmt.Sprintf("(%s%c%s)", showExpr(x.Left), x.Op, showExpr(x.Right))
	}
	return "-"
}
