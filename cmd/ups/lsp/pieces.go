package lsp

import (
	"sort"
	"strings"
	"sync"

	"ups/grammar"
)

// pieces are the tokens of a text as it is written, those of directives too, and
// what is around each.
type pieces struct {
	all    []grammar.Lexeme // without comments; the last is EOF
	around []string         // of each: the struct or enum whose braces it is in; "" for a list or none
	line   []int            // of each: where the directive begins that it is in, or -1

	definitions func() []named // what the text defines, in all branches of its conditionals
}

func piecesOf(text string) *pieces {
	p := &pieces{}
	p.definitions = sync.OnceValue(p.define)
	directive := -1
	var scopes []string
	for l := range grammar.Lexemes(text) {
		if l.Comment {
			continue
		}
		i := len(p.all)
		if l.Newlines > 0 || i == 0 {
			directive = -1
			if l.Is("#") {
				directive = i
			}
		}
		if directive < 0 && l.Is("}") && len(scopes) > 0 {
			scopes = scopes[:len(scopes)-1]
		}
		around := ""
		if len(scopes) > 0 {
			around = scopes[len(scopes)-1]
		}
		p.all, p.around, p.line = append(p.all, l), append(p.around, around), append(p.line, directive)
		if directive < 0 && l.Is("{") {
			scopes = append(scopes, p.structOf(i))
		}
	}
	return p
}

// is reports whether a piece is a name or a sign; there is none before the first.
func (p *pieces) is(i int, text string) bool {
	return i >= 0 && i < len(p.all) && p.all[i].Is(text)
}

// name reports whether a piece is a name.
func (p *pieces) name(i int) bool {
	return i >= 0 && i < len(p.all) && p.all[i].Kind == grammar.Name
}

// structOf returns what a brace is of: a struct, enum, or "" for a list.
func (p *pieces) structOf(brace int) string {
	switch {
	case p.isEnum(brace-1) || p.isEnum(brace-2) && p.name(brace-1):
		return enum
	case p.is(brace-3, "RESOURCE") && p.name(brace-1): // RESOURCE POLICIES name {
		return p.all[brace-2].Text
	case p.name(brace - 1):
		return p.all[brace-1].Text
	}
	return ""
}

func (p *pieces) isEnum(i int) bool { return p.is(i, "enum") || p.is(i, "ENUM") }

// lineEnd returns the end of the directive that begins at a piece: the first piece
// that isn't of it.
func (p *pieces) lineEnd(i int) int {
	begin := i
	for i < len(p.all) && p.line[i] == begin {
		i++
	}
	return i
}

// end returns where a piece ends, in bytes.
func (p *pieces) end(i int) int { return p.all[i].Offset + len(p.all[i].Text) }

// at returns the index of the name that an offset is in or at the end of, or -1.
func (p *pieces) at(offset int) int {
	for i, l := range p.all {
		if l.Kind == grammar.Name && has(l, offset) {
			return i
		}
		if l.Offset > offset {
			break
		}
	}
	return -1
}

// useEnd returns where the use of a macro ends that begins at an offset: after the
// arguments, if there are some.
func (p *pieces) useEnd(offset int) int {
	i := sort.Search(len(p.all), func(i int) bool { return p.all[i].Offset >= offset })
	end, depth := p.end(i), 0
	if !p.is(i+1, "(") {
		return end
	}
	for i++; i < len(p.all); i++ {
		switch {
		case p.is(i, "("):
			depth++
		case p.is(i, ")"):
			depth--
		}
		if depth == 0 {
			return p.end(i)
		}
	}
	return end
}

// hasParameter reports whether a directive, given by its first piece, is a #define of a
// macro that has a parameter of that name.
func (p *pieces) hasParameter(line int, name string) bool {
	if !p.is(line+1, "define") || !p.is(line+3, "(") || p.all[line+3].Spaced {
		return false
	}
	end := p.lineEnd(line)
	for i := line + 4; i < end && !p.is(i, ")"); i++ {
		if p.is(i, name) {
			return true
		}
	}
	return false
}

// isField reports whether a piece is the name of a field that is given or declared.
func (p *pieces) isField(i int) bool {
	in := p.around[i]
	if in == "" || in == enum || p.line[i] >= 0 || !p.name(i) {
		return false
	}
	return p.is(i+1, "=") || strings.ContainsAny(p.all[i+1].Text, ";[(") && p.all[i+1].Kind == grammar.Punct && p.name(i-1)
}
