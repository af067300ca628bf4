package compiler

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"ups/diag"
	"ups/grammar"
)

// number returns the value of a field that holds a number.
func (b *builder) number(name string, k kind, d domain, v grammar.Value) (uint32, bool) {
	n, ok := v.(*grammar.NumberValue)
	if !ok {
		b.wrongKind(v, name, "a number", notANumber(v, d))
		return 0, false
	}
	b.domain = d
	defer func() { b.domain = domain{} }()
	if k == linkField {
		if id, ok := b.link(n); ok {
			return id, true
		}
	}
	value, ok := b.eval(n.Expr)
	if !ok {
		return 0, false
	}
	b.doubt(name, d, n.Expr)
	low, high := -(int64(1) << (k.bits() - 1)), int64(1)<<k.bits()-1
	if value < low || value > high {
		b.fail(n.Range(), "out-of-range", "", "%s is %d bits, %d to %d, and this is %d", name, k.bits(), low, high, value)
		return 0, false
	}
	return uint32(value) & uint32(high), true
}

// link returns the id of a resource that is named in the place of a number. A
// constant of that name comes first.
func (b *builder) link(n *grammar.NumberValue) (id uint32, ok bool) {
	c, isName := n.Expr.(*grammar.Constant)
	if !isName {
		return 0, false
	}
	if _, defined := b.constants[c.Name]; defined {
		return 0, false
	}
	if r := b.resource; r != nil && r.Name != nil && r.Name.Text == c.Name {
		return b.resourceID(), true
	}
	return 0, false
}

// listItem stands before the name of a list in messages about one of its values.
const listItem = "a value of "

// list returns the value of a field that holds a list of numbers.
func (b *builder) list(name string, v grammar.Value) ([]uint32, bool) {
	l, ok := v.(*grammar.ListValue)
	if !ok {
		b.fail(v.Range(), "list-wanted", fmt.Sprintf("%s = { 0x10000001, 0x10000002 };", name),
			"%s is a list: its values stand between braces", name)
		return nil, false
	}
	out := make([]uint32, 0, len(l.Items))
	for _, item := range l.Items {
		n, ok := b.number(listItem+name, longField, domain{id: "SIDs"}, item)
		if !ok {
			continue
		}
		out = append(out, n)
	}
	return out, true
}

// wrongKind reports a value of another kind than its field's.
func (b *builder) wrongKind(v grammar.Value, name, want, hint string) {
	got := "a number"
	switch v := v.(type) {
	case *grammar.TextValue:
		got = "a string"
	case *grammar.ListValue:
		got = "a list"
	case *grammar.StructValue:
		got = "a struct"
	case *grammar.NumberValue:
		got = exprKind(v.Expr)
	}
	b.fail(v.Range(), "wrong-kind", hint, "%s must be %s, and this is %s", name, want, got)
}

func exprKind(x grammar.Expr) string {
	switch x := x.(type) {
	case *grammar.Constant:
		return "the name " + x.Name
	case *grammar.Literal:
		if x.Kind == grammar.Char {
			return "a character, which is a number"
		}
	}
	return "a number"
}

// long returns the value of an expression as 32 bits.
func (b *builder) long(x grammar.Expr) (uint32, bool) {
	v, ok := b.eval(x)
	return uint32(v), ok
}

// fits reports whether a value can be had in 32 bits, signed or unsigned.
func fits(v int64) bool { return v >= -1<<31 && v < 1<<32 }

// eval returns the value of an expression, which fits 32 bits at every step.
func (b *builder) eval(x grammar.Expr) (v int64, ok bool) {
	switch x := x.(type) {
	case *grammar.Literal:
		return b.literal(x)
	case *grammar.Constant:
		return b.constant(x)
	case *grammar.Paren:
		return b.eval(x.X)
	case *grammar.Unary:
		v, ok = b.eval(x.X)
		return b.fit(x, -v, ok)
	case *grammar.Binary:
		return b.binary(x)
	}
	return 0, false
}

func (b *builder) fit(x grammar.Expr, v int64, ok bool) (int64, bool) {
	if ok && !fits(v) {
		b.fail(x.Range(), "out-of-range", "", "the value of %s is %d, which does not fit in 32 bits", b.tree.Text(x.Range()), v)
		ok = false
	}
	return v, ok
}

func (b *builder) constant(x *grammar.Constant) (int64, bool) {
	if c, ok := b.constants[x.Name]; ok {
		return c.value, true
	}
	hint := b.suggest(x.Name)
	switch {
	case hint != "":
	case !b.layouts.known("POLICY"):
		if b.noHeaders {
			return 0, false
		}
		b.noHeaders = true
		hint = "constants come from headers: #include <ups/policies.rh>"
	default:
		hint = b.domain.family.hint()
	}
	b.fail(x.Node, "constant-unknown", hint, "%s is not defined", x.Name)
	return 0, false
}

// maxSuggested is how many names are looked at for suggestions in one source:
// enough for some thousand mistakes beside the usual headers, and no way to
// make many mistakes beside many macros cost more than an instant.
const maxSuggested = 1 << 18

// suggest returns the hint for a name that isn't defined, or "".
func (b *builder) suggest(name string) string {
	if b.suggested > maxSuggested {
		return ""
	}
	known := slices.Concat(slices.Sorted(maps.Keys(b.constants)), b.tree.Macros)
	b.suggested += len(known)
	if f := b.domain.family; f != nil { // of those that are as near, the ones that the field takes
		known = append(slices.Clone(f.names), known...)
	}
	return diag.DidYouMean(name, known)
}

func (b *builder) binary(x *grammar.Binary) (int64, bool) {
	left, ok := b.eval(x.Left)
	right, ok2 := b.eval(x.Right)
	if !ok || !ok2 {
		return 0, false
	}
	b.mixedOperators(x)
	switch x.Op {
	case '+':
		return b.fit(x, left+right, true)
	case '-':
		return b.fit(x, left-right, true)
	case '*':
		return b.fit(x, left*right, true)
	case '|':
		return b.fit(x, left|right, true)
	}
	if right == 0 {
		b.fail(x.Right.Range(), "divide-by-zero", "", "division by zero")
		return 0, false
	}
	return b.fit(x, left/right, true)
}

// mixedOperators warns of | beside other operators: it binds tightest here,
// and loosest in C.
func (b *builder) mixedOperators(x *grammar.Binary) {
	for _, side := range []grammar.Expr{x.Left, x.Right} {
		if s, ok := side.(*grammar.Binary); ok && s.Op == '|' && x.Op != '|' {
			b.warn(x.Node, "or-precedence", "write parentheses to say which is meant",
				"| binds tighter than %c here, unlike in C: this is read as %s", x.Op, b.grouped(x))
			return
		}
	}
}

// grouped writes an expression with the parentheses that it is read with.
func (b *builder) grouped(x grammar.Expr) string {
	if x, ok := x.(*grammar.Binary); ok {
		left, right := b.grouped(x.Left), b.grouped(x.Right)
		if x.Op == '|' {
			return fmt.Sprintf("(%s|%s)", left, right)
		}
		return fmt.Sprintf("%s %c %s", left, x.Op, right)
	}
	return b.tree.Text(x.Range())
}

// trimZeros takes off the zeros that a decimal number begins with.
func trimZeros(text string) string {
	if t := strings.TrimLeft(text, "0"); t != "" {
		return t
	}
	return "0"
}
