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
	defer p.alone(line)()
	c := &conditionParser{p: p, word: word}
	c.advance(len(c.ahead))
	value := c.ternary()
	if c.err == "" && c.token().Kind != EOF {
		c.fail("%s is not expected here", c.token().Text)
	}
	if c.err == "" || p.stopped {
		return value != 0 && !p.stopped
	}
	if p.tree.Incomplete {
		return false // the file that is missing may define what stands here
	}
	p.tree.reportToken(word, diag.Diagnostic{
		Code:    "condition",
		Message: fmt.Sprintf("the condition of #%s is not a whole-number expression: %s", word.Text, c.err),
	})
	return false
}

// advance moves past n tokens, and reads as many more. What defined looks at
// isn't expanded, nor where a macro has made the defined.
func (c *conditionParser) advance(n int) {
	for range n {
		c.ahead[0] = c.ahead[1]
		c.ahead[1] = Token{}
		if c.err != "" {
			continue
		}
		t := c.p.expanded()
		c.p.spend(c.word, t.cost())
		if t.Is("defined") {
			name, ok := c.p.definedName()
			if !ok {
				c.fail("defined needs a name")
				return
			}
			t.Kind, t.Text = Number, c.p.definedNumber(name)
		}
		c.ahead[1] = t
	}
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

// conditionParser evaluates while it reads, two tokens ahead. The first error
// stays, and nothing is read after it.
type conditionParser struct {
	p     *preprocessor
	word  Token // the directive
	ahead [2]Token
	depth int
	dead  int // above 0 where the value isn't used: nothing is divided there
	err   string
}

// token returns the next token.
func (c *conditionParser) token() Token { return c.ahead[0] }

func (c *conditionParser) fail(format string, args ...any) int64 {
	if c.err == "" {
		c.err = fmt.Sprintf(format, args...)
	}
	c.ahead = [2]Token{}
	return 0
}

// tightness returns how tightly a binary operator of C binds, from 1, or 0 for
// what is none.
func tightness(op string) int {
	switch op {
	case "||":
		return 1
	case "&&":
		return 2
	case "|":
		return 3
	case "^":
		return 4
	case "&":
		return 5
	case "==", "!=":
		return 6
	case "<=", ">=", "<", ">":
		return 7
	case "<<", ">>":
		return 8
	case "+", "-":
		return 9
	case "*", "/", "%":
		return 10
	}
	return 0
}

// sign returns the whole operator that stands next: signs are single tokens,
// so two that touch are looked up together.
func (c *conditionParser) sign() string {
	if c.token().Kind != Punct {
		return ""
	}
	one, next := c.token().Text, c.ahead[1]
	if next.Kind == Punct && !next.spaced {
		switch two := one + next.Text; two {
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
	condition := c.binary(1)
	if c.sign() != "?" {
		return condition
	}
	c.advance(1)
	yes := c.branch(condition == 0)
	if c.sign() != ":" {
		return c.fail("? without :")
	}
	c.advance(1)
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

// binary reads an expression of operators that bind at least so tightly.
func (c *conditionParser) binary(least int) int64 {
	left := c.unary()
	for {
		op := c.sign()
		tight := tightness(op)
		if tight < least {
			return left
		}
		c.advance(len(op))
		dead := op == "||" && left != 0 || op == "&&" && left == 0
		if dead {
			c.dead++
		}
		right := c.binary(tight + 1)
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
		c.advance(1)
		return -c.unary()
	case "+":
		c.advance(1)
		return c.unary()
	case "~":
		c.advance(1)
		return ^c.unary()
	case "!":
		c.advance(1)
		return truth(c.unary() == 0)
	case "(":
		c.advance(1)
		value := c.ternary()
		if c.sign() != ")" {
			return c.fail("( without )")
		}
		c.advance(1)
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
	t := c.token()
	if t.Kind == EOF {
		return c.fail("something is missing at its end")
	}
	c.advance(1)
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
