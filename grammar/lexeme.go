package grammar

import (
	"iter"
	"strings"
)

// Lexeme is a piece of a text as it is written, before preprocessing: a token
// or a comment.
type Lexeme struct {
	Kind     Kind
	Comment  bool
	Text     string // with any backslash-newline in it
	Offset   int    // in bytes
	Newlines int    // ends of lines between the piece before and this one
	Spaced   bool   // white space of any kind stands before it
}

// Lexemes cuts a text into its pieces. The last is EOF. What isn't closed, a
// string or a comment, is a piece to its end. A byte order mark is passed over.
func Lexemes(text string) iter.Seq[Lexeme] {
	return func(yield func(Lexeme) bool) {
		s := newScanner(text, 0)
		newlines, spaced := 0, false
		for {
			t := s.next()
			spaced = spaced || t.spaced
			if t.Kind == newline {
				newlines, spaced = newlines+1, true
				continue
			}
			if !yield(Lexeme{t.Kind, t.Kind == comment, text[t.start:t.end], int(t.start), newlines, spaced}) || t.Kind == EOF {
				return
			}
			newlines, spaced = 0, false
		}
	}
}

// Is reports whether it is the given name or sign.
func (l *Lexeme) Is(text string) bool {
	if l.Kind != Punct && l.Kind != Name {
		return false
	}
	return l.Text == text || len(l.Text) > len(text) && strings.Contains(l.Text, "\\") && unsplice(l.Text) == text
}

// Closed reports whether a string, character or comment has its closing sign.
func (l *Lexeme) Closed() bool {
	return !l.Comment && l.Kind != String && l.Kind != Char || closed(l.Text)
}
