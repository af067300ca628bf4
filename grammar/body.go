package grammar

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"ups/diag"
)

// parser reads tokens by hand where there are many of them, the fields of
// resources and all values, and goes on after a mistake at the next field or
// policy.
type parser struct {
	tree  *Tree
	i     int // the next token
	end   int // the token that looks like the end of the file
	depth int // of braces and parentheses

	mistakes int // that were found, reported or not
	blamed   int // the token behind the last one that was reported, 0 for none
	whole    *whole
}

// whole is what the parsers of the pieces of one source share.
type whole struct {
	pieces  int             // that went to participle
	structs map[string]bool // that have been declared
	// silent is set where a file is missing, which may have held the macros
	// that make sense of what stands here, and where reading was given up.
	silent bool
}

// peek gives the next token.
func (p *parser) peek() Token { return p.ahead(0) }

func (p *parser) ahead(n int) Token {
	if p.i+n >= p.end {
		t := p.tree.Tokens[p.end]
		t.Kind, t.Text = EOF, ""
		return t
	}
	return p.tree.Tokens[p.i+n]
}

// since gives the node from a token to the one before the next.
func (p *parser) since(first int) Node { return Node{first, max(first, p.i-1)} }

// report reports a mistake at a token, unless it only follows from one that
// was reported at that token or in one before. After too many, nothing more is read.
func (p *parser) report(token int, d diag.Diagnostic) {
	p.reportNode(Node{token, token}, d)
}

// reportNode is report for a mistake of several tokens.
func (p *parser) reportNode(n Node, d diag.Diagnostic) {
	p.mistakes++
	if p.whole.silent || p.followsBroken(n.First) || n.First+1 == p.blamed {
		return
	}
	p.blamed = n.First + 1
	d.Severity = diag.Error
	p.tree.report(n, d)
	if p.tree.full() {
		p.i = p.end
	}
}

// followsBroken reports whether a broken token stands before a token, or just
// behind it, with no struct begun in between: what went wrong in an earlier
// struct has no bearing on it.
func (p *parser) followsBroken(token int) bool {
	tokens := p.tree.Tokens
	const window = 1000
	for i := min(token+1, len(tokens)-1); i > max(0, token-window); i-- {
		switch {
		case tokens[i].broken:
			return true
		case tokens[i].Is("{") && tokens[i-1].Kind == Name:
			return false
		}
	}
	return tokens[0].broken && token < window
}

// brokenSince reports whether a token is broken from one on to the next.
func (p *parser) brokenSince(first int) bool {
	return slices.ContainsFunc(p.tree.Tokens[first:p.i+1], func(t Token) bool { return t.broken })
}

// show names a token in a message.
func show(t Token) string {
	switch t.Kind {
	case EOF:
		return "the end of the file"
	case Name, Number, String, Char:
		return t.Text
	}
	if t.Text[0] >= utf8.RuneSelf {
		return strconv.Quote(t.Text)
	}
	return "“" + t.Text + "”"
}

// written names a token in a message as it stands in the source: what came out
// of a macro by the macro that is used there.
func (p *parser) written(token int) string {
	name := show(p.tree.Tokens[token])
	for macro := range p.tree.Origins(token) {
		name = macro
	}
	return name
}

// unexpected reports a token that doesn't fit; want says what would.
func (p *parser) unexpected(token int, want string) { p.misplaced(token, "expected: "+want) }

// misplaced reports a token that doesn't fit, with a hint.
func (p *parser) misplaced(token int, hint string) {
	t := p.tree.Tokens[token]
	d := diag.Diagnostic{
		Code:    "unexpected",
		Message: fmt.Sprintf("%s is not expected here", p.written(token)),
		Hint:    hint,
	}
	if isForeignSign(t) {
		d.Code, d.Message = "character-unknown", fmt.Sprintf("the character %q has no meaning outside strings", t.Text)
		if strings.HasPrefix(hint, "expected: ") {
			d.Hint = cmp.Or(signHints[t.Text], hint)
		}
	}
	if t.Kind == EOF || token >= p.end {
		token = max(0, token-1)
		d.Message = "something is missing after this"
	}
	p.report(token, d)
}

// missing reports a sign that should stand after the token before the next.
func (p *parser) missing(code, sign string) {
	last := max(0, p.i-1)
	end := p.tree.TokenSpan(last).End
	p.report(last, diag.Diagnostic{
		Code:    code,
		Message: fmt.Sprintf("a “%s” is missing after this", sign),
		Hint:    fmt.Sprintf("what comes next is %s", show(p.peek())),
		Fixes: []diag.Fix{{
			Message: fmt.Sprintf("insert “%s”", sign),
			Edits:   []diag.Edit{{Span: diag.Span{Start: end, End: end}, New: sign}},
		}},
	})
}

func (p *parser) trailingComma() {
	p.report(p.i-1, diag.Diagnostic{
		Code:    "comma-trailing",
		Message: "a comma after the last one of a list",
		Hint:    "commas stand between, not after",
		Fixes:   []diag.Fix{{Message: "remove it", Edits: []diag.Edit{{Span: p.tree.TokenSpan(p.i - 1)}}}},
	})
}

// enter goes one brace or parenthesis deeper, if that is allowed.
func (p *parser) enter() bool {
	if p.depth >= MaxNesting {
		p.report(p.i, diag.Diagnostic{
			Code:    "nesting",
			Message: fmt.Sprintf("braces or parentheses more than %d deep", MaxNesting),
		})
		p.whole.silent = true
		p.tree.Incomplete = true
		p.i = p.end
		return false
	}
	p.depth++
	return true
}

// close reads the } of the { at open.
func (p *parser) close(open int) {
	if p.peek().Is("}") {
		p.i++
		return
	}
	if p.tree.Incomplete && p.i >= p.end || p.brokenSince(open) {
		return
	}
	p.report(max(open, p.i-1), diag.Diagnostic{
		Code:    "brace-missing",
		Message: "a “}” is missing after this",
		Hint:    fmt.Sprintf("what comes next is %s", show(p.peek())),
		Related: []diag.Related{{Span: p.tree.TokenSpan(open), Message: "to close this “{”"}},
	})
}

// block reads fields between braces.
func (p *parser) block() []*Field {
	p.i++
	return p.fields(p.i - 1)
}

// fields reads fields up to the } of the { at open.
func (p *parser) fields(open int) []*Field {
	if !p.enter() {
		return nil
	}
	defer func() { p.depth-- }()
	var fields []*Field
	for !p.blockEnds() {
		if f := p.field(); f != nil {
			fields = append(fields, f)
		}
	}
	p.close(open)
	return fields
}

// blockEnds reports whether no more fields can follow: at the }, or where it
// should have been.
func (p *parser) blockEnds() bool {
	t := p.peek()
	return t.Kind == EOF || t.Is("}") || beginsStatement(t) || p.nextStruct()
}

// nextStruct reports whether "NAME {" or ", NAME {" comes next, which can't
// be inside a block of fields.
func (p *parser) nextStruct() bool {
	n := 0
	if p.peek().Is(",") {
		n = 1
	}
	return p.ahead(n).Kind == Name && p.ahead(n+1).Is("{")
}

// field reads name = value; and gives nil if nothing of it can be used.
func (p *parser) field() *Field {
	first := p.i
	t := p.peek()
	if t.Kind != Name {
		p.unexpected(p.i, "a field, such as options = KYes;")
		p.skipField()
		return nil
	}
	f := &Field{Name: p.ident()}
	p.brackets(t.Text)
	if !p.peek().Is("=") {
		p.misplaced(p.i, p.assignHint(t.Text))
		p.skipField()
		return nil
	}
	p.i++
	if slices.Contains(textFields, t.Text) && p.unquoted() {
		p.skipField()
		return nil
	}
	if f.Value = p.value(); f.Value == nil {
		p.skipField()
		return nil
	}
	f.Node = p.since(first)
	p.endField(f.Value)
	return f
}

func (p *parser) ident() Ident {
	id := Ident{Node: Node{p.i, p.i}, Text: p.peek().Text}
	p.i++
	return id
}

// endField reads the semicolon after a value.
func (p *parser) endField(value Value) {
	t := p.peek()
	switch {
	case t.Is("}") && p.ahead(1).Is(";") && p.ahead(2).Is("}") && p.tree.Tokens[p.i-1].Is("}"):
		p.extraBrace("this “}” closes nothing that is open here")
		p.i++
	case t.Is(";"):
		p.i++
	case p.blockEnds() || t.Kind == Name && p.ahead(1).Is("="):
		p.missing("semicolon-missing", ";")
	case t.Kind == Name && !combines(t):
		p.missing("semicolon-missing", ";")
		p.skipField()
	case t.Is(",") && p.fieldFollows(1):
		p.misplaced(p.i, p.afterValueHint(value))
		p.i++
	default:
		p.misplaced(p.i, p.afterValueHint(value))
		p.skipField()
	}
}

// combines reports whether a name is what other languages combine values with.
func combines(t Token) bool { return t.Is("or") || t.Is("and") || t.Is("OR") || t.Is("AND") }

// skipField passes over what is left of a field, to after its semicolon or to
// the } of its block.
func (p *parser) skipField() {
	p.skipTo(func(t Token) bool { return t.Is(";") || t.Is(",") && p.nextStruct() })
	if p.peek().Is(";") {
		p.i++
	}
}

// skipTo passes over tokens up to one that stop holds for, outside of braces,
// or up to where the block must end.
func (p *parser) skipTo(stop func(Token) bool) {
	depth := 0
	for t := p.peek(); t.Kind != EOF && !beginsStatement(t); t = p.peek() {
		switch {
		case t.Is("{"):
			depth++
		case t.Is("}"):
			if depth--; depth < 0 {
				return
			}
		case depth == 0 && stop(t):
			return
		}
		p.i++
	}
}

// value reads the value of a field, or gives nil after an error.
func (p *parser) value() Value {
	t := p.peek()
	switch {
	case t.Is("{") && p.fieldFollows(1) && !p.declaredStruct(p.ahead(1)):
		return p.unnamedStruct()
	case t.Is("{"):
		return p.list()
	case t.Kind == String || t.Is("<"):
		return p.text()
	case t.Kind == Name && p.ahead(1).Is("{"):
		s := &StructValue{Name: p.ident()}
		s.Fields = p.block()
		s.Node = p.since(s.Name.First)
		return s
	}
	if x := p.expr(); x != nil {
		return &NumberValue{Node: x.Range(), Expr: x}
	}
	return nil
}

// fieldFollows reports whether "NAME =" stands n tokens ahead.
func (p *parser) fieldFollows(n int) bool {
	return p.ahead(n).Kind == Name && p.ahead(n+1).Is("=")
}

// declaredStruct reports whether a token is the name of a struct that has been
// declared.
func (p *parser) declaredStruct(t Token) bool {
	return t.Kind == Name && p.whole.structs[t.Text]
}

// unnamedStruct passes over a struct that lacks its name.
func (p *parser) unnamedStruct() Value {
	p.report(p.i, diag.Diagnostic{
		Code:    "unexpected",
		Message: "fields between braces, without the name of their struct before them",
		Hint:    "expected: POLICY_HEADER { … }, or in a list POLICY { … }",
	})
	p.block()
	return nil
}

// unopenedStruct reads a struct in a list whose { is missing.
func (p *parser) unopenedStruct() Value {
	s := &StructValue{Name: p.ident()}
	p.missing("brace-missing", "{")
	s.Fields = p.fields(p.i - 1)
	s.Node = p.since(s.Name.First)
	return s
}

// assignedStruct reads a struct in a list with a = before its {.
func (p *parser) assignedStruct() Value {
	s := &StructValue{Name: p.ident()}
	p.misplaced(p.i, fmt.Sprintf("write %s { … } without the =", s.Name.Text))
	p.i++
	s.Fields = p.block()
	s.Node = p.since(s.Name.First)
	return s
}

// text reads strings and codes side by side.
func (p *parser) text() Value {
	first := p.i
	var parts []TextPart
	for {
		start := p.i
		switch t := p.peek(); {
		case t.Kind == String:
			p.i++
			parts = append(parts, TextPart{Node: p.since(start)})
		case t.Is("<"):
			p.i++
			x := p.expr()
			if x == nil {
				return nil
			}
			if !p.peek().Is(">") {
				p.unexpected(p.i, "> after the number of a character")
				return nil
			}
			p.i++
			parts = append(parts, TextPart{Node: p.since(start), Code: x})
		default:
			return &TextValue{Node: p.since(first), Parts: parts}
		}
	}
}

// list reads values between braces.
func (p *parser) list() Value {
	open := p.i
	p.i++
	if !p.enter() {
		return nil
	}
	defer func() { p.depth-- }()
	l := &ListValue{}
	if !p.peek().Is("}") {
		l.Items = p.items()
	}
	if p.peek().Is("}") && p.ahead(1).Is(",") && p.structFollows(2) {
		l.Items = append(l.Items, p.afterExtraBrace()...)
	}
	p.close(open)
	l.Node = p.since(open)
	return l
}

// structFollows reports whether "NAME {" stands n tokens ahead.
func (p *parser) structFollows(n int) bool {
	return p.ahead(n).Kind == Name && p.ahead(n+1).Is("{")
}

// afterExtraBrace goes on with a list of policies that a } too many has
// closed.
func (p *parser) afterExtraBrace() []Value {
	if p.depth > 2 {
		return nil
	}
	p.extraBrace("this “}” closes the list, but it goes on")
	p.i++
	return p.items()
}

// extraBrace passes over a } too many.
func (p *parser) extraBrace(message string) {
	p.report(p.i, diag.Diagnostic{Code: "brace-extra", Message: message, Hint: "remove one “}”"})
	p.i++
}

// items reads the values of a list, up to its }.
func (p *parser) items() []Value {
	var items []Value
	for {
		v := p.item()
		if v == nil {
			p.skipItem()
		} else {
			items = append(items, v)
		}
		if !p.separator() {
			return items
		}
	}
}

// item reads a value of a list.
func (p *parser) item() Value {
	if !p.declaredStruct(p.peek()) {
		return p.value()
	}
	switch {
	case p.fieldFollows(1):
		return p.unopenedStruct()
	case p.ahead(1).Is("=") && p.ahead(2).Is("{"):
		return p.assignedStruct()
	}
	return p.value()
}

// separator reads what stands between two values. It gives false at the end
// of the list.
func (p *parser) separator() bool {
	switch t := p.peek(); {
	case t.Is(","):
		p.i++
		if p.peek().Is("}") {
			p.trailingComma()
			return false
		}
		return true
	case t.Is("}") || t.Kind == EOF || beginsStatement(t) || p.fieldFollows(0) && !p.ahead(2).Is("{"):
		return false
	case t.Is(";"):
		return p.semicolonInList()
	case p.nextStruct(), t.Kind == Number || t.Kind == Name && !p.ahead(1).Is("("):
		p.missing("comma-missing", ",")
		return true
	}
	p.unexpected(p.i, ", or } after a value of a list")
	p.skipItem()
	if p.peek().Is(",") {
		p.i++
		return true
	}
	return false
}

// semicolonInList tells a semicolon in the place of a comma from a } that is
// missing before it.
func (p *parser) semicolonInList() bool {
	next := p.ahead(1)
	another := p.structFollows(1) || next.Kind == Number || next.Kind == Name && (p.ahead(2).Is(",") || p.ahead(2).Is("}"))
	if !another && !(p.ahead(1).Is("}") && p.ahead(2).Is(";")) {
		return false
	}
	p.report(p.i, diag.Diagnostic{
		Code:    "semicolon-in-list",
		Message: "a semicolon in a list",
		Hint:    "what a list holds is separated by commas, and none stands after the last",
	})
	p.i++
	return another
}

// skipItem passes over what is left of a value in a list.
func (p *parser) skipItem() {
	p.skipTo(func(t Token) bool { return t.Is(",") || t.Is(";") })
}
