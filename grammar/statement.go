package grammar

import (
	"fmt"
	"slices"

	"ups/diag"
)

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
	if !p.count() {
		return
	}
	first := p.i
	switch keyword {
	case "UID2", "UID3":
		plain[UID](p, first, keyword)
	case "NAME":
		plain[NameStatement](p, first, keyword)
	case "CHARACTER_SET":
		if !p.hyphenated() {
			plain[CharacterSet](p, first, keyword)
		}
	case "enum", "ENUM":
		p.enum(first)
	case "STRUCT":
		p.structDecl(first)
	default:
		p.resource(first)
	}
}

// count counts statements, enumerators and members: nobody writes so many.
func (p *parser) count() bool {
	if p.whole.pieces++; p.whole.pieces <= MaxStatements {
		return true
	}
	if !p.tree.Incomplete {
		p.fail(p.i, "source-too-large", "", "more than %d statements and constants", MaxStatements)
	}
	p.tree.Incomplete = true
	p.i = p.end
	return false
}

// plain reads a statement without a block.
func plain[S any, P interface {
	*S
	Statement
}](p *parser, first int, keyword string) {
	s, err := apply[S](p)
	if err != nil {
		p.failed(err, usage(keyword))
		return
	}
	p.add(first, P(s))
}

// opens reports whether a block begins after the head of its statement, and
// passes over the statement if not.
func (p *parser) opens(keyword string, err error) bool {
	switch {
	case err != nil:
		p.failed(err, usage(keyword))
	case !p.peek().Is("{"):
		p.unexpected(p.i, usage(keyword))
	default:
		return true
	}
	p.skipBlock()
	return false
}

func (p *parser) resource(first int) {
	r, err := apply[Resource](p)
	if !p.opens("RESOURCE", err) {
		return
	}
	r.Fields = p.block()
	p.add(first, r)
}

func (p *parser) enum(first int) {
	e, err := apply[Enum](p)
	if !p.opens("enum", err) {
		return
	}
	if p.ahead(1).Is("}") {
		p.unexpected(p.i+1, "a constant")
	}
	p.pieces(",", "", func(p *parser) {
		if m, ok := p.enumerator(); ok {
			e.Enumerators = append(e.Enumerators, m)
		}
	})
	p.add(first, e)
}

func (p *parser) enumerator() (e Enumerator, ok bool) {
	first := p.i
	m, err := apply[Enumerator](p)
	if !p.wholePiece(err, "constant = number") {
		return p.valueless(first)
	}
	m.Node = p.since(first)
	return *m, true
}

// wholePiece reports whether a production fits all of the piece that the parser
// sees.
func (p *parser) wholePiece(err error, usage string) bool {
	switch {
	case err != nil:
		p.failed(err, usage)
	case p.i < p.end:
		p.unexpected(p.i, usage)
	default:
		return true
	}
	return false
}

// valueless returns an enumerator that isn't understood beyond its name, so
// that its uses aren't mistakes too.
func (p *parser) valueless(first int) (e Enumerator, ok bool) {
	name := p.tree.Tokens[first]
	node := Node{first, first}
	return Enumerator{Node: node, Name: Ident{Node: node, Text: name.Text}}, name.Kind == Name && !beginsStatement(name)
}

func (p *parser) structDecl(first int) {
	s, err := apply[StructDecl](p)
	if !p.opens("STRUCT", err) {
		return
	}
	p.pieces(";", ";", func(p *parser) {
		if m := p.member(); m != nil {
			s.Members = append(s.Members, *m)
		}
	})
	p.add(first, s)
}

func (p *parser) member() *Member {
	first := p.i
	m, err := apply[Member](p)
	if err == nil && p.peek().Is("=") {
		p.i++
		if m.Default = p.value(); m.Default == nil {
			return nil
		}
	}
	if !p.wholePiece(err, "type field = value") {
		return nil
	}
	m.Node = p.since(first)
	return m
}

// pieces reads a block whose pieces sep divides, and that end may end; read
// gets a parser that sees one piece alone.
func (p *parser) pieces(sep, end string, read func(*parser)) {
	open := p.i
	p.i++
	for p.peek().Kind != EOF && !p.peek().Is("}") && !p.peek().Is("RESOURCE") && p.whole.pieces <= MaxStatements {
		stop := p.pieceEnd(sep)
		if p.count() {
			read(&parser{tree: p.tree, i: p.i, end: stop, whole: p.whole})
		}
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

// add adds a statement that began at a token, and ends before the next.
func (p *parser) add(first int, s Statement) {
	s.place(p.since(first))
	p.tree.Statements = append(p.tree.Statements, s)
	p.declare(s)
}

// declare notes the name of a STRUCT.
func (p *parser) declare(s Statement) {
	if s, ok := s.(*StructDecl); ok {
		p.whole.structs[s.Name.Text] = true
	}
}
