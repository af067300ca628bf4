package lsp

import (
	"slices"
	"strings"

	"ups/grammar"
)

// cursor says what a place of a text is, as far as the text alone shows it: it may
// be one that doesn't parse yet.
type cursor struct {
	// word is the name, number, string or comment that the place is in, or at the
	// end of; zero if there is none.
	word grammar.Lexeme
	// before are the last two pieces before word, or before the place.
	before [2]grammar.Lexeme
	// directive is the name of the directive on whose line the place is; "#" before
	// there is a name.
	directive string
	scopes    []scope // the outermost first
}

// scope is what a pair of braces is around the place.
type scope struct {
	of    string   // the struct, "enum", or "" for a list
	field string   // that the scope is the value of, if it is
	value string   // the field whose value is being written in it
	given []string // its fields that have one
	start int      // the offset of its brace
}

// takesFields reports whether fields stand in the scope.
func (s scope) takesFields() bool { return s.of != "" && s.of != enum }

// enum is what the scope of an enumeration is of.
const enum = "enum"

// innermost returns the innermost scope, or the zero value.
func (c *cursor) innermost() scope {
	if len(c.scopes) == 0 {
		return scope{}
	}
	return c.scopes[len(c.scopes)-1]
}

// has reports whether an offset is within a piece.
func has(l grammar.Lexeme, offset int) bool {
	end := l.Offset + len(l.Text)
	if l.Comment || l.Kind == grammar.String || l.Kind == grammar.Char {
		open := !l.Closed() || strings.HasPrefix(l.Text, "//")
		return l.Offset < offset && (offset < end || open && offset == end)
	}
	return (l.Kind == grammar.Name || l.Kind == grammar.Number) && l.Offset <= offset && offset <= end
}

// cursorAt looks at the place at an offset.
func cursorAt(text string, offset int) *cursor {
	w := walker{text: text, offset: offset}
	for l := range grammar.Lexemes(text) {
		if !w.take(l) {
			break
		}
	}
	return &w.at
}

// walker follows the pieces of a text.
type walker struct {
	text   string
	offset int

	at        cursor
	found     bool // the place has been passed; what follows only adds fields
	depth     int  // braces that were opened since
	scopes    []scope
	last      [3]grammar.Lexeme // of code, the newest last
	previous  grammar.Lexeme    // of anything
	directive string
}

// take takes in a piece, and reports whether more is wanted.
func (w *walker) take(l grammar.Lexeme) bool {
	if w.found {
		return w.rest(l)
	}
	directiveBefore := w.directive
	w.follow(l)
	switch {
	case has(l, w.offset):
		w.arrive(l, w.directive)
	case l.Offset >= w.offset || l.Kind == grammar.EOF:
		if !w.onLineOf(w.previous) {
			directiveBefore = ""
		}
		w.arrive(grammar.Lexeme{}, directiveBefore)
	default:
		w.code(l)
		w.previous = l
		return true
	}
	return w.at.directive == "" && w.rest(l)
}

// follow keeps up with directives, which end with their line.
func (w *walker) follow(l grammar.Lexeme) {
	begins := l.Newlines > 0 || w.previous.Text == ""
	switch {
	case begins && l.Is("#"):
		w.directive = "#"
	case l.Newlines > 0:
		w.directive = ""
	case w.directive == "#" && l.Kind == grammar.Name:
		w.directive = l.Text
	}
}

// arrive notes what is known at the place, which is in a word or in none.
func (w *walker) arrive(word grammar.Lexeme, directive string) {
	w.found = true
	w.at = cursor{
		word: word, before: [2]grammar.Lexeme{w.last[1], w.last[2]},
		directive: directive, scopes: slices.Clone(w.scopes),
	}
}

// onLineOf reports whether the place is on the line that a piece ends on.
func (w *walker) onLineOf(l grammar.Lexeme) bool {
	end := l.Offset + len(l.Text)
	return l.Text != "" && end <= w.offset && !strings.Contains(w.text[end:w.offset], "\n")
}

// rest adds the fields that the innermost scope is given after the place.
func (w *walker) rest(l grammar.Lexeme) bool {
	if len(w.at.scopes) == 0 || l.Kind == grammar.EOF {
		return false
	}
	switch {
	case l.Is("{"):
		w.depth++
	case l.Is("}"):
		w.depth--
	case l.Is("=") && w.depth == 0 && w.last[2].Kind == grammar.Name && w.last[2].Offset > w.offset:
		inner := &w.at.scopes[len(w.at.scopes)-1]
		inner.given = append(inner.given, w.last[2].Text)
	}
	w.remember(l)
	return w.depth >= 0
}

// code follows braces and fields.
func (w *walker) code(l grammar.Lexeme) {
	if l.Comment || w.directive != "" {
		return
	}
	switch inner := len(w.scopes) - 1; {
	case l.Is("{"):
		w.scopes = append(w.scopes, w.opened(l))
	case l.Is("}") && inner >= 0:
		w.scopes = w.scopes[:inner]
	case l.Is("=") && inner >= 0 && w.scopes[inner].takesFields() && w.last[2].Kind == grammar.Name:
		w.scopes[inner].value = w.last[2].Text
		w.scopes[inner].given = append(w.scopes[inner].given, w.last[2].Text)
	case l.Is(";") && inner >= 0:
		w.scopes[inner].value = ""
	}
	w.remember(l)
}

func (w *walker) remember(l grammar.Lexeme) {
	if !l.Comment {
		w.last = [3]grammar.Lexeme{w.last[1], w.last[2], l}
	}
}

// opened returns the scope that a brace opens.
func (w *walker) opened(brace grammar.Lexeme) scope {
	s := scope{start: brace.Offset}
	if n := len(w.scopes) - 1; n >= 0 {
		s.field = w.scopes[n].value
		if w.scopes[n].of == "" {
			s.field = w.scopes[n].field
		}
	}
	a, b, c := w.last[0], w.last[1], w.last[2]
	switch {
	case c.Is("enum") || b.Is("enum") || c.Is("ENUM") || b.Is("ENUM"):
		s.of = enum
	case a.Is("RESOURCE") && c.Kind == grammar.Name: // RESOURCE POLICIES name {
		s.of = b.Text
	case c.Kind == grammar.Name:
		s.of = c.Text
	}
	return s
}
