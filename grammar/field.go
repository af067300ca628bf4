package grammar

import (
	"fmt"
	"slices"

	"ups/diag"
)

// block = "{" { field } "}" .
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

// close reads the } of the { at open.
func (p *parser) close(open int) {
	if p.peek().Is("}") {
		p.i++
		return
	}
	if p.tree.Incomplete && p.i >= p.end || p.reportedSince(open) {
		return
	}
	p.report(max(open, p.i-1), diag.Diagnostic{
		Code:    "brace-missing",
		Message: "a “}” is missing after this",
		Hint:    fmt.Sprintf("what comes next is %s", show(p.peek())),
		Related: []diag.Related{{Span: p.tree.TokenSpan(open), Message: "to close this “{”"}},
	})
}

// blockEnds reports whether no more fields can follow: at the }, or where it
// should have been.
func (p *parser) blockEnds() bool {
	t := p.peek()
	return t.Kind == EOF || t.Is("}") || beginsStatement(t) || p.nextStruct()
}

// field = Field value ";" . It returns nil if nothing of it can be used.
func (p *parser) field() *Field {
	first := p.i
	f, err := apply[Field](p)
	if err != nil && !p.recoverField(first, f.Name.Text) {
		p.skipField()
		return nil
	}
	if slices.Contains(textFields, f.Name.Text) && p.unquoted() {
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

// recoverField reports what is wrong with the beginning of a field. It returns
// true where a value follows in spite of that.
func (p *parser) recoverField(first int, name string) bool {
	switch {
	case p.i == first:
		p.unexpected(p.i, "a field, such as options = KYes;")
		return false
	case p.brackets(name):
		return true
	}
	p.misplaced(p.i, p.assignHint(name))
	return false
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

// value reads the value of a field, or returns nil after an error.
func (p *parser) value() Value {
	t := p.peek()
	switch {
	case t.Is("{") && p.fieldFollows(1) && !p.declaredStruct(p.ahead(1)):
		return p.unnamedStruct()
	case t.Is("{"):
		return p.list()
	case t.Kind == String || t.Is("<"):
		return p.text()
	case p.structFollows(0):
		s := &StructValue{Name: p.ident()}
		s.Fields = p.block()
		s.Node = p.since(s.Name.First)
		return s
	}
	if x := p.expr(); x != nil {
		return &NumberValue{x}
	}
	return nil
}

// text = part { part } .
func (p *parser) text() Value {
	first := p.i
	var parts []TextPart
	for p.peek().Kind == String || p.peek().Is("<") {
		part := p.part()
		if part == nil {
			return nil
		}
		parts = append(parts, *part)
	}
	return &TextValue{Node: p.since(first), Parts: parts}
}

// part = string | TextPart .
func (p *parser) part() *TextPart {
	first, t := p.i, p.peek()
	if t.Kind == String {
		p.i++
		return &TextPart{Node: p.since(first), Literal: t.Text}
	}
	part, err := apply[TextPart](p)
	if err != nil {
		p.failed(exprError{err}, "")
		return nil
	}
	part.Node = p.since(first)
	return part
}

// unnamedStruct passes over a struct that lacks its name.
func (p *parser) unnamedStruct() Value {
	p.fail(p.i, "unexpected", "expected: POLICY_HEADER { … }, or in a list POLICY { … }",
		"fields between braces, without the name of their struct before them")
	p.block()
	return nil
}
