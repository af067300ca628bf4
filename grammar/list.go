package grammar

import "fmt"

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

// separator reads what stands between two values. It returns false at the end
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

// semicolonInList reports a semicolon in the place of a comma, unless a } is
// missing before it. It returns true where a value follows.
func (p *parser) semicolonInList() bool {
	next := p.ahead(1)
	another := p.structFollows(1) || next.Kind == Number || next.Kind == Name && (p.ahead(2).Is(",") || p.ahead(2).Is("}"))
	if !another && !(p.ahead(1).Is("}") && p.ahead(2).Is(";")) {
		return false
	}
	p.fail(p.i, "semicolon-in-list", "what a list holds is separated by commas, and none stands after the last",
		"a semicolon in a list")
	p.i++
	return another
}

// skipItem passes over what is left of a value in a list.
func (p *parser) skipItem() {
	p.skipTo(func(t Token) bool { return t.Is(",") || t.Is(";") })
}
