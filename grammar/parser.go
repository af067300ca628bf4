package grammar

import "github.com/alecthomas/participle/v2/lexer"

// parser cuts the tokens of a tree into pieces, applies the productions of
// grammar.go to them, and goes on after a mistake at the next piece.
type parser struct {
	tree  *Tree
	i     int // the next token
	end   int // the token that looks like the end of the file
	depth int // of braces

	mistakes     int // that were found, reported or not
	lastReported int // the token after the last one that was reported, 0 for none
	whole        *whole
}

// whole is what the parsers of the pieces of one source share.
type whole struct {
	lexer   *lexer.PeekingLexer // of all tokens
	pieces  int                 // statements, enumerators and members
	structs map[string]bool     // that have been declared
	// silent is set where a file is missing, which may have held the macros
	// that make sense of what stands here, and where reading was given up.
	silent bool
}

func newParser(t *Tree) *parser {
	w := &whole{lexer: newLexer(t.Tokens), structs: map[string]bool{}, silent: t.Incomplete}
	return &parser{tree: t, end: len(t.Tokens) - 1, whole: w}
}

// peek returns the next token.
func (p *parser) peek() Token { return p.ahead(0) }

func (p *parser) ahead(n int) Token {
	if p.i+n >= p.end {
		t := p.tree.Tokens[p.end]
		t.Kind, t.Text = EOF, ""
		return t
	}
	return p.tree.Tokens[p.i+n]
}

// since returns the node from a token to the one before the next.
func (p *parser) since(first int) Node { return Node{first, max(first, p.i-1)} }

// fieldFollows reports whether "NAME =" stands n tokens ahead.
func (p *parser) fieldFollows(n int) bool {
	return p.ahead(n).Kind == Name && p.ahead(n+1).Is("=")
}

// structFollows reports whether "NAME {" stands n tokens ahead.
func (p *parser) structFollows(n int) bool {
	return p.ahead(n).Kind == Name && p.ahead(n+1).Is("{")
}

// declaredStruct reports whether a token is the name of a struct that has been
// declared.
func (p *parser) declaredStruct(t Token) bool {
	return t.Kind == Name && p.whole.structs[t.Text]
}

// nextStruct reports whether "NAME {" or ", NAME {" comes next, which can't
// be inside a block of fields.
func (p *parser) nextStruct() bool {
	return p.structFollows(0) || p.peek().Is(",") && p.structFollows(1)
}

// enter goes one brace deeper, if that is allowed.
func (p *parser) enter() bool {
	if p.depth >= MaxNesting {
		p.tooDeep()
		return false
	}
	p.depth++
	return true
}

// tooDeep reports nesting that is too deep, and ends all reading.
func (p *parser) tooDeep() {
	p.fail(p.i, "nesting", "", "braces or parentheses more than %d deep", MaxNesting)
	p.whole.silent = true
	p.tree.Incomplete = true
	p.i = p.end
}

// skipTo passes over tokens up to one that stop holds for, outside of braces,
// or up to where the block must end.
func (p *parser) skipTo(stop func(Token) bool) {
	depth := 0
	for t := p.peek(); t.Kind != EOF && !beginsStatement(t); t = p.peek() {
		switch {
		case t.Is("{"):
			depth++
		case t.Is("}"):
			if depth--; depth < 0 {
				return
			}
		case depth == 0 && stop(t):
			return
		}
		p.i++
	}
}
