package lsp

import (
	"context"
	"slices"
	"strings"

	"ups/cmd/ups/lsp/protocol"
	"ups/grammar"
)

// tokenTypes are the kinds of tokens that the client is told of, by their numbers.
var tokenTypes = []string{"keyword", "struct", "property", "macro", "enumMember", "string", "number", "comment", "variable", "operator"}

const (
	keywordToken = iota
	structToken
	propertyToken
	macroToken
	enumMemberToken
	stringToken
	numberToken
	commentToken
	variableToken
	operatorToken
)

func (s *server) semanticTokens(_ context.Context, p *protocol.DocumentParams) (*protocol.SemanticTokens, error) {
	d, c, err := s.open(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	return c.tokens(d, 0, len(d.String())), nil
}

func (s *server) semanticTokensRange(_ context.Context, p *protocol.RangeParams) (*protocol.SemanticTokens, error) {
	d, c, err := s.open(p.TextDocument.URI)
	if err != nil {
		return nil, err
	}
	from, to := d.Offsets(p.Range)
	return c.tokens(d, from, to), nil
}

// tokens tells of the kinds of all tokens that begin in a part of a document.
func (c *compilation) tokens(d *document, from, to int) *protocol.SemanticTokens {
	out := &protocol.SemanticTokens{Data: []uint32{}}
	p := d.pieces()
	macros, constants := c.defined()
	e := encoder{d: d, out: out}
	i := 0 // of pieces, which have no comments
	for l := range grammar.Lexemes(d.String()) {
		if l.Offset >= from && l.Offset < to && l.Kind != grammar.EOF {
			e.add(l, kindOf(p, i, l, macros, constants))
		}
		if !l.Comment {
			i++
		}
	}
	return out
}

// defined returns the macros and the constants of what a source reads.
func (c *compilation) defined() (macros, constants map[string]bool) {
	macros, constants = map[string]bool{}, map[string]bool{}
	for _, src := range c.result.Tree.Sources {
		for _, n := range c.piecesOf(src).definitions() {
			switch n.kind {
			case macroName:
				macros[n.name] = true
			case constantName:
				constants[n.name] = true
			}
		}
	}
	return macros, constants
}

// kindOf returns the kind of a token, or -1 for one that has none.
func kindOf(p *pieces, i int, l grammar.Lexeme, macros, constants map[string]bool) int {
	switch {
	case l.Comment:
		return commentToken
	case l.Kind == grammar.String, l.Kind == grammar.Char:
		return stringToken
	case l.Kind == grammar.Number:
		return numberToken
	case l.Kind == grammar.Punct && p.line[i] == i:
		return keywordToken // the sign of a directive
	case l.Kind == grammar.Punct && strings.Contains("|+-*/", l.Text):
		return operatorToken
	case l.Kind != grammar.Name:
		return -1
	case p.line[i] >= 0 && i == p.line[i]+1:
		return keywordToken
	}
	return kindOfName(p, i, macros, constants)
}

func kindOfName(p *pieces, i int, macros, constants map[string]bool) int {
	switch name := p.all[i].Text; {
	case p.isField(i) && p.line[i] < 0 && !macros[name]:
		return propertyToken
	case p.is(i+1, "{") && !p.is(i-2, "RESOURCE") && !p.isEnum(i-1) && !p.isEnum(i), p.is(i-1, "RESOURCE"), p.is(i-1, "STRUCT"):
		return structToken
	case macros[name]:
		return macroToken
	case constants[name]:
		return enumMemberToken
	case slices.Contains(reserved, name):
		return keywordToken
	}
	return variableToken
}

// encoder writes tokens as the protocol has them: each from where the one before
// begins, and on one line.
type encoder struct {
	d    *document
	out  *protocol.SemanticTokens
	last protocol.Position
}

func (e *encoder) add(l grammar.Lexeme, kind int) {
	if kind < 0 {
		return
	}
	for from, end := l.Offset, l.Offset+len(l.Text); from < end; {
		to := end
		if i := strings.IndexAny(e.d.String()[from:end], "\r\n"); i >= 0 {
			to = from + i
		}
		e.line(from, to, kind)
		for from = to; from < end && strings.ContainsRune("\r\n", rune(e.d.String()[from])); from++ {
		}
	}
}

// line writes the part of a token that is on one line.
func (e *encoder) line(from, to, kind int) {
	r := e.d.Span(from, to)
	if r.Start == r.End {
		return
	}
	line, character := r.Start.Line-e.last.Line, r.Start.Character
	if line == 0 {
		character -= e.last.Character
	}
	e.out.Data = append(e.out.Data, line, character, r.End.Character-r.Start.Character, uint32(kind), 0)
	e.last = r.Start
}
