package grammar

import (
	"strings"
	"unicode/utf8"
)

// scanner cuts a text into tokens, comments and ends of lines among them. It
// reports nothing: what isn't closed is a token to its end, see closed.
type scanner struct {
	text   string
	base   location // of the text
	offset int
	first  bool // no token on this line yet
}

func newScanner(text string, base location) *scanner {
	s := &scanner{text: text, base: base, first: true}
	if strings.HasPrefix(s.text, "\uFEFF") {
		s.offset = len("\uFEFF")
	}
	return s
}

func (s *scanner) at(offset int) location { return s.base + location(offset) }

// peek returns the byte at the offset, 0 at the end.
func (s *scanner) peek(ahead int) byte {
	if i := s.offset + ahead; i < len(s.text) {
		return s.text[i]
	}
	return 0
}

// splice returns the length of a backslash-newline at i, or 0.
func (s *scanner) splice(i int) int {
	switch rest := s.text[i:]; {
	case strings.HasPrefix(rest, "\\\n"):
		return 2
	case strings.HasPrefix(rest, "\\\r\n"):
		return 3
	}
	return 0
}

// next returns the next token.
func (s *scanner) next() Token {
	spaced := s.skipSpace()
	start := s.offset
	if start >= len(s.text) {
		return Token{Kind: EOF, first: true, start: s.at(start), end: s.at(start)}
	}
	t := Token{spaced: spaced, first: s.first, start: s.at(start)}
	t.Kind = s.scan()
	t.Text = s.text[start:s.offset]
	t.end = s.at(s.offset)
	if t.Kind == comment {
		return t
	}
	if strings.IndexByte(t.Text, '\\') >= 0 {
		t.Text = unsplice(t.Text)
	}
	s.first = t.Kind == newline
	return t
}

// scan moves past one token and returns its kind.
func (s *scanner) scan() Kind {
	switch c := s.text[s.offset]; {
	case c == '\n':
		s.offset++
		return newline
	case isLetter(c):
		s.run(isNameByte)
		return Name
	case isDigit(c):
		s.run(isNumberByte)
		return Number
	case c == '"':
		s.quoted('"')
		return String
	case c == '\'':
		s.quoted('\'')
		return Char
	case c == '/' && s.peek(1) == '/':
		s.lineComment()
		return comment
	case c == '/' && s.peek(1) == '*':
		s.blockComment()
		return comment
	}
	_, size := utf8.DecodeRuneInString(s.text[s.offset:]) // 1 for what isn't UTF-8
	s.offset += size
	return Punct
}

// run moves past bytes of a class, and the backslash-newlines among them.
func (s *scanner) run(in func(byte) bool) {
	for s.offset < len(s.text) {
		c := s.text[s.offset]
		if in(c) {
			s.offset++
		} else if n := s.splice(s.offset); c == '\\' && n > 0 {
			s.offset += n
		} else {
			return
		}
	}
}

// quoted moves past a string or character. One that isn't closed ends with
// its line.
func (s *scanner) quoted(quote byte) {
	for s.offset++; s.offset < len(s.text); s.offset++ {
		switch s.text[s.offset] {
		case '\n':
			return
		case quote:
			s.offset++
			return
		case '\\':
			s.offset += max(1, s.splice(s.offset)-1)
			s.offset = min(s.offset, len(s.text)-1)
		}
	}
}

// lineComment moves past a comment up to the end of its line.
func (s *scanner) lineComment() {
	for s.offset < len(s.text) && s.text[s.offset] != '\n' {
		s.offset += max(1, s.splice(s.offset))
	}
}

// blockComment moves past a comment with an end. One that isn't closed ends
// with the text.
func (s *scanner) blockComment() {
	s.offset += len("/*")
	n := strings.Index(s.text[s.offset:], "*/")
	if n < 0 {
		s.offset = len(s.text)
		return
	}
	s.offset += n + len("*/")
}

// skipSpace moves past white space and backslash-newlines up to the next token
// or the end of the line.
func (s *scanner) skipSpace() bool {
	start := s.offset
	for s.offset < len(s.text) {
		switch c := s.text[s.offset]; {
		case c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v' || c == 0: // of NUL, see checkText
			s.offset++
		case c == '\\' && s.splice(s.offset) > 0:
			s.offset += s.splice(s.offset)
		default:
			return s.offset > start
		}
	}
	return s.offset > start
}

// closed reports whether a string, character or comment has its closing sign.
func closed(text string) bool {
	if strings.HasPrefix(text, "/") {
		return text[1] == '/' || len(text) >= len("/**/") && strings.HasSuffix(text, "*/")
	}
	if len(text) < 2 || text[len(text)-1] != text[0] {
		return false
	}
	escapes := 0
	for i := len(text) - 2; i > 0 && text[i] == '\\'; i-- {
		escapes++
	}
	return escapes%2 == 0
}

// unsplice takes the backslash-newlines out of a token.
func unsplice(s string) string {
	s = strings.ReplaceAll(s, "\\\r\n", "")
	return strings.ReplaceAll(s, "\\\n", "")
}

func isLetter(c byte) bool     { return c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_' }
func isDigit(c byte) bool      { return c >= '0' && c <= '9' }
func isNameByte(c byte) bool   { return isLetter(c) || isDigit(c) }
func isNumberByte(c byte) bool { return isNameByte(c) || c == '.' }
