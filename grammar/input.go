package grammar

import (
	"strings"

	"ups/diag"
)

// input is a source on its way through.
type input struct {
	*scanner
	reading    *reading
	conditions []condition
	quiet      bool // in a group that is skipped: only what could hide its end is an error
	endHidden  bool // what isn't closed has run into the end of the file
	unclosed   int  // strings that aren't closed since the last one that is
}

// open begins to read a source.
func (p *preprocessor) open(s *Source, included location) {
	p.read += int64(len(s.text))
	r := p.tree.locations.open(s, included)
	p.inputs = append(p.inputs, &input{scanner: newScanner(s.text, r.base), reading: r})
	p.checkText(r)
	if p.read > MaxSource {
		at := max(included, r.base)
		p.stop(Token{start: at, end: at}, "more than 16 MiB of source in all the files together")
	}
}

// skipping reports whether the present group is passed over.
func (in *input) skipping() bool {
	n := len(in.conditions)
	return n > 0 && !in.conditions[n-1].active
}

// scan returns the next token of an input. It reports what is wrong with one
// and takes comments out.
func (p *preprocessor) scan(in *input) Token {
	spaced := false
	for !p.stopped {
		t := in.next()
		switch t.Kind {
		case comment:
			p.comment(in, t)
			spaced = true
			continue
		case EOF:
			t.reported = in.endHidden
		case String, Char:
			t.reported = !in.quiet && p.checkQuoted(in, t)
		}
		t.spaced = t.spaced || spaced
		return t
	}
	return Token{Kind: EOF, start: in.at(in.offset), end: in.at(in.offset)}
}

// comment adds a comment to the tree.
func (p *preprocessor) comment(in *input, t Token) {
	switch {
	case !closed(t.Text):
		in.endHidden = true
		p.fail(Token{start: t.start, end: t.start + location(len("/*"))}, "comment-unterminated", "end it with */",
			"this comment is not closed")
	case !in.quiet:
		p.countKept(t, 1)
		p.tree.Comments = append(p.tree.Comments, Comment{
			Text: strings.TrimRight(t.Text, "\r"), Next: len(p.tree.Tokens), start: t.start, end: t.end,
		})
	}
}

// checkQuoted reports a string or character that isn't closed.
func (p *preprocessor) checkQuoted(in *input, t Token) (reported bool) {
	switch {
	case closed(t.Text) && t.Kind == String:
		in.unclosed = 0
		return false
	case closed(t.Text):
		return false
	case t.Kind == Char:
		p.fail(t, "character-unterminated", "end it with '",
			"this character is not closed: it must end on its line")
		return true
	}
	if in.unclosed++; in.unclosed == 2 && endsString(t.Text) {
		in.unclosed = 0
		return true
	}
	p.tree.reportToken(t, unterminatedString(t.Text))
	return true
}

func unterminatedString(text string) diag.Diagnostic {
	d := diag.Diagnostic{
		Code:    "string-unterminated",
		Message: "this string is not closed: a string must end on its line",
		Hint:    `end it with ", or join two strings by writing them side by side`,
	}
	if strings.ContainsAny(text, "“”„") {
		d.Hint = `end it with a straight "`
	}
	return d
}

// endsString reports whether a string that isn't closed looks like the end of
// one that was begun on a line before: a sign stands right after its quote.
func endsString(text string) bool {
	return len(text) > 1 && strings.IndexByte(";,)} >", text[1]) >= 0
}

// close ends an input: no conditional may be open.
func (p *preprocessor) close(in *input) {
	for _, c := range in.conditions {
		p.fail(c.at, "endif-missing", "end it with #endif", "this #%s has no #endif in its file", c.at.Text)
	}
	in.conditions = nil
}

// line reads what is left of a directive's line.
func (p *preprocessor) line(in *input) []Token {
	var line []Token
	for !p.stopped {
		t := p.scan(in)
		if t.Kind == newline || t.Kind == EOF {
			break
		}
		p.countKept(t, t.cost())
		line = append(line, t)
	}
	return line
}

// skipLine passes over what is left of a directive's line.
func (p *preprocessor) skipLine(in *input) {
	for t := p.scan(in); t.Kind != newline && t.Kind != EOF; {
		t = in.next()
	}
}
