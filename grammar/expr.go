package grammar

// expr reads an expression, or gives nil after an error. The operators are,
// loosest first, + and -, then * and /, then |, then the unary -: unlike in
// C, | binds tightest (docs/language.md, Statements).
func (p *parser) expr() Expr { return p.binary(0) }

// operators has the binary operators by how tightly they bind.
var operators = [...]string{"+-", "*/", "|"}

func (p *parser) binary(level int) Expr {
	if level == len(operators) {
		return p.unary()
	}
	left := p.binary(level + 1)
	for left != nil && p.peek().Kind == Punct {
		op := p.peek().Text[0]
		if !contains(operators[level], op) {
			break
		}
		p.i++
		right := p.binary(level + 1)
		if right == nil {
			return nil
		}
		left = &Binary{Node: Node{left.Range().First, right.Range().Last}, Op: op, Left: left, Right: right}
	}
	return left
}

func contains(ops string, op byte) bool {
	for i := range len(ops) {
		if ops[i] == op {
			return true
		}
	}
	return false
}

func (p *parser) unary() Expr {
	first := p.i
	switch t := p.peek(); {
	case t.Is("-"):
		if !p.enter() {
			return nil
		}
		defer func() { p.depth-- }()
		p.i++
		if x := p.unary(); x != nil {
			return &Unary{Node: p.since(first), X: x}
		}
		return nil
	case t.Is("("):
		return p.paren()
	case t.Kind == Number || t.Kind == Char:
		p.i++
		return &Literal{Node: p.since(first), Kind: t.Kind, Text: t.Text}
	case t.Kind == Name && !beginsStatement(t):
		p.i++
		return &Constant{Node: p.since(first), Name: t.Text}
	}
	p.misplaced(p.i, p.valueHint())
	return nil
}

func (p *parser) paren() Expr {
	first := p.i
	if !p.enter() {
		return nil
	}
	defer func() { p.depth-- }()
	p.i++
	x := p.expr()
	if x == nil {
		return nil
	}
	if !p.peek().Is(")") {
		p.unexpected(p.i, ") to close the parenthesis")
		return nil
	}
	p.i++
	return &Paren{Node: p.since(first), X: x}
}
