package compiler

import (
	"fmt"
	"slices"
	"strings"

	"ups/diag"
	"ups/grammar"
	"ups/policy"
)

// domain is what the numbers of a field stand for. The zero value is for plain
// numbers.
type domain struct {
	family *family // the constants that the field takes
	id     string  // what the field takes, if it identifies something
}

// takes says what a field of the domain takes.
func (d domain) takes() string {
	switch {
	case d.family != nil:
		return d.family.what
	case d.id != "":
		return d.id
	}
	return "a plain number"
}

// family is constants of the headers that belong together. In a source they
// are numbers, so that only their names distinguish one family from another.
type family struct {
	what  string // one of them, with its article
	enum  string // the enumeration that they are declared in, if they are
	names []string
}

// The families of constants in <ups/ups.hrh>.
var (
	optionFamily = &family{what: "an option", names: append(slices.Clone(policy.OptionNames), "KSession")}
	classFamily  = &family{what: "a class of SIDs", names: append(slices.Clone(policy.SIDClassNames),
		"KProtectedSids", "KUnprotectedSids", "KAllSids")}
	authorisationFamily = &family{what: "an authorisation policy", enum: "TAuthorisationPolicy", names: policy.AuthorisationPolicyNames}
	securityFamily      = &family{what: "a result of the system server's check", enum: "TSystemServerSecurity", names: policy.SecurityNames}
	fileFamily          = &family{what: "the UID2 of policy files", names: []string{"KUidUpsPolicyResourceFile"}}
	interfaceFamily     = &family{what: "the UID of an interface", names: []string{"KUidUpsDialogCreatorInterface", "KUidUpsPolicyEvaluatorInterface"}}

	families = []*family{optionFamily, classFamily, authorisationFamily, securityFamily, fileFamily, interfaceFamily}
)

// hint says what to write where a constant of the family is wanted.
func (f *family) hint() string {
	switch f {
	case nil:
		return ""
	case optionFamily:
		return "combine " + list(policy.OptionNames, "and") + " with |"
	case classFamily:
		return "KProtectedSids, KUnprotectedSids, KAllSids, or some of KSidClass0 to KSidClassF combined with |"
	}
	return "one of " + strings.Join(f.names, ", ")
}

// list writes words with commas, and a word before the last.
func list(words []string, last string) string {
	n := len(words) - 1
	return strings.Join(words[:n], ", ") + " " + last + " " + words[n]
}

// familyOf returns the family of a constant, by its enumeration or else by its
// name, or nil.
func familyOf(name, enum string) *family {
	for _, f := range families {
		if enum != "" && f.enum == enum || slices.Contains(f.names, name) {
			return f
		}
	}
	return nil
}

// doubt warns of a number that is valid, but hardly what a field takes: a
// constant of another family, or an id without its eight digits. In a source
// that is damaged, a value may belong to another field.
func (b *builder) doubt(field string, d domain, x grammar.Expr) {
	if !b.damaged && b.leaves(x, func(leaf grammar.Expr) bool { return !b.constantOfAnother(field, d, leaf) }) {
		b.shortID(d, x)
	}
}

// constantOfAnother warns of a constant of another family than the one that a
// field takes.
func (b *builder) constantOfAnother(field string, d domain, leaf grammar.Expr) bool {
	name, what := b.kindOfConstant(leaf, d)
	if what == "" {
		return false
	}
	b.warn(leaf.Range(), "enum-foreign", d.family.hint(), "%s is %s, and %s takes %s", name, what, strings.TrimPrefix(field, listItem), d.takes())
	return true
}

// kindOfConstant names a constant that doesn't belong into a domain, and what it
// is; "" for what does, and for numbers.
func (b *builder) kindOfConstant(leaf grammar.Expr, d domain) (name, what string) {
	if c, ok := leaf.(*grammar.Constant); ok {
		enum := b.constants[c.Name].enum
		f := familyOf(c.Name, enum)
		switch {
		case f == d.family && (f != nil || d.family == nil):
			return "", ""
		case f != nil:
			return c.Name, f.what
		case enum == "":
			return c.Name, "a constant of another enumeration"
		}
		return c.Name, "a constant of " + enum
	}
	for name := range b.tree.Origins(leaf.Range().First) {
		if f := familyOf(name, ""); f != nil {
			if f == d.family {
				return "", ""
			}
			return name, f.what
		}
	}
	return "", ""
}

// leaves calls yield with the constants and literals of an expression, until it
// returns false, and reports whether it never did.
func (b *builder) leaves(x grammar.Expr, yield func(grammar.Expr) bool) bool {
	switch x := x.(type) {
	case *grammar.Paren:
		return b.leaves(x.X, yield)
	case *grammar.Unary:
		return b.leaves(x.X, yield)
	case *grammar.Binary:
		return b.leaves(x.Left, yield) && b.leaves(x.Right, yield)
	}
	return yield(x)
}

// idDigits is how many hexadecimal digits an id is written with.
const idDigits = 8

// shortID warns of an id that is written with more or fewer hexadecimal digits
// than an id has: one of them is easily lost or doubled. A mistake in a macro is
// reported once, at the first of its uses.
func (b *builder) shortID(d domain, x grammar.Expr) {
	l, ok := b.idLiteral(x)
	if d.id == "" || !ok {
		return
	}
	digits := l.Text[len("0x"):]
	significant := strings.TrimLeft(digits, "0")
	if len(digits) == idDigits || significant == "" || len(significant) > idDigits {
		return
	}
	if chain := b.tracer.Place(l.Node).Chain; len(chain) > 0 {
		if b.idsSeen[chain[0].Span.Start] {
			return
		}
		b.idsSeen[chain[0].Span.Start] = true
	}
	b.warn(l.Node, "id-digits", fmt.Sprintf("write 0x%0*s if that is meant", idDigits, significant),
		"an id has %d hexadecimal digits, and %s has %d", idDigits, l.Text, len(digits))
}

// idLiteral returns the hexadecimal number that an expression is, by itself or
// as the value of an enumerator.
func (b *builder) idLiteral(x grammar.Expr) (*grammar.Literal, bool) {
	for {
		switch v := x.(type) {
		case *grammar.Paren:
			x = v.X
		case *grammar.Constant:
			x = b.constants[v.Name].written
			if _, again := x.(*grammar.Constant); again {
				return nil, false
			}
		case *grammar.Literal:
			return v, v.Kind == grammar.Number && strings.HasPrefix(v.Text, "0x")
		default:
			return nil, false
		}
	}
}

// seenIDs are the places in macros where an id was reported.
type seenIDs map[diag.Pos]bool
