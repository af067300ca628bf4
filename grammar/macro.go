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
	uses     []int32 // for each token of the body, which parameter it names, or -1
	disabled bool    // it is being expanded
}

// define carries out #define.
func (p *preprocessor) define(word Token, rest []Token) {
	if len(rest) == 0 || rest[0].Kind != Name || rest[0].Text == "defined" {
		p.fail(word, "define-name", "", "#define needs a name")
		return
	}
	m := &macro{name: rest[0]}
	p.countKept(m.name, definitionCost)
	rest = rest[1:]
	if len(rest) > 0 && rest[0].Is("(") && !rest[0].spaced {
		n, ok := m.parameters(rest[1:])
		if !ok {
			p.fail(m.name, "define-parameters", "",
				"the parameters of %s must be different names between commas, closed by )", m.name.Text)
			p.macros[m.name.Text] = (&macro{name: m.name}).define(unusable(m.name))
			return
		}
		m.function = true
		rest = rest[1+n:]
	}
	m.define(joinPastes(rest))
	if d, bad := m.check(); bad {
		p.tree.reportToken(m.name, d)
		m.define(unusable(m.name))
	}
	p.warnRedefined(m)
	p.macros[m.name.Text] = m
}

// definitionCost is what the definition of a macro takes beside its tokens, in
// tokens.
const definitionCost = 6

// define sets the body of a macro, finds the parameters in it, and returns it.
func (m *macro) define(body []Token) *macro {
	m.body = body
	if len(m.params) == 0 {
		return m
	}
	params := make(map[string]int32, len(m.params))
	for i, name := range m.params {
		params[name] = int32(i)
	}
	m.uses = make([]int32, len(body))
	for i, t := range body {
		n, named := params[t.Text]
		if !named || t.Kind != Name {
			n = -1
		}
		m.uses[i] = n
	}
	return m
}

// param returns which parameter the token at i of the body names, or -1.
func (m *macro) param(i int) int {
	if m.uses == nil {
		return -1
	}
	return int(m.uses[i])
}

// parameters reads the list after "(" and returns its length with the ")".
func (m *macro) parameters(tokens []Token) (n int, ok bool) {
	if len(tokens) > 0 && tokens[0].Is(")") {
		return 1, true
	}
	seen := map[string]bool{}
	for n+1 < len(tokens) {
		name := tokens[n].Text
		switch {
		case tokens[n].Kind == Name:
		case spell(tokens[n:min(n+3, len(tokens))]) == "...":
			name, m.variadic = "__VA_ARGS__", true
			n += 2
		default:
			return 0, false
		}
		if n += 2; seen[name] || n > len(tokens) {
			return 0, false
		}
		seen[name] = true
		m.params = append(m.params, name)
		switch sep := tokens[n-1]; {
		case sep.Is(")"):
			return n, true
		case !sep.Is(","), m.variadic:
			return 0, false
		}
	}
	return 0, false
}

// joinPastes makes one token of the two signs of ##.
func joinPastes(tokens []Token) []Token {
	out := tokens[:0]
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
		if m.function && t.Is("#") && (i+1 == len(m.body) || m.param(i+1) < 0) {
			return diag.Diagnostic{
				Code:    "macro-stringize",
				Message: fmt.Sprintf("# in the macro %s must stand before one of its parameters", m.name.Text),
			}, true
		}
	}
	return d, false
}

// warnRedefined reports a second definition that says something else.
func (p *preprocessor) warnRedefined(m *macro) {
	old := p.macros[m.name.Text]
	if old == nil || slices.EqualFunc(old.body, m.body, sameSpelling) && slices.Equal(old.params, m.params) {
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

func sameSpelling(a, b Token) bool { return a.Text == b.Text && a.spaced == b.spaced }

func (p *preprocessor) undef(word Token, rest []Token) {
	if len(rest) == 0 || rest[0].Kind != Name {
		p.fail(word, "define-name", "", "#undef needs one name")
		return
	}
	p.warnExtra(word, rest[1:])
	delete(p.macros, rest[0].Text)
}

// enter begins the expansion of a macro at its use. It returns false for the
// name of a function-like macro that no "(" follows, which is just a name.
func (p *preprocessor) enter(m *macro, use Token) bool {
	p.uses++
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
	p.spend(use, 1)
	p.push(context{tokens: body, macro: m})
	return true
}

// unusable returns what stands for a macro or the use of one that has a mistake:
// a value, so that what is around it still makes sense.
func unusable(at Token) []Token {
	at.Kind, at.Text, at.reported, at.noExpand = Number, "0", true, true
	return []Token{at}
}

// spend counts what macros produce, the parts that do not stay included. It is
// called before anything is made, and reports whether it may be.
func (p *preprocessor) spend(at Token, cost int) bool {
	if p.work += cost; p.work > maxExpanded {
		p.stop(at, fmt.Sprintf("macros that expand to more than %d tokens", maxExpanded))
	}
	return !p.stopped
}

// arguments reads the arguments of a use, up to its ")".
func (p *preprocessor) arguments(m *macro, use Token) (args [][]Token, ok bool) {
	depth := 0
	var arg []Token
	for {
		t := p.next()
		if !p.spend(use, t.cost()) {
			return nil, false
		}
		switch {
		case t.Kind == EOF:
			p.fail(use, "macro-arguments", "close them with )", "the arguments of the macro %s are not closed", use.Text)
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

// hideEnd marks the end of a file that open arguments have run into: nothing is
// reported there, since they hide what stands before it.
func (p *preprocessor) hideEnd(end Token) {
	if ofFile := end.start != 0; ofFile {
		p.inputs[len(p.inputs)-1].endHidden = true
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

// substitution makes the body of a macro for one use (C11, 6.10.3). Each token
// is paid for before it is made.
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
	x.out = make([]Token, 0, min(len(x.m.body), 64))
	for i := 0; i < len(x.m.body) && !x.p.stopped; i++ {
		switch last := x.last(i); {
		case x.pasteFollows(last):
			i = x.pastes(i)
		case last > i:
			x.raw(i)
			i = last
		default:
			x.element(i)
		}
	}
	return x.out
}

// last returns where what stands at i of the body ends: # takes its parameter
// along.
func (x *substitution) last(i int) int {
	if x.m.function && x.m.body[i].Is("#") {
		return i + 1
	}
	return i
}

func (x *substitution) pasteFollows(i int) bool {
	return i+1 < len(x.m.body) && x.m.body[i+1].Is("##")
}

// element adds what one token of the body becomes.
func (x *substitution) element(i int) {
	n := x.m.param(i)
	if n < 0 {
		x.add(x.placed(x.m.body[i]))
		return
	}
	if x.expanded[n] == nil && len(x.args[n]) > 0 {
		x.expanded[n] = x.expandArgument(x.args[n])
	}
	x.addArgument(x.expanded[n], x.m.body[i].spaced)
}

// raw adds what stands at i as it becomes beside ##, where arguments are not
// expanded.
func (x *substitution) raw(i int) {
	t, n := x.m.body[i], x.m.param(i)
	switch {
	case x.last(i) > i:
		x.add(x.stringize(t, x.args[x.m.param(i+1)]))
	case n >= 0:
		x.addArgument(x.args[n], t.spaced)
	default:
		x.add(x.placed(t))
	}
}

func (x *substitution) add(t Token) {
	if x.p.spend(x.use, t.cost()) {
		x.out = append(x.out, t)
	}
}

// addArgument adds a copy of an argument, spaced like the parameter's name.
func (x *substitution) addArgument(tokens []Token, spaced bool) {
	if len(tokens) == 0 || !x.p.spend(x.use, costOf(tokens)) {
		return
	}
	first := len(x.out)
	x.out = append(x.out, tokens...)
	x.out[first].spaced = spaced
}

func (x *substitution) expandArgument(arg []Token) []Token {
	if x.p.nesting >= MaxNesting {
		x.p.stop(x.use, fmt.Sprintf("macro arguments nested more than %d deep", MaxNesting))
		return nil
	}
	x.p.nesting++
	out := x.p.expandAll(x.use, arg)
	x.p.nesting--
	return out
}

// placed returns a token of the body, at the place of the use.
func (x *substitution) placed(t Token) Token {
	t.spelled = t.start
	t.start, t.end = x.use.start, x.use.end
	t.expansion = x.id
	return t
}

// quoting writes a string or character within a string.
var quoting = strings.NewReplacer(`\`, `\\`, `"`, `\"`)

// stringize makes a string of an argument as it is written.
func (x *substitution) stringize(sign Token, arg []Token) Token {
	var b strings.Builder
	b.WriteByte('"')
	for i, t := range arg {
		if !x.p.grow(x.use, len(t.Text)+1) {
			break
		}
		if t.spaced && i > 0 {
			b.WriteByte(' ')
		}
		text := t.Text
		if t.Kind == String || t.Kind == Char {
			text = quoting.Replace(text)
		}
		b.WriteString(text)
	}
	b.WriteByte('"')
	t := x.placed(sign)
	t.Kind, t.Text = String, b.String()
	return t
}

// grow counts the text that macros make. It is called before any is made, and
// reports whether it may be.
func (p *preprocessor) grow(at Token, bytes int) bool {
	if p.produced += bytes; p.produced > MaxSource {
		p.stop(at, "macros that make more than 16 MiB of text")
	}
	return !p.stopped
}

// pastes joins the chain of ## that begins at i, and returns its end.
func (x *substitution) pastes(i int) (last int) {
	first := len(x.out)
	x.raw(i)
	for last = x.last(i); x.pasteFollows(last) && !x.p.stopped; {
		seam := len(x.out)
		x.raw(last + 2)
		last = x.last(last + 2)
		if first < seam && seam < len(x.out) {
			x.paste(seam)
		}
	}
	return last
}

// paste joins the tokens before and after a ## into one, if they make one.
func (x *substitution) paste(seam int) {
	a, b := x.out[seam-1], x.out[seam]
	kind := a.Kind
	switch {
	case a.Kind == Name && (b.Kind == Name || b.Kind == Number && !strings.Contains(b.Text, ".")):
	case a.Kind == Number && (b.Kind == Name || b.Kind == Number):
	case a.Kind == Punct && b.Kind == Punct:
		return
	default:
		x.p.fail(x.use, "macro-paste", "", "## can't join %s and %s into one token", a.Text, b.Text)
		return
	}
	if !x.p.grow(x.use, len(a.Text)+len(b.Text)) {
		return
	}
	t := x.placed(x.m.name)
	t.Kind, t.Text, t.spaced, t.first = kind, a.Text+b.Text, a.spaced, false
	x.out[seam-1] = t
	x.out = slices.Delete(x.out, seam, seam+1)
}
