package main

import (
	"fmt"
	"strings"

	"ups/policy"
)

// encoding is a way to ask. All are exact; which one is quick depends on the
// solver and on the list.
type encoding struct {
	name        string
	destination func(pattern string) string // what matches it
	anew        bool                        // each question is asked of a solver that knows nothing
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
	return conjunction(who(p), check(p.Security), e.destination(strings.ToLower(p.Destination.String())))
}

// conjunction leaves out what always holds, to spare the solver.
func conjunction(terms ...string) string {
	var need []string
	for _, t := range terms {
		if t != "true" {
			need = append(need, t)
		}
	}
	switch len(need) {
	case 0:
		return "true"
	case 1:
		return need[0]
	}
	return "(and " + strings.Join(need, " ") + ")"
}

func disjunction(terms []string) string {
	if len(terms) == 1 {
		return terms[0]
	}
	return "(or false " + strings.Join(terms, " ") + ")"
}

// who says which SIDs a policy is for: some, or those of some classes, which
// the first four bits tell.
func who(p *policy.Policy) string {
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

func check(s policy.Security) string {
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

// expression is a pattern as a regular expression.
func expression(pattern string) string {
	var parts []string
	literal := ""
	end := func() {
		if literal != "" {
			parts = append(parts, "(str.to_re "+quoted(literal)+")")
		}
		literal = ""
	}
	for _, c := range pattern {
		switch c {
		case '*':
			end()
			parts = append(parts, "re.all")
		case '?':
			end()
			parts = append(parts, "re.allchar")
		default:
			literal += string(c)
		}
	}
	end()
	switch {
	case !strings.ContainsAny(pattern, "*?"):
		return "(= d " + quoted(pattern) + ")"
	case len(parts) > 1:
		return "(str.in_re d (re.++ " + strings.Join(parts, " ") + "))"
	case parts[0] == "re.all":
		return "true"
	}
	return "(str.in_re d " + parts[0] + ")"
}

// predicate says without an expression what has a predicate of its own.
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
