package format

import (
	"slices"
	"strings"
	"unicode/utf8"

	"ups/grammar"
)

const (
	maxWidth = 100 // of a line with a block on it, in columns
	tabWidth = 4
)

// printer writes the tokens of a text.
type printer struct {
	*cutter
	text   string
	inCall []bool
	out    strings.Builder
	start  int  // of the present line in out
	indent int  // of what begins a line, in tabs
	fresh  bool // nothing stands in this block yet, so no blank line follows
	ended  bool // a comment or directive has ended its line
}

func (p *printer) print() string {
	p.fresh = true
	for _, s := range p.statements {
		if s.reason != "" {
			p.keep(s)
		} else {
			p.statement(s)
		}
	}
	p.place(len(p.tokens)-1, line)
	if text := p.out.String(); text == "" || strings.HasSuffix(text, "\\") {
		return text // a backslash would join what isn't there
	}
	return p.out.String() + "\n"
}

// keep writes a statement as it is.
func (p *printer) keep(s statement) {
	p.place(s.first, line)
	p.write(p.text[p.tokens[s.first].Offset:p.tokens[s.last].end()])
}

func (p *printer) statement(s statement) {
	known := slices.ContainsFunc(keywords, p.tokens[s.first].Is)
	for i := s.first; i <= s.last; i++ {
		if close, ok := p.close[i]; ok {
			p.block(i, p.tokens[s.first].Is("STRUCT") || p.isEnum(i))
			i = close
			continue
		}
		w := line
		if i > s.first && (known || p.tokens[i].Newlines == 0) {
			w = p.want(i)
		}
		p.token(i, w)
	}
}

func (p *printer) token(i int, w want) {
	p.place(i, w)
	p.write(p.tokens[i].Text)
}

func (p *printer) write(text string) {
	p.out.WriteString(text)
	if n := strings.LastIndexByte(text, '\n'); n >= 0 {
		p.start = p.out.Len() - len(text) + n + 1
	}
	p.ended = false
}

// place writes the remarks before a token, and the white space: the token is to
// be written next.
func (p *printer) place(i int, w want) {
	t := &p.tokens[i]
	indent := p.indent
	if w != line {
		indent++
	}
	brace := t.Is("{") || t.Is("}") // has a line of its own
	follows := false                // the token follows a comment on its line
	for k, r := range t.before {
		trails := r.newlines == 0 && !p.ended && p.out.Len() > 0
		switch {
		case r.directive:
			p.newLine(r.newlines, 0)
			p.write(strings.TrimRight(r.text, " \t\r\f\v"))
		case trails && (w != line || follows || brace || t.breaksAfter(k)):
			p.write(" " + p.comment(r, indent))
		default:
			p.newLine(r.newlines, indent)
			p.write(p.comment(r, indent))
			follows = !brace
		}
		p.ended = r.line()
		follows = follows && !p.ended && !t.breaksAfter(k)
	}
	p.space(t, w, indent, follows)
}

// space writes the white space before a token, after its remarks.
func (p *printer) space(t *token, w want, indent int, follows bool) {
	commented := len(t.before) > 0 && !p.ended
	switch {
	case t.Kind == grammar.EOF:
	case follows, !p.ended && w == space:
		p.write(" ")
	case p.ended, w == line, w == asWritten && t.Newlines > 0:
		newlines := t.Newlines
		if w != line || t.Is("}") || t.Is("{") {
			newlines = 1
		}
		p.newLine(newlines, indent)
	case w == asWritten && (t.Spaced || commented):
		p.write(" ")
	}
}

// breaksAfter reports whether a line ends between a remark and the token.
func (t *token) breaksAfter(k int) bool {
	for _, r := range t.before[k+1:] {
		if r.newlines > 0 {
			return true
		}
	}
	return t.Newlines > 0 || t.before[k].line()
}

// newLine begins a line, after a blank one if there was one in the source.
func (p *printer) newLine(newlines, indent int) {
	if p.out.Len() > 0 {
		p.out.WriteByte('\n')
		if newlines > 1 && !p.fresh {
			p.out.WriteByte('\n')
		}
	}
	p.fresh, p.ended = false, false
	p.start = p.out.Len()
	p.write(strings.Repeat("\t", indent))
}

// comment returns the text of a comment. If each line of it begins with an
// asterisk, these stand below each other.
func (p *printer) comment(r remark, indent int) string {
	if r.line() {
		return lineComment(r.text)
	}
	lines := strings.Split(r.text, "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \t\r\f\v")
		if i > 0 && !strings.HasPrefix(strings.TrimLeft(l, " \t"), "*") {
			return r.text
		}
	}
	for i := range lines[1:] {
		lines[i+1] = strings.Repeat("\t", indent) + " " + strings.TrimLeft(lines[i+1], " \t")
	}
	return strings.Join(lines, "\n")
}

// lineComment returns a comment to the end of its line without the white space
// that it ends with, unless that keeps a backslash from joining the next line.
func lineComment(text string) string {
	if trimmed := strings.TrimRight(text, " \t\r\f\v"); !strings.HasSuffix(trimmed, "\\") {
		return trimmed
	}
	return text
}

// column returns where the present line has got to.
func (p *printer) column() int { return width(p.out.String()[p.start:]) }

func width(s string) int {
	return utf8.RuneCountInString(s) + (tabWidth-1)*strings.Count(s, "\t")
}
