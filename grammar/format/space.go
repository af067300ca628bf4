package format

import (
	"strings"

	"ups/grammar"
)

// want is what stands before a token.
type want int

const (
	none want = iota
	space
	asWritten // as in the source: nothing, white space, or the end of a line
	line      // the end of a line
)

// calls finds the tokens between the parentheses of macros. White space among
// them may get into a string (#), so it is neither added nor taken away.
func calls(tokens []token) []bool {
	inside := make([]bool, len(tokens))
	var open []bool // for each (, whether it is that of a macro, or in one
	for i := range tokens {
		n := len(open)
		inside[i] = n > 0 && open[n-1]
		switch {
		case tokens[i].Is("("):
			open = append(open, inside[i] || i > 0 && tokens[i-1].Kind == grammar.Name)
		case tokens[i].Is(")") && n > 0:
			open = open[:n-1]
		}
	}
	return inside
}

// want returns what stands before token i within a value or a statement.
func (p *printer) want(i int) want {
	prev, t := &p.tokens[i-1], &p.tokens[i]
	switch {
	case t.Is(")"), prev.Is("("):
		return none
	case p.inCall[i]:
		return asWritten
	case t.Is(";"), t.Is(","), t.Is("["), t.Is("]"), prev.Is("["), prev.Is("<"), t.Is(">"):
		return none
	case t.Is("(") && prev.Kind == grammar.Name:
		return none
	case t.Is("="), prev.Is("="), prev.Is(","):
		return space
	case t.Newlines > 0:
		return asWritten
	case t.Is("|"), prev.Is("|"):
		return none
	case p.binary(i), p.binary(i - 1):
		return space
	case prev.Is("-") && !t.Is("-"):
		return none
	case (prev.Kind == grammar.String || prev.Is(">")) && (t.Kind == grammar.String || t.Is("<")):
		return space
	}
	return asWritten
}

// binary reports whether a token is an operator between two operands, other
// than |, which binds tightest and so has no space about it.
func (p *printer) binary(i int) bool {
	t := &p.tokens[i]
	if i == 0 || t.Kind != grammar.Punct || !strings.Contains("+-*/", t.Text) {
		return false
	}
	prev := &p.tokens[i-1]
	operand := prev.Kind == grammar.Number || prev.Kind == grammar.Char || prev.Is(")") ||
		prev.Kind == grammar.Name && !prev.Is("UID2") && !prev.Is("UID3")
	return operand || !t.Is("-")
}
