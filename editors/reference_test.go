//go:build editors

package editors

import (
	"regexp"
	"slices"
	"strings"

	"ups/grammar"
)

// class is what a character of a source is part of.
type class string

// The classes.
const (
	nothing    class = "nothing" // white space, and the messages of directives
	comment    class = "comment"
	text       class = "string" // with the file of an #include
	character  class = "character"
	number     class = "number"
	sign       class = "sign"
	directive  class = "directive"
	keyword    class = "keyword"
	structName class = "struct"
	field      class = "field"
	constant   class = "constant" // also what a directive asks about
	macro      class = "macro"    // with arguments, in parentheses
	resource   class = "resource"
	definition class = "definition"
	parameter  class = "parameter"
	anyName    class = "name" // of text that isn't read, or that is wrong
)

// piece is characters of one class.
type piece struct {
	from, to int // in bytes
	class    class
}

// reference returns the pieces of a text in their order: cut as ups cuts it,
// and named by its tree.
func reference(d document) []piece {
	r := &reader{text: d.text, names: namesOf(d)}
	for l := range grammar.Lexemes(d.text) {
		r.read(&l)
	}
	return r.pieces
}

// lineMark is what a preprocessor writes, which ups takes anywhere in a line.
var lineMark = regexp.MustCompile(`^#[ \t]*[0-9]+[ \t]*"`)

// reader goes through the lexemes of a text. It knows of directives that they
// begin with # at the start of a line, and of each what its words are.
type reader struct {
	text   string
	names  map[int]class // by offset
	pieces []piece

	started bool             // a line has something on it
	words   []grammar.Lexeme // of the directive that is being read, from its #
	was     class            // of the lexeme before
}

func (r *reader) read(l *grammar.Lexeme) {
	if l.Newlines > 0 {
		r.started, r.words = false, nil
	}
	c := r.classOf(l)
	if !l.Comment {
		r.started = true
	}
	if c != nothing && l.Kind != grammar.EOF {
		r.pieces = append(r.pieces, piece{l.Offset, l.Offset + len(l.Text), c})
	}
	r.was = c
}

func (r *reader) classOf(l *grammar.Lexeme) class {
	switch {
	case l.Comment:
		return comment
	case l.Is("#") && (!r.started || lineMark.MatchString(r.text[l.Offset:])):
		r.words = []grammar.Lexeme{*l}
		return directive
	case r.words != nil:
		r.words = append(r.words, *l)
		return r.ofDirective(l)
	}
	return r.plain(l)
}

// plain returns the class of what is in no directive.
func (r *reader) plain(l *grammar.Lexeme) class {
	switch l.Kind {
	case grammar.String:
		return text
	case grammar.Char:
		return character
	case grammar.Number:
		return number
	case grammar.Name:
		if c, ok := r.names[l.Offset]; ok {
			return c
		}
		if slices.Contains(keywords, l.Text) {
			return keyword
		}
		return anyName
	}
	return sign
}

// keywords begin statements, or stand before those that do.
var keywords = []string{"UID2", "UID3", "NAME", "CHARACTER_SET", "enum", "ENUM", "STRUCT", "GLOBAL", "LOCAL", "RESOURCE"}

// ofDirective returns the class of a word of a directive.
func (r *reader) ofDirective(l *grammar.Lexeme) class {
	word := r.words[1].Text
	switch {
	case len(r.words) == 2 && l.Kind == grammar.Name:
		return directive
	case word == "include" && l.Kind != grammar.Name || word == "include" && r.was == text:
		return text
	case word == "error" || word == "warning" || word == "pragma":
		return nothing
	case word == "define":
		return r.ofDefinition(l)
	case l.Kind == grammar.Name && !slices.Contains(conditions, word):
		return anyName // nobody reads it
	case l.Kind == grammar.Name:
		return constant
	}
	return r.plain(l)
}

// conditions are the directives that have names in them, besides #define.
var conditions = []string{"if", "ifdef", "ifndef", "elif", "else", "endif", "undef", "line", "include"}

// ofDefinition returns the class of a word of a #define. What a name of the
// text stands for, its uses say.
func (r *reader) ofDefinition(l *grammar.Lexeme) class {
	i := len(r.words)
	switch {
	case i == 3:
		return definition
	case l.Kind == grammar.Name && r.inParameters():
		return parameter
	case l.Kind == grammar.Name && !slices.Contains(keywords, l.Text):
		return anyName
	}
	return r.plain(l)
}

// inParameters reports whether the last word is between the parentheses that
// follow the name of a macro without a space.
func (r *reader) inParameters() bool {
	if open := r.words[3]; open.Text != "(" || open.Spaced {
		return false
	}
	closed := slices.ContainsFunc(r.words[3:], func(l grammar.Lexeme) bool { return l.Text == ")" })
	return !closed
}

// allows reports whether an editor's class will do for the piece of a text.
func (p piece) allows(of class, text string) bool {
	line, _, _ := strings.Cut(text[p.to:], "\n")
	line = strings.TrimSpace(line)
	switch p.class {
	case sign:
		return of == sign || of == nothing
	case anyName:
		return slices.Contains([]class{constant, macro, structName, field, resource}, of)
	case constant:
		// A name with parentheses is told as a macro, wherever it stands.
		return of == constant || of == macro && strings.HasPrefix(line, "(")
	case structName:
		// An editor that reads line by line doesn't see the brace of a struct
		// that it doesn't know.
		known := slices.Contains([]string{"POLICIES", "POLICY_HEADER", "POLICY"}, text[p.from:p.to])
		return of == structName || of == constant && !known && line == ""
	}
	return p.class == of
}
