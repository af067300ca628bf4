package grammar

import (
	"fmt"
	"strconv"
	"strings"

	"ups/diag"
)

// evaluate works out the expression of #if or #elif by the rules of C: names
// that are left after expansion are 0, numbers with a leading 0 octal (unlike
// in the language itself, where 010 is ten).
func (p *preprocessor) evaluate(word Token, line []Token) bool {
	tokens, err := p.conditionTokens(line)
	if err == "" {
		c := &conditionParser{tokens: tokens}
		value := c.ternary()
		if c.err == "" && c.i < len(c.tokens) {
			c.fail("%s is not expected here", c.tokens[c.i].Text)
		}
		if c.err == "" {
			return value != 0
		}
		err = c.err
	}
	p.tree.reportToken(word, diag.Diagnostic{
		Code:    "condition",
		Message: fmt.Sprintf("the condition of #%s is not a whole-number expression: %s", word.Text, err),
	})
	return false
}

// conditionTokens expands the line of a condition. What defined looks at isn't
// expanded, nor where a macro has made the defined.
func (p *preprocessor) conditionTokens(line []Token) (out []Token, err string) {
	done := p.alone(line)
	defer done()
	for t := p.expanded(); t.Kind != EOF; t = p.expanded() {
		if t.Is("defined") {
			name, ok := p.definedName()
			if !ok {
				return nil, "defined needs a name"
			}
			t.Kind, t.Text = Number, p.definedNumber(name)
		}
		out = append(out, t)
	}
	return out, ""
}

// definedName reads X or (X) behind defined.
func (p *preprocessor) definedName() (name string, ok bool) {
	t := p.next()
	if !t.Is("(") {
		return t.Text, t.Kind == Name
	}
	t = p.next()
	return t.Text, t.Kind == Name && p.next().Is(")")
}

func (p *preprocessor) definedNumber(name string) string {
	if p.macros[name] != nil {
		return "1"
	}
	return "0"
}

// conditionParser evaluates while it parses. The first error stays.
type conditionParser struct {
	tokens []Token
	i      int
	depth  int
	dead   int // above 0 where the value isn't used: nothing is divided there
	err    string
}

func (c *conditionParser) fail(format string, args ...any) int64 {
	if c.err == "" {
		c.err = fmt.Sprintf(format, args...)
	}
	c.i = len(c.tokens)
	return 0
}

// conditionOperators has the binary operators of C, loosest first. Within a
// row, longer signs stand before their own beginnings.
var conditionOperators = [][]string{
	{"||"}, {"&&"}, {"|"}, {"^"}, {"&"}, {"==", "!="}, {"<=", ">=", "<", ">"}, {"<<", ">>"}, {"+", "-"}, {"*", "/", "%"},
}

// operator gives the operator of a row that stands next, and moves past it.
func (c *conditionParser) operator(row []string) string {
	for _, op := range row {
		if c.sign() == op {
			c.i += len(op)
			return op
		}
	}
	return ""
}

// sign gives the whole operator that stands next: signs are single tokens, so
// two that touch are looked up together.
func (c *conditionParser) sign() string {
	if c.i >= len(c.tokens) || c.tokens[c.i].Kind != Punct {
		return ""
	}
	one := c.tokens[c.i].Text
	if c.i+1 < len(c.tokens) && c.tokens[c.i+1].Kind == Punct && !c.tokens[c.i+1].spaced {
		two := one + c.tokens[c.i+1].Text
		switch two {
		case "||", "&&", "==", "!=", "<=", ">=", "<<", ">>":
			return two
		}
	}
	return one
}

func (c *conditionParser) ternary() int64 {
	if c.depth++; c.depth > MaxNesting {
		return c.fail("nested more than %d deep", MaxNesting)
	}
	defer func() { c.depth-- }()
	condition := c.binary(0)
	if c.sign() != "?" {
		return condition
	}
	c.i++
	yes := c.branch(condition == 0)
	if c.sign() != ":" {
		return c.fail("? without :")
	}
	c.i++
	no := c.branch(condition != 0)
	if condition != 0 {
		return yes
	}
	return no
}

func (c *conditionParser) branch(dead bool) int64 {
	if dead {
		c.dead++
		defer func() { c.dead-- }()
	}
	return c.ternary()
}

func (c *conditionParser) binary(row int) int64 {
	if row == len(conditionOperators) {
		return c.unary()
	}
	left := c.binary(row + 1)
	for {
		op := c.operator(conditionOperators[row])
		if op == "" {
			return left
		}
		dead := op == "||" && left != 0 || op == "&&" && left == 0
		if dead {
			c.dead++
		}
		right := c.binary(row + 1)
		if dead {
			c.dead--
		}
		left = c.apply(op, left, right)
	}
}

func (c *conditionParser) apply(op string, a, b int64) int64 {
	switch op {
	case "||":
		return truth(a != 0 || b != 0)
	case "&&":
		return truth(a != 0 && b != 0)
	case "|":
		return a | b
	case "^":
		return a ^ b
	case "&":
		return a & b
	case "==":
		return truth(a == b)
	case "!=":
		return truth(a != b)
	case "<=":
		return truth(a <= b)
	case ">=":
		return truth(a >= b)
	case "<":
		return truth(a < b)
	case ">":
		return truth(a > b)
	case "<<":
		return a << uint64(b&63)
	case ">>":
		return a >> uint64(b&63)
	case "+":
		return a + b
	case "-":
		return a - b
	case "*":
		return a * b
	}
	return c.divide(op, a, b)
}

func (c *conditionParser) divide(op string, a, b int64) int64 {
	if b == 0 {
		if c.dead == 0 {
			return c.fail("division by zero")
		}
		return 0
	}
	if op == "/" {
		return a / b
	}
	return a % b
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

func (c *conditionParser) unary() int64 {
	if c.depth++; c.depth > MaxNesting {
		return c.fail("nested more than %d deep", MaxNesting)
	}
	defer func() { c.depth-- }()
	switch c.sign() {
	case "-":
		c.i++
		return -c.unary()
	case "+":
		c.i++
		return c.unary()
	case "~":
		c.i++
		return ^c.unary()
	case "!":
		c.i++
		return truth(c.unary() == 0)
	case "(":
		c.i++
		value := c.ternary()
		if c.sign() != ")" {
			return c.fail("( without )")
		}
		c.i++
		return value
	}
	return c.primary()
}

// charValue gives the value of a character of one byte.
func charValue(text string) (v int64, ok bool) {
	switch {
	case len(text) == 3 && text[1] != '\\':
		return int64(text[1]), true
	case len(text) == 4 && text[1] == '\\':
		i := strings.IndexByte(`"'\rbfntv`, text[2])
		if i < 0 {
			return 0, false
		}
		return int64("\"'\\\r\b\f\n\t\v"[i]), true
	}
	return 0, false
}

func (c *conditionParser) primary() int64 {
	if c.i >= len(c.tokens) {
		return c.fail("something is missing at its end")
	}
	t := c.tokens[c.i]
	c.i++
	switch t.Kind {
	case Name:
		return 0
	case Char:
		if v, ok := charValue(t.Text); ok {
			return v
		}
	case Number:
		if v, err := strconv.ParseUint(strings.TrimRight(t.Text, "uUlL"), 0, 64); err == nil {
			return int64(v)
		}
	}
	return c.fail("%s is not a whole number", t.Text)
}
