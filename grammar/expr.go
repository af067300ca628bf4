package grammar

import (
	"strings"

	"github.com/alecthomas/participle/v2"
	"github.com/alecthomas/participle/v2/lexer"
)

// exprError is a mistake in an expression, not in the production around it.
type exprError struct{ error }

// Unwrap returns participle's error.
func (e exprError) Unwrap() error { return e.error }

// expr parses an expression. It returns nil after an error.
func (p *parser) expr() (x Expr) {
	err := p.take(func(lex *lexer.PeekingLexer) (err error) {
		x, err = theSyntax().parseExpr(lex)
		return err
	})
	if err != nil {
		p.failed(err, "")
		return nil
	}
	return x
}

// parseExpr parses operands and the operators between them, and binds these.
func (s *syntax) parseExpr(lex *lexer.PeekingLexer) (Expr, error) {
	first, err := s.parseOperand(lex)
	operands := []Expr{first}
	var operators []byte
	for err == nil && lex.Peek().Type == operatorType {
		operators = append(operators, lex.Next().Value...)
		var right Operand
		right, err = s.parseOperand(lex)
		operands = append(operands, right)
	}
	if err != nil {
		return nil, exprError{err}
	}
	return bind(operands, operators), nil
}

func (s *syntax) parseOperand(lex *lexer.PeekingLexer) (Operand, error) {
	switch t := lex.Peek(); {
	case t.Value == "-":
		return parseAs[Unary](s, lex)
	case t.Value == "(":
		return parseAs[Paren](s, lex)
	}
	if x := leaf(lex.Peek()); x != nil {
		lex.Next()
		return x, nil
	}
	return nil, &participle.UnexpectedTokenError{Unexpected: *lex.Peek()}
}

// leaf returns the operand that a token is alone, or nil.
func leaf(t *lexer.Token) Operand {
	switch t.Type {
	case typeOf(Number):
		return &Literal{Node: tokenNode(t), Kind: Number, Text: t.Value}
	case typeOf(Char):
		return &Literal{Node: tokenNode(t), Kind: Char, Text: t.Value}
	case typeOf(Name):
		return &Constant{Node: tokenNode(t), Name: t.Value}
	}
	return nil
}

// Parse reads an Ident for participle.
func (id *Ident) Parse(lex *lexer.PeekingLexer) error {
	t := lex.Peek()
	if t.Type != typeOf(Name) {
		return participle.NextMatch
	}
	*id = Ident{Node: tokenNode(lex.Next()), Text: t.Value}
	return nil
}

func tokenNode(t *lexer.Token) Node { return Node{t.Pos.Offset, t.Pos.Offset} }

// tokensNode returns the node of tokens that stand side by side.
func tokensNode(tokens []lexer.Token) Node {
	return Node{tokens[0].Pos.Offset, tokens[len(tokens)-1].Pos.Offset}
}

// Range returns the tokens of a Unary.
func (x *Unary) Range() Node { return tokensNode(x.Tokens) }

// Range returns the tokens of a Paren.
func (x *Paren) Range() Node { return tokensNode(x.Tokens) }

// join returns the node from the first token of one to the last of another.
func join(first, last Expr) Node { return Node{first.Range().First, last.Range().Last} }

// bind binds operators, each of which stands after the operand of its index:
// those of the first level of precedence first, each level from the left.
func bind(operands []Expr, operators []byte) Expr {
	for _, level := range precedence {
		operands, operators = bindLevel(level, operands, operators)
	}
	return operands[0]
}

func bindLevel(level string, operands []Expr, operators []byte) (bound []Expr, left []byte) {
	bound, left = operands[:1], operators[:0]
	for i, right := range operands[1:] {
		op := operators[i]
		if strings.IndexByte(level, op) < 0 {
			bound, left = append(bound, right), append(left, op)
			continue
		}
		last := &bound[len(bound)-1]
		*last = &Binary{Node: join(*last, right), Op: op, Left: *last, Right: right}
	}
	return bound, left
}
