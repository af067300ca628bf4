package grammar

import (
	"fmt"
	"slices"
	"strings"

	"ups/diag"
)

// macro is a #define.
type macro struct {
	name     Token
	function bool // takes arguments
	params   []string
	variadic bool // the last parameter takes all further arguments
	body     []Token
	disabled bool // it is being expanded
}

// define carries out #define.
func (p *preprocessor) define(word Token, rest []Token) {
	if len(rest) == 0 || rest[0].Kind != Name || rest[0].Text == "defined" {
		p.tree.reportToken(word, diag.Diagnostic{Code: "define-name", Message: "#define needs a name"})
		return
	}
	m := &macro{name: rest[0]}
	rest = rest[1:]
	if len(rest) > 0 && rest[0].Is("(") && !rest[0].spaced {
		n, ok := m.parameters(rest[1:])
		if !ok {
			p.tree.reportToken(m.name, diag.Diagnostic{
				Code:    "define-parameters",
				Message: fmt.Sprintf("the parameters of %s must be different names between commas, closed by )", m.name.Text),
			})
			p.macros[m.name.Text] = &macro{name: m.name, body: unusable(m.name)}
			return
		}
		m.function = true
		rest = rest[1+n:]
	}
	m.body = joinPastes(rest)
	if d, bad := m.check(); bad {
		p.tree.reportToken(m.name, d)
		m.body = unusable(m.name)
	}
	p.warnRedefined(m)
	p.macros[m.name.Text] = m
}

// parameters reads the list after "(" and gives its length with the ")".
func (m *macro) parameters(tokens []Token) (n int, ok bool) {
	if len(tokens) > 0 && tokens[0].Is(")") {
		return 1, true
	}
	for i := 0; i+1 < len(tokens); i += 2 {
		name, sep := tokens[i].Text, tokens[i+1]
		if tokens[i].Is(".") && spell(tokens[i:min(i+3, len(tokens))]) == "..." {
			name, m.variadic = "__VA_ARGS__", true
			i += 2
			if i+1 >= len(tokens) {
				return 0, false
			}
			sep = tokens[i+1]
		} else if tokens[i].Kind != Name {
			return 0, false
		}
		if slices.Contains(m.params, name) {
			return 0, false
		}
		m.params = append(m.params, name)
		if sep.Is(")") {
			return i + 2, true
		}
		if !sep.Is(",") || m.variadic {
			return 0, false
		}
	}
	return 0, false
}

// joinPastes makes one token of the two signs of ##.
func joinPastes(tokens []Token) []Token {
	var out []Token
	for _, t := range tokens {
		if last := len(out) - 1; last >= 0 && t.Is("#") && !t.spaced && out[last].Is("#") {
			out[last].Text, out[last].end = "##", t.end
			continue
		}
		out = append(out, t)
	}
	return out
}

// check reports a body that can't be expanded.
func (m *macro) check() (d diag.Diagnostic, bad bool) {
	if n := len(m.body); n > 0 && (m.body[0].Is("##") || m.body[n-1].Is("##")) {
		return diag.Diagnostic{Code: "macro-paste", Message: "## must stand between two things"}, true
	}
	for i, t := range m.body {
		if m.function && t.Is("#") && (i+1 == len(m.body) || m.param(m.body[i+1]) < 0) {
			return diag.Diagnostic{
				Code:    "macro-stringize",
				Message: fmt.Sprintf("# in the macro %s must stand before one of its parameters", m.name.Text),
			}, true
		}
	}
	return d, false
}

// param gives the place of the parameter that a token names, or -1.
func (m *macro) param(t Token) int {
	if t.Kind != Name {
		return -1
	}
	return slices.Index(m.params, t.Text)
}

// warnRedefined reports a second definition that says something else.
func (p *preprocessor) warnRedefined(m *macro) {
	old := p.macros[m.name.Text]
	if old == nil || spell(old.body) == spell(m.body) && slices.Equal(old.params, m.params) {
		return
	}
	p.tree.add(m.name, diag.Diagnostic{
		Code:     "macro-redefined",
		Severity: diag.Warning,
		Message:  fmt.Sprintf("%s is defined anew, as something else", m.name.Text),
		Hint:     fmt.Sprintf("where that is meant, write #undef %s before it", m.name.Text),
		Related:  []diag.Related{{Span: p.tree.locations.span(old.name.start, old.name.end), Message: "the definition until here"}},
	})
}

func (p *preprocessor) undef(word Token, rest []Token) {
	if len(rest) == 0 || rest[0].Kind != Name {
		p.tree.reportToken(word, diag.Diagnostic{Code: "define-name", Message: "#undef needs one name"})
		return
	}
	p.ignored(word, rest[1:])
	delete(p.macros, rest[0].Text)
}

// enter begins the expansion of a macro at its use. It gives false for the
// name of a function-like macro that no "(" follows, which is just a name.
func (p *preprocessor) enter(m *macro, use Token) bool {
	var args [][]Token
	if m.function {
		open := p.next()
		if !open.Is("(") {
			p.push(context{tokens: []Token{open}})
			return false
		}
		var ok bool
		if args, ok = p.arguments(m, use); !ok {
			p.push(context{tokens: unusable(use)})
			return true
		}
	}
	p.tree.expansions = append(p.tree.expansions, expansion{macro: m, outer: use.expansion, within: use.spelled})
	x := &substitution{p: p, m: m, use: use, args: args, id: int32(len(p.tree.expansions) - 1)}
	body := x.run()
	if len(body) > 0 {
		body[0].spaced = use.spaced
		body[0].first = use.first
	}
	p.spend(use, len(body)+1)
	p.push(context{tokens: body, macro: m})
	return true
}

// unusable gives what stands for a use of a macro that a mistake has spoilt: a
// value, so that what is around it still makes sense.
func unusable(at Token) []Token {
	at.Kind, at.Text, at.broken, at.noExpand = Number, "0", true, true
	return []Token{at}
}

// spend counts what macros produce, the parts that do not stay included.
func (p *preprocessor) spend(at Token, tokens int) {
	if p.work += tokens; p.work > maxExpanded {
		p.stop(at, fmt.Sprintf("macros that expand to more than %d tokens", maxExpanded))
	}
}

// arguments reads the arguments of a use, up to its ")".
func (p *preprocessor) arguments(m *macro, use Token) (args [][]Token, ok bool) {
	depth := 0
	var arg []Token
	for {
		t := p.next()
		p.spend(use, 1)
		switch {
		case p.stopped:
			return nil, false
		case t.Kind == EOF:
			p.tree.reportToken(use, diag.Diagnostic{
				Code:    "macro-arguments",
				Message: fmt.Sprintf("the arguments of the macro %s are not closed", use.Text),
				Hint:    "close them with )",
			})
			p.hideEnd(t)
			return nil, false
		case t.Is(")") && depth == 0:
			return p.countArguments(m, use, append(args, arg))
		case t.Is(",") && depth == 0 && !(m.variadic && len(args) == len(m.params)-1):
			args = append(args, arg)
			arg = nil
			continue
		case t.Is("("):
			if depth++; depth > MaxNesting {
				p.stop(use, fmt.Sprintf("parentheses more than %d deep in the arguments of a macro", MaxNesting))
			}
		case t.Is(")"):
			depth--
		}
		arg = append(arg, t)
	}
}

// hideEnd keeps the end of a file that open arguments have run into from being
// blamed for what they hide.
func (p *preprocessor) hideEnd(end Token) {
	if ofFile := end.start != 0; ofFile {
		p.inputs[len(p.inputs)-1].open = true
	}
}

// countArguments reports a number of arguments that isn't the macro's.
func (p *preprocessor) countArguments(m *macro, use Token, args [][]Token) ([][]Token, bool) {
	if len(m.params) == 0 && len(args) == 1 && len(args[0]) == 0 {
		return nil, true
	}
	if m.variadic && len(args) == len(m.params)-1 {
		args = append(args, nil)
	}
	if len(args) == len(m.params) {
		return args, true
	}
	p.tree.reportToken(use, diag.Diagnostic{
		Code:    "macro-arguments",
		Message: fmt.Sprintf("the macro %s takes %s, not %d", use.Text, plural(len(m.params), "argument"), len(args)),
		Related: []diag.Related{{Span: p.tree.locations.span(m.name.start, m.name.end), Message: "defined here"}},
	})
	return nil, false
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// substitution makes the body of a macro for one use (C11, 6.10.3).
type substitution struct {
	p        *preprocessor
	m        *macro
	use      Token
	args     [][]Token
	expanded [][]Token // args after expansion, made when needed
	id       int32
	out      []Token
}

func (x *substitution) run() []Token {
	x.expanded = make([][]Token, len(x.args))
	x.out = make([]Token, 0, len(x.m.body))
	for i := 0; i < len(x.m.body); i++ {
		raw, last := x.raw(i)
		switch {
		case last+1 < len(x.m.body) && x.m.body[last+1].Is("##"):
			i = x.pastes(raw, last)
		case last > i: // # and its parameter
			x.out = append(x.out, raw...)
			i = last
		default:
			x.out = append(x.out, x.element(x.m.body[i])...)
		}
	}
	return x.out
}

// element gives what one token of the body becomes.
func (x *substitution) element(t Token) []Token {
	n := x.m.param(t)
	if n < 0 {
		return []Token{x.placed(t)}
	}
	if x.expanded[n] == nil && len(x.args[n]) > 0 {
		x.expanded[n] = x.expandArgument(x.args[n])
	}
	return respaced(x.expanded[n], t.spaced)
}

// raw gives what the token at i becomes beside ##, where arguments are not
// expanded, and where it ends: # takes its parameter along.
func (x *substitution) raw(i int) (tokens []Token, last int) {
	t := x.m.body[i]
	if t.Is("#") && x.m.function {
		return []Token{x.stringize(t, x.args[x.m.param(x.m.body[i+1])])}, i + 1
	}
	if n := x.m.param(t); n >= 0 {
		return respaced(x.args[n], t.spaced), i
	}
	return []Token{x.placed(t)}, i
}

func (x *substitution) expandArgument(arg []Token) []Token {
	if x.p.nesting >= MaxNesting {
		x.p.stop(x.use, fmt.Sprintf("macro arguments nested more than %d deep", MaxNesting))
		return nil
	}
	x.p.nesting++
	out := x.p.expandAll(arg)
	x.p.nesting--
	x.p.spend(x.use, len(out))
	return out
}

// respaced gives a copy of an argument, spaced like the parameter's name.
func respaced(tokens []Token, spaced bool) []Token {
	out := slices.Clone(tokens)
	if len(out) > 0 {
		out[0].spaced = spaced
	}
	return out
}

// placed gives a token of the body, at the place of the use.
func (x *substitution) placed(t Token) Token {
	t.spelled = t.start
	t.start, t.end = x.use.start, x.use.end
	t.expansion = x.id
	return t
}

// stringize makes a string of an argument as it is written.
func (x *substitution) stringize(sign Token, arg []Token) Token {
	var b strings.Builder
	b.WriteByte('"')
	for i, t := range arg {
		if t.spaced && i > 0 {
			b.WriteByte(' ')
		}
		text := t.Text
		if t.Kind == String || t.Kind == Char {
			text = strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(text)
		}
		b.WriteString(text)
	}
	b.WriteByte('"')
	t := x.placed(sign)
	t.Kind, t.Text = String, b.String()
	x.p.grow(x.use, len(t.Text))
	return t
}

// grow counts the text that macros make.
func (p *preprocessor) grow(at Token, bytes int) {
	if p.produced += bytes; p.produced > MaxSource {
		p.stop(at, "macros that make more than 16 MiB of text")
	}
}

// pastes joins the chain of ## behind what ends at last, and gives the end of
// the chain.
func (x *substitution) pastes(joined []Token, last int) int {
	for last+1 < len(x.m.body) && x.m.body[last+1].Is("##") {
		var right []Token
		right, last = x.raw(last + 2)
		if len(joined) > 0 && len(right) > 0 {
			seam := len(joined) - 1
			joined = append(joined[:seam], x.paste(joined[seam], right[0])...)
			right = right[1:]
		}
		joined = append(joined, right...)
	}
	x.out = append(x.out, joined...)
	return last
}

// paste makes one token of two.
func (x *substitution) paste(a, b Token) []Token {
	t := x.placed(x.m.name)
	t.spaced, t.first = a.spaced, false
	t.Text = a.Text + b.Text
	x.p.grow(x.use, len(t.Text))
	switch {
	case a.Kind == Name && (b.Kind == Name || b.Kind == Number && !strings.Contains(b.Text, ".")):
		t.Kind = Name
	case a.Kind == Number && (b.Kind == Name || b.Kind == Number):
		t.Kind = Number
	case a.Kind == Punct && b.Kind == Punct:
		return []Token{a, b}
	default:
		x.p.tree.reportToken(x.use, diag.Diagnostic{
			Code:    "macro-paste",
			Message: fmt.Sprintf("## can't join %s and %s into one token", a.Text, b.Text),
		})
		return []Token{a, b}
	}
	return []Token{t}
}
