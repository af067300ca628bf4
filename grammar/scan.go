package grammar

import (
	"strings"
	"unicode/utf8"

	"ups/diag"
)

// scanner cuts one reading of a source into tokens, line by line. Comments are
// handed to the preprocessor on the way.
type scanner struct {
	pp     *preprocessor
	r      *reading
	text   string
	offset int
	first  bool // no token on this line yet
	open   bool // a comment that isn't closed hid the end
	halves int  // strings that aren't closed since the last one that is
	quiet  bool // in a group that is skipped: only what could hide its end is an error
}

func newScanner(pp *preprocessor, r *reading) *scanner {
	s := &scanner{pp: pp, r: r, text: r.source.text, first: true}
	if strings.HasPrefix(s.text, "\uFEFF") {
		s.offset = len("\uFEFF")
	}
	return s
}

func (s *scanner) at(offset int) location { return s.r.base + location(offset) }

// peek gives the byte at the offset, 0 at the end.
func (s *scanner) peek(ahead int) byte {
	if i := s.offset + ahead; i < len(s.text) {
		return s.text[i]
	}
	return 0
}

// splice gives the length of a backslash-newline at i, or 0.
func (s *scanner) splice(i int) int {
	switch rest := s.text[i:]; {
	case strings.HasPrefix(rest, "\\\n"):
		return 2
	case strings.HasPrefix(rest, "\\\r\n"):
		return 3
	}
	return 0
}

// next gives the next token; newline tokens are among them.
func (s *scanner) next() Token {
	spaced := s.skipSpace()
	start := s.offset
	if start >= len(s.text) {
		return Token{Kind: EOF, first: true, start: s.at(start), end: s.at(start), broken: s.open}
	}
	t := Token{spaced: spaced, first: s.first, start: s.at(start)}
	t.Kind = s.scan()
	t.Text = s.text[start:s.offset]
	t.end = s.at(s.offset)
	if strings.IndexByte(t.Text, '\\') >= 0 {
		t.Text = unsplice(t.Text)
	}
	s.first = t.Kind == newline
	t.broken = !s.quiet && s.check(t)
	return t
}

// scan moves past one token and tells its kind.
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

// skipSpace moves past white space, comments and backslash-newlines up to the
// next token or the end of the line.
func (s *scanner) skipSpace() bool {
	start := s.offset
	for s.offset < len(s.text) && !s.pp.stopped {
		switch c := s.text[s.offset]; {
		case c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v' || c == 0: // of NUL, see checkText
			s.offset++
		case c == '/' && s.peek(1) == '/':
			s.lineComment()
		case c == '/' && s.peek(1) == '*':
			s.blockComment()
		case c == '\\' && s.splice(s.offset) > 0:
			s.offset += s.splice(s.offset)
		default:
			return s.offset > start
		}
	}
	return s.offset > start
}

func (s *scanner) lineComment() {
	start := s.offset
	for s.offset < len(s.text) && s.text[s.offset] != '\n' {
		s.offset += max(1, s.splice(s.offset))
	}
	s.comment(start)
}

func (s *scanner) blockComment() {
	start := s.offset
	n := strings.Index(s.text[start+2:], "*/")
	if n < 0 {
		s.offset, s.open = len(s.text), true
		s.pp.report(s.at(start), s.at(start+2), diag.Diagnostic{
			Code:    "comment-unterminated",
			Message: "this comment is not closed",
			Hint:    "end it with */",
		})
		return
	}
	s.offset = start + 2 + n + 2
	s.comment(start)
}

func (s *scanner) comment(start int) {
	if !s.quiet {
		s.pp.comment(strings.TrimRight(s.text[start:s.offset], "\r"), s.at(start), s.at(s.offset))
	}
}

// check reports a token that can't be one.
func (s *scanner) check(t Token) (broken bool) {
	var d diag.Diagnostic
	switch {
	case t.Kind == String && closed(t.Text):
		s.halves = 0
		return false
	case t.Kind == String:
		if s.halves++; s.halves == 2 && endsString(t.Text) {
			s.halves = 0
			return true
		}
		d.Code = "string-unterminated"
		d.Message = "this string is not closed: a string must end on its line"
		d.Hint = `end it with ", or join two strings by writing them side by side`
		if strings.ContainsAny(t.Text, "“”„") {
			d.Hint = `end it with a straight "`
		}
	case t.Kind == Char && !closed(t.Text):
		d.Code = "character-unterminated"
		d.Message = "this character is not closed: it must end on its line"
		d.Hint = "end it with '"
	default:
		return false
	}
	s.pp.report(t.start, t.end, d)
	return true
}

// endsString reports whether a string that isn't closed looks like the end of
// one that was begun on a line before: a sign stands right behind its quote.
func endsString(text string) bool {
	return len(text) > 1 && strings.IndexByte(";,)} >", text[1]) >= 0
}

// closed reports whether a quoted token has its closing quote.
func closed(text string) bool {
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
