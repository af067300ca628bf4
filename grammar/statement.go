package grammar

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"

	"ups/diag"
)

// The grammar of statements, for participle. It has no error recovery, so the
// tokens are cut first, and each piece is parsed on its own: the head of a
// statement, an enumerator, a member of a STRUCT. What the parser by hand
// reads (body.go) is one token here: a Block for { … }, a Value for what
// stands after = or UID3.
type (
	headSyntax struct {
		UID          *uidSyntax      `parser:"@@"`
		Name         *nameSyntax     `parser:"| 'NAME' @@"`
		CharacterSet *nameSyntax     `parser:"| 'CHARACTER_SET' @@"`
		Enum         *enumSyntax     `parser:"| @@"`
		Struct       *structSyntax   `parser:"| @@"`
		Resource     *resourceSyntax `parser:"| @@"`
	}
	uidSyntax struct {
		Keyword string       `parser:"@('UID2' | 'UID3')"`
		Value   *valueSyntax `parser:"@@"`
	}
	valueSyntax struct {
		Pos  lexer.Position
		Text string `parser:"@Value"`
	}
	nameSyntax struct {
		Pos  lexer.Position
		Text string `parser:"@Name"`
	}
	enumSyntax struct {
		Keyword string      `parser:"@('enum' | 'ENUM')"`
		Name    *nameSyntax `parser:"@@? Block"`
	}
	structSyntax struct {
		Name *nameSyntax `parser:"'STRUCT' @@"`
		Len  *lenSyntax  `parser:"@@? Block"`
	}
	lenSyntax struct {
		Pos  lexer.Position
		Text string `parser:"@('BYTE' | 'WORD')"`
	}
	resourceSyntax struct {
		Local  bool        `parser:"( 'GLOBAL' | @'LOCAL' )? 'RESOURCE'"`
		Struct *nameSyntax `parser:"@@"`
		Name   *nameSyntax `parser:"@@? Block"`
	}
	enumeratorSyntax struct {
		Name  *nameSyntax  `parser:"@@"`
		Value *valueSyntax `parser:"( '=' @@ )?"`
	}
	memberSyntax struct {
		Len     string       `parser:"( @'LEN' ( 'BYTE' | 'WORD' )? )?"`
		Type    *nameSyntax  `parser:"@@"`
		Most    *valueSyntax `parser:"( '<' @@ '>' )?"`
		Name    *nameSyntax  `parser:"@@"`
		Limit   *valueSyntax `parser:"( '(' @@ ')' )?"`
		Array   bool         `parser:"( @'['"`
		Size    *valueSyntax `parser:"@@? ']' )?"`
		Default *valueSyntax `parser:"( '=' @@ )?"`
	}
)

// valueKind is the kind of the token that stands for an expression, in pieces.
const valueKind = newline + 1

// syntax is the three participle parsers, built when first needed.
type syntax struct {
	head       *participle.Parser[headSyntax]
	enumerator *participle.Parser[enumeratorSyntax]
	member     *participle.Parser[memberSyntax]
}

var syntaxes = sync.OnceValue(func() syntax {
	options := []participle.Option{participle.Lexer(pieceDefinition{}), participle.UseLookahead(2)}
	return syntax{
		head:       participle.MustBuild[headSyntax](options...),
		enumerator: participle.MustBuild[enumeratorSyntax](options...),
		member:     participle.MustBuild[memberSyntax](options...),
	}
})

// pieceDefinition tells participle the kinds of token.
type pieceDefinition struct{}

func (pieceDefinition) Symbols() map[string]lexer.TokenType {
	return map[string]lexer.TokenType{
		"EOF": lexer.EOF, "Name": tokenType(Name), "Number": tokenType(Number), "String": tokenType(String),
		"Char": tokenType(Char), "Punct": tokenType(Punct), "Block": tokenType(Block), "Value": tokenType(valueKind),
	}
}

func (pieceDefinition) Lex(string, io.Reader) (lexer.Lexer, error) {
	return nil, errors.New("pieces are made of tokens, not of text")
}

func tokenType(k Kind) lexer.TokenType { return lexer.EOF - lexer.TokenType(k) }

// piece is tokens for participle. The offset of a position is the token's
// index in the tree.
type piece struct{ tokens []lexer.Token }

// maxPiece is how many tokens of a piece participle is given: more than it can
// make sense of, so that a longer piece fails within them.
const maxPiece = 64

func (p *piece) add(k Kind, text string, index int) {
	if len(p.tokens) == maxPiece {
		return
	}
	p.tokens = append(p.tokens, lexer.Token{
		Type: tokenType(k), Value: text, Pos: lexer.Position{Offset: index, Line: 1},
	})
}

// Next makes a piece a participle lexer.
func (p *piece) Next() (lexer.Token, error) {
	t := p.tokens[0]
	if len(p.tokens) > 1 {
		p.tokens = p.tokens[1:]
	}
	return t, nil
}

// parsePiece gives nil after an error, which it reports.
func parsePiece[G any](p *parser, parser *participle.Parser[G], tokens piece, end int, usage string) *G {
	if p.whole.pieces++; p.whole.pieces > MaxStatements {
		p.tooMany()
		return nil
	}
	tokens.tokens = append(tokens.tokens, lexer.EOFToken(lexer.Position{Offset: end, Line: 1}))
	peeking, err := lexer.Upgrade(&tokens)
	if err == nil {
		var g *G
		if g, err = parser.ParseFromLexer(peeking); err == nil {
			return g
		}
	}
	at := end
	var where participle.Error
	if errors.As(err, &where) {
		at = where.Position().Offset
	}
	p.unexpected(at, usage)
	return nil
}

// tooMany ends the parsing: nobody writes so many statements.
func (p *parser) tooMany() {
	if !p.tree.Incomplete {
		p.report(p.i, diag.Diagnostic{
			Code:    "source-too-large",
			Message: fmt.Sprintf("more than %d statements and constants", MaxStatements),
		})
	}
	p.tree.Incomplete = true
	p.i = p.end
}

// statementNames are the words that begin a statement.
var statementNames = []string{
	"RESOURCE", "UID2", "UID3", "NAME", "CHARACTER_SET", "enum", "ENUM", "STRUCT", "GLOBAL", "LOCAL",
}

func beginsStatement(t Token) bool {
	return t.Kind == Name && slices.Contains(statementNames, t.Text)
}

// usage says how the statements are written.
func usage(keyword string) string {
	switch keyword {
	case "UID2", "UID3":
		return keyword + " number"
	case "NAME":
		return "NAME letters"
	case "CHARACTER_SET":
		return "CHARACTER_SET UTF8"
	case "enum", "ENUM":
		return "enum name { constant = number, … }"
	case "STRUCT":
		return "STRUCT name { type field = value; … }"
	}
	return "RESOURCE POLICIES name { … }"
}

// source reads all statements. Those of the headers may be there.
func (p *parser) source() {
	if n := len(p.tree.Statements); n > 0 {
		p.i = p.tree.Statements[n-1].Range().Last + 1
		for _, s := range p.tree.Statements {
			p.declare(s)
		}
		p.semicolon()
	}
	for p.peek().Kind != EOF {
		before := p.mistakes
		switch t := p.peek(); {
		case beginsStatement(t):
			p.statement(t.Text)
			if p.mistakes == before {
				p.semicolon()
			}
		default:
			p.stray(t)
		}
		if p.mistakes > before {
			p.skipToStatement()
		}
	}
}

// statement reads the statement that begins here.
func (p *parser) statement(keyword string) {
	first := p.i
	switch keyword {
	case "UID2", "UID3":
		p.uid(first, keyword)
	case "NAME", "CHARACTER_SET":
		p.named(first, keyword)
	default:
		p.braced(first, keyword)
	}
}

func (p *parser) uid(first int, keyword string) {
	p.i++
	x := p.expr()
	if x == nil {
		return
	}
	head := piece{}
	head.add(Name, keyword, first)
	head.add(valueKind, "", first+1)
	if h := parsePiece(p, syntaxes().head, head, p.i, usage(keyword)); h != nil {
		p.keep(&UID{Node: p.since(first), Number: int(h.UID.Keyword[3] - '0'), Value: x})
	}
}

func (p *parser) named(first int, keyword string) {
	head := piece{}
	head.add(Name, keyword, first)
	p.i++
	if t := p.peek(); t.Kind == Name {
		head.add(Name, t.Text, p.i)
		p.i++
	}
	h := parsePiece(p, syntaxes().head, head, p.i, usage(keyword))
	switch {
	case h == nil:
	case h.Name != nil:
		p.keep(&NameStatement{Node: p.since(first), Name: h.Name.ident()})
	case p.peek().Is("-"):
		p.hyphenated()
	default:
		p.keep(&CharacterSet{Node: p.since(first), Name: h.CharacterSet.ident()})
	}
}

// braced reads a statement that ends in a block.
func (p *parser) braced(first int, keyword string) {
	head := piece{}
	for p.peek().Kind == Name && (p.i == first || !beginsStatement(p.peek()) || p.peek().Is("RESOURCE")) {
		head.add(Name, p.peek().Text, p.i)
		p.i++
	}
	if p.peek().Is("{") {
		head.add(Block, "{", p.i)
	}
	h := parsePiece(p, syntaxes().head, head, p.i, usage(keyword))
	switch {
	case h == nil:
		p.skipBlock()
	case h.Resource != nil:
		p.resource(first, h.Resource)
	case h.Enum != nil:
		p.enum(first, h.Enum)
	default:
		p.structDecl(first, h.Struct)
	}
}

func (p *parser) resource(first int, h *resourceSyntax) {
	r := &Resource{Local: h.Local, Struct: h.Struct.ident(), Name: h.Name.optional()}
	r.Fields = p.block()
	r.Node = p.since(first)
	p.keep(r)
}

func (p *parser) enum(first int, h *enumSyntax) {
	e := &Enum{Name: h.Name.optional()}
	if p.ahead(1).Is("}") {
		p.unexpected(p.i+1, "a constant")
	}
	p.pieces(",", "", func(p *parser) {
		if m, ok := p.enumerator(); ok {
			e.Enumerators = append(e.Enumerators, m)
		}
	})
	e.Node = p.since(first)
	p.keep(e)
}

func (p *parser) enumerator() (e Enumerator, ok bool) {
	first := p.i
	head := piece{}
	var x Expr
	for p.peek().Kind != EOF {
		t := p.peek()
		head.add(t.Kind, t.Text, p.i)
		p.i++
		if t.Is("=") {
			if x = p.expr(); x == nil {
				return p.valueless(first)
			}
			head.add(valueKind, "", x.Range().First)
		}
	}
	h := parsePiece(p, syntaxes().enumerator, head, p.end, "constant = number")
	if h == nil {
		return e, false
	}
	return Enumerator{Node: p.since(first), Name: h.Name.ident(), Value: x}, true
}

// valueless gives an enumerator whose value isn't understood, so that its uses
// aren't mistakes too.
func (p *parser) valueless(first int) (e Enumerator, ok bool) {
	name := p.tree.Tokens[first]
	return Enumerator{Node: Node{first, first}, Name: Ident{Node: Node{first, first}, Text: name.Text}}, name.Kind == Name
}

func (p *parser) structDecl(first int, h *structSyntax) {
	s := &StructDecl{Name: h.Name.ident(), Len: (*nameSyntax)(h.Len).optional()}
	p.pieces(";", ";", func(p *parser) {
		if m, ok := p.member(); ok {
			s.Members = append(s.Members, m)
		}
	})
	s.Node = p.since(first)
	p.keep(s)
}

func (p *parser) member() (m Member, ok bool) {
	first := p.i
	head := piece{}
	for p.peek().Kind != EOF {
		t := p.peek()
		head.add(t.Kind, t.Text, p.i)
		p.i++
		switch {
		case t.Is("("), t.Is("<"), t.Is("[") && !p.peek().Is("]"):
			x := p.expr()
			if x == nil {
				return m, false
			}
			m.bound(t.Text, x)
			head.add(valueKind, "", x.Range().First)
		case t.Is("="):
			if m.Default = p.value(); m.Default == nil {
				return m, false
			}
			head.add(valueKind, "", m.Default.Range().First)
		}
	}
	h := parsePiece(p, syntaxes().member, head, p.end, "type field = value")
	if h == nil {
		return m, false
	}
	m.Node, m.Type, m.Name, m.Array = p.since(first), h.Type.ident(), h.Name.ident(), h.Array
	if h.Len != "" {
		m.Type.Text = "LEN " + m.Type.Text
	}
	return m, true
}

// bound takes in the number behind a bracket.
func (m *Member) bound(bracket string, x Expr) {
	if bracket == "[" {
		m.Size = x
		return
	}
	m.Limit = x
}

// pieces reads a block whose pieces sep divides, and that end may end; read
// gets a parser that sees one piece alone.
func (p *parser) pieces(sep, end string, read func(*parser)) {
	open := p.i
	p.i++
	for p.peek().Kind != EOF && !p.peek().Is("}") && !p.peek().Is("RESOURCE") && p.whole.pieces <= MaxStatements {
		stop := p.pieceEnd(sep)
		read(&parser{tree: p.tree, i: p.i, end: stop, whole: p.whole})
		p.i = stop
		if !p.peek().Is(sep) {
			if end != "" && p.peek().Is("}") {
				p.missing("semicolon-missing", ";")
			}
			break
		}
		p.i++
		if end == "" && p.peek().Is("}") {
			p.trailingComma()
		}
	}
	p.close(open)
}

// pieceEnd finds the end of the piece that begins here.
func (p *parser) pieceEnd(sep string) int {
	depth := 0
	for i := p.i; ; i++ {
		t := p.tree.Tokens[min(i, p.end)]
		switch {
		case i >= p.end || t.Is("RESOURCE") || depth == 0 && (t.Is(sep) || t.Is("}")):
			return i
		case t.Is("{"):
			depth++
		case t.Is("}"):
			depth--
		}
	}
}

// semicolon reads the semicolon that may end a statement.
func (p *parser) semicolon() {
	t := p.peek()
	if !t.Is(";") {
		return
	}
	if p.tree.locations.own(t.start) {
		p.tree.report(Node{p.i, p.i}, diag.Diagnostic{
			Code:     "semicolon-unneeded",
			Severity: diag.Warning,
			Message:  "no semicolon is needed after a statement",
			Fixes:    []diag.Fix{{Message: "remove it", Edits: []diag.Edit{{Span: p.tree.TokenSpan(p.i)}}}},
		})
	}
	p.i++
}

// stray reports a token that begins no statement.
func (p *parser) stray(t Token) {
	d := diag.Diagnostic{
		Code:    "statement-unknown",
		Message: fmt.Sprintf("a statement can't begin with %s", show(t)),
		Hint:    "statements begin with RESOURCE, UID2, UID3, NAME, CHARACTER_SET, enum or STRUCT",
	}
	if t.Is("}") {
		d.Code, d.Message, d.Hint = "brace-extra", "this } closes nothing", ""
	} else if hint := diag.DidYouMean(t.Text, statementNames); hint != "" {
		d.Hint = hint
	}
	p.report(p.i, d)
	p.i++
}

// skipToStatement passes over what a mistake has left behind.
func (p *parser) skipToStatement() {
	for p.peek().Kind != EOF && !beginsStatement(p.peek()) {
		p.i++
	}
}

// skipBlock passes over a block whose statement isn't understood.
func (p *parser) skipBlock() {
	depth := 0
	for t := p.peek(); t.Kind != EOF; t = p.peek() {
		switch {
		case t.Is("{"):
			depth++
		case t.Is("}"):
			depth--
		case depth == 0 && beginsStatement(t):
			return
		}
		p.i++
		if depth == 0 && t.Is("}") {
			return
		}
	}
}

func (p *parser) keep(s Statement) {
	p.tree.Statements = append(p.tree.Statements, s)
	p.declare(s)
}

// declare notes the name of a STRUCT.
func (p *parser) declare(s Statement) {
	if s, ok := s.(*StructDecl); ok {
		p.whole.structs[s.Name.Text] = true
	}
}

func (n *nameSyntax) ident() Ident {
	return Ident{Node: Node{n.Pos.Offset, n.Pos.Offset}, Text: n.Text}
}

func (n *nameSyntax) optional() *Ident {
	if n == nil {
		return nil
	}
	id := n.ident()
	return &id
}
