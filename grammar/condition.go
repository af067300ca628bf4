package grammar

import (
	"fmt"
	"strconv"
	"strings"
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
	p.fail(word, "condition", "", "the condition of #%s is not a whole-number expression: %s", word.Text, c.err)
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

// definedName reads X or (X) after defined.
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
	p      *preprocessor
	word   Token // the directive
	ahead  [2]Token
	depth  int
	unused int // above 0 where the value isn't used: nothing is divided there
	err    string
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

// conditionOperators are the binary operators of C, by how tightly they bind.
var conditionOperators = map[string]struct {
	precedence int
	apply      func(a, b int64) int64 // nil where it may fail, see divide
}{
	"||": {1, func(a, b int64) int64 { return truth(a != 0 || b != 0) }},
	"&&": {2, func(a, b int64) int64 { return truth(a != 0 && b != 0) }},
	"|":  {3, func(a, b int64) int64 { return a | b }},
	"^":  {4, func(a, b int64) int64 { return a ^ b }},
	"&":  {5, func(a, b int64) int64 { return a & b }},
	"==": {6, func(a, b int64) int64 { return truth(a == b) }},
	"!=": {6, func(a, b int64) int64 { return truth(a != b) }},
	"<=": {7, func(a, b int64) int64 { return truth(a <= b) }},
	">=": {7, func(a, b int64) int64 { return truth(a >= b) }},
	"<":  {7, func(a, b int64) int64 { return truth(a < b) }},
	">":  {7, func(a, b int64) int64 { return truth(a > b) }},
	"<<": {8, func(a, b int64) int64 { return a << uint64(b&63) }},
	">>": {8, func(a, b int64) int64 { return a >> uint64(b&63) }},
	"+":  {9, func(a, b int64) int64 { return a + b }},
	"-":  {9, func(a, b int64) int64 { return a - b }},
	"*":  {10, func(a, b int64) int64 { return a * b }},
	"/":  {precedence: 10},
	"%":  {precedence: 10},
}

// sign returns the whole operator that stands next: signs are single tokens,
// so two that touch are looked up together.
func (c *conditionParser) sign() string {
	if c.token().Kind != Punct {
		return ""
	}
	one, next := c.token().Text, c.ahead[1]
	if next.Kind == Punct && !next.spaced {
		if _, known := conditionOperators[one+next.Text]; known {
			return one + next.Text
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

func (c *conditionParser) branch(unused bool) int64 {
	if unused {
		c.unused++
		defer func() { c.unused-- }()
	}
	return c.ternary()
}

// binary reads an expression of operators that bind at least so tightly.
func (c *conditionParser) binary(least int) int64 {
	left := c.unary()
	for {
		op := c.sign()
		operator := conditionOperators[op]
		if operator.precedence < least {
			return left
		}
		c.advance(len(op))
		unused := op == "||" && left != 0 || op == "&&" && left == 0
		if unused {
			c.unused++
		}
		right := c.binary(operator.precedence + 1)
		if unused {
			c.unused--
		}
		if operator.apply != nil {
			left = operator.apply(left, right)
		} else {
			left = c.divide(op, left, right)
		}
	}
}

func (c *conditionParser) divide(op string, a, b int64) int64 {
	if b == 0 {
		if c.unused == 0 {
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

// charValue returns the value of a character of one byte.
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
