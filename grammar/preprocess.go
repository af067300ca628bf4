package grammar

import (
	"fmt"

	"ups/diag"
)

// preprocessor turns sources into the tokens of a tree. Tokens come from a
// stack of inputs (the source and what it includes) and, above those, a stack
// of contexts (what macros expanded to, still to be read).
type preprocessor struct {
	tree    *Tree
	opt     Options
	headers *headers // as they were parsed before; nil while they are
	macros  map[string]*macro

	inputs   []*input
	contexts []context

	sources  map[string]*Source // by name, so that a file is read once
	read     int64              // bytes of all readings
	produced int                // bytes of all tokens
	work     int                // cost of the tokens that macros produced
	kept     int                // tokens of directives, comments and line marks
	lookups  int                // files that were looked for
	uses     int                // of macros, begun
	nesting  int                // of macro arguments
	stopped  bool               // a limit was hit: nothing more is read
}

// context is a list of tokens to be read before anything else.
type context struct {
	tokens  []Token
	macro   *macro // not to be expanded again until the list is read
	barrier bool   // the end of the list looks like the end of the file
}

func newPreprocessor(tree *Tree, opt Options, h *headers) *preprocessor {
	return &preprocessor{
		tree:    tree,
		opt:     opt,
		headers: h,
		macros:  map[string]*macro{},
		sources: map[string]*Source{},
	}
}

// run reads the source to its end.
func (p *preprocessor) run(name string, text []byte) {
	p.tree.Tokens = make([]Token, 0, min(len(text)/6, 1<<16))
	p.open(p.list(newSource(name, text)), 0)
	p.predefine(p.opt.Defines)
	for {
		t := p.expanded()
		if t.Kind == EOF {
			p.tree.Tokens = append(p.tree.Tokens, t)
			return
		}
		p.emit(t)
	}
}

func (p *preprocessor) emit(t Token) {
	p.produced += len(t.Text)
	if len(p.tree.Tokens) >= MaxTokens {
		p.stop(t, fmt.Sprintf("more than %d tokens after preprocessing", MaxTokens))
	} else if p.produced > MaxSource {
		p.stop(t, "more than 16 MiB of source after preprocessing")
	}
	p.tree.Tokens = append(p.tree.Tokens, t)
}

// list adds a file that is read to the sources of the tree.
func (p *preprocessor) list(s *Source) *Source {
	if p.sources[s.Name] == nil {
		p.sources[s.Name] = s
		p.tree.Sources = append(p.tree.Sources, s)
	}
	return s
}

// stop ends all reading: a limit was hit.
func (p *preprocessor) stop(at Token, what string) {
	if p.stopped {
		return
	}
	p.abandon()
	p.fail(at, "source-too-large", "look for macros or includes that multiply; the compiled file has room for about 2,000 policies",
		"%s", what)
}

// fail reports an error at a token.
func (p *preprocessor) fail(at Token, code, hint, format string, args ...any) {
	p.tree.reportToken(at, diag.Diagnostic{Code: code, Hint: hint, Message: fmt.Sprintf(format, args...)})
}

// expanded returns the next token that is no macro.
func (p *preprocessor) expanded() Token {
	for {
		t := p.next()
		if t.Kind != Name || t.noExpand {
			return t
		}
		m := p.macros[t.Text]
		if m == nil {
			return t
		}
		if m.disabled {
			t.noExpand = true
			return t
		}
		if !p.enter(m, t) {
			return t
		}
	}
}

// next returns the next token, macros included.
func (p *preprocessor) next() Token {
	for !p.stopped && len(p.contexts) > 0 {
		c := &p.contexts[len(p.contexts)-1]
		if len(c.tokens) > 0 {
			t := c.tokens[0]
			c.tokens = c.tokens[1:]
			return t
		}
		if c.barrier {
			return Token{Kind: EOF}
		}
		p.pop()
	}
	return p.fromFile()
}

func (p *preprocessor) push(c context) {
	if c.macro != nil {
		c.macro.disabled = true
	}
	p.contexts = append(p.contexts, c)
}

func (p *preprocessor) pop() {
	last := len(p.contexts) - 1
	if m := p.contexts[last].macro; m != nil {
		m.disabled = false
	}
	p.contexts = p.contexts[:last]
}

// expandAll expands a list of tokens on its own, for the macro use or directive
// at a token.
func (p *preprocessor) expandAll(at Token, tokens []Token) []Token {
	done := p.alone(tokens)
	defer done()
	var out []Token
	for t := p.expanded(); t.Kind != EOF; t = p.expanded() {
		if !p.spend(at, t.cost()) {
			break
		}
		out = append(out, t)
	}
	return out
}

// alone makes a list of tokens look like a whole file, until done is called.
func (p *preprocessor) alone(tokens []Token) (done func()) {
	depth := len(p.contexts)
	p.push(context{tokens: tokens, barrier: true})
	return func() {
		for len(p.contexts) > depth {
			p.pop()
		}
	}
}

// fromFile returns the next token of the files, following directives.
func (p *preprocessor) fromFile() Token {
	spaced := false
	for {
		in := p.inputs[len(p.inputs)-1]
		if p.stopped {
			return Token{Kind: EOF, start: in.at(in.offset), end: in.at(in.offset)}
		}
		t := p.scan(in)
		switch {
		case p.tree.full():
			p.abandon() // nothing more could be said
		case t.Kind == EOF:
			p.close(in)
			if len(p.inputs) == 1 {
				return t
			}
			p.inputs = p.inputs[:len(p.inputs)-1]
		case t.first && t.Kind == Punct && t.Text == "#":
			p.directive(in)
		case t.Kind == Punct && t.Text == "#" && !in.skipping() && in.atLineMark():
			p.plainDirective(in, p.scan(in), p.line(in))
		case t.Kind != newline && !in.skipping():
			t.spaced = t.spaced || spaced
			return t
		}
		spaced = true
	}
}

// countKept counts what is kept of a source beside its tokens.
func (p *preprocessor) countKept(at Token, n int) {
	if p.kept += n; p.kept > maxKept {
		p.stop(at, fmt.Sprintf("more than %d tokens of directives, comments and line marks", maxKept))
	}
}
