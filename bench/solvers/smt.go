package main

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"ups/policy"
)

// encoding is a way to ask. All are exact; which one is quick depends on the
// solver and on the list.
type encoding struct {
	name        string
	destination func(pattern string) string // what matches it
	anew        bool                        // the solver forgets everything before each question
}

var (
	predicates  = encoding{"predicates", predicate, false}
	expressions = encoding{"expressions", expression, false}
	anew        = encoding{"expressions, anew", expression, true}
)

// script asks of each policy in turn whether there is a request that it
// matches and no earlier one does: sat if so, unsat if it is unreachable.
//
// A request is a SID, the result of the check, and a destination. Matching
// ignores case, so the variable is the folded destination; patterns are ASCII.
func (e encoding) script(f *policy.File) string {
	const declarations = "(set-logic ALL)\n(declare-const sid (_ BitVec 32))\n(declare-const passed Bool)\n(declare-const d String)\n"
	var b, before strings.Builder
	b.WriteString(declarations)
	for i := range f.Policies {
		matches := e.matches(&f.Policies[i])
		not := fmt.Sprintf("(assert (not %s))\n", matches)
		if e.anew {
			fmt.Fprintf(&b, "%s(assert %s)\n(check-sat)\n(reset)\n%s", before.String(), matches, declarations)
			before.WriteString(not)
		} else {
			fmt.Fprintf(&b, "(push 1)\n(assert %s)\n(check-sat)\n(pop 1)\n%s", matches, not)
		}
	}
	return b.String()
}

func (e encoding) matches(p *policy.Policy) string {
	return conjunction(client(p), result(p.Security), e.destination(strings.ToLower(p.Destination.String())))
}

// conjunction leaves out what always holds, to spare the solver.
func conjunction(terms ...string) string {
	terms = slices.DeleteFunc(terms, func(t string) bool { return t == "true" })
	switch len(terms) {
	case 0:
		return "true"
	case 1:
		return terms[0]
	}
	return "(and " + strings.Join(terms, " ") + ")"
}

func disjunction(terms []string) string {
	if len(terms) == 1 {
		return terms[0]
	}
	return "(or false " + strings.Join(terms, " ") + ")"
}

// client is the SIDs that a policy is for: some, or those of some classes, which
// are the first four bits.
func client(p *policy.Policy) string {
	var any []string
	for _, sid := range p.SIDs {
		any = append(any, fmt.Sprintf("(= sid #x%08x)", sid))
	}
	if len(p.SIDs) > 0 {
		return disjunction(any)
	}
	if p.SIDClasses == policy.AllSIDs {
		return "true"
	}
	for class := range uint32(16) {
		if p.SIDClasses.Has(class << 28) {
			any = append(any, fmt.Sprintf("(= ((_ extract 31 28) sid) #x%x)", class))
		}
	}
	return disjunction(any)
}

func result(s policy.Security) string {
	switch {
	case s.Holds(true) && s.Holds(false):
		return "true"
	case s.Holds(true):
		return "passed"
	case s.Holds(false):
		return "(not passed)"
	}
	return "false"
}

// pieces are wildcards and what is between them.
var pieces = regexp.MustCompile(`[*?]|[^*?]+`)

// expression is a pattern as a regular expression.
func expression(pattern string) string {
	switch {
	case pattern == "*":
		return "true"
	case !strings.ContainsAny(pattern, "*?"):
		return "(= d " + quoted(pattern) + ")"
	}
	parts := pieces.FindAllString(pattern, -1)
	for i, p := range parts {
		switch p {
		case "*":
			parts[i] = "re.all"
		case "?":
			parts[i] = "re.allchar"
		default:
			parts[i] = "(str.to_re " + quoted(p) + ")"
		}
	}
	if len(parts) == 1 {
		return "(str.in_re d " + parts[0] + ")"
	}
	return "(str.in_re d (re.++ " + strings.Join(parts, " ") + "))"
}

// predicate is a pattern as a predicate of strings, where there is one for it.
func predicate(pattern string) string {
	inner := strings.Trim(pattern, "*")
	begins, ends := strings.HasPrefix(pattern, "*"), strings.HasSuffix(pattern, "*")
	switch {
	case strings.ContainsAny(inner, "*?") || inner == "":
		return expression(pattern)
	case begins && ends:
		return "(str.contains d " + quoted(inner) + ")"
	case begins:
		return "(str.suffixof " + quoted(inner) + " d)"
	case ends:
		return "(str.prefixof " + quoted(inner) + " d)"
	}
	return "(= d " + quoted(inner) + ")"
}

func quoted(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
