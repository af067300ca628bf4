package grammar

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"ups/diag"
)

// condition is an open #if.
type condition struct {
	at     Token // the word after #
	active bool  // its present group is read
	done   bool  // one of its groups was read, or none may be
	ended  bool  // its #else was read
}

// directiveNames are the directives, for suggestions.
var directiveNames = []string{
	"include", "define", "undef", "if", "ifdef", "ifndef", "elif", "else", "endif", "error", "warning", "pragma", "line",
}

// directive carries out the directive whose # was read.
func (p *preprocessor) directive(in *input) {
	in.quiet = true
	word := p.scan(in)
	if word.Kind == newline || word.Kind == EOF {
		in.quiet = in.skipping()
		return
	}
	in.quiet = in.skipping() || word.Text == "error" || word.Text == "warning" || word.Text == "pragma"
	if in.ignores(word) {
		p.skipLine(in)
	} else {
		p.carryOut(in, word, p.line(in))
	}
	in.quiet = in.skipping()
}

// ignores reports whether what stands after a directive's word has no meaning,
// so that it needn't be kept.
func (in *input) ignores(word Token) bool {
	switch word.Text {
	case "pragma", "line":
		return true
	case "if", "ifdef", "ifndef", "elif", "else", "endif":
		return false
	}
	return in.skipping()
}

func (p *preprocessor) carryOut(in *input, word Token, rest []Token) {
	p.countKept(word, 1)
	if !p.conditional(in, word, rest) && !in.skipping() {
		p.plainDirective(in, word, rest)
	}
}

func (p *preprocessor) plainDirective(in *input, word Token, rest []Token) {
	switch word.Text {
	case "include":
		p.include(in, word, rest)
	case "define":
		p.define(word, rest)
	case "undef":
		p.undef(word, rest)
	case "error", "warning":
		p.message(word, rest)
	case "pragma", "line":
	default:
		if word.Kind == Number && len(rest) > 0 && rest[0].Kind == String {
			p.lineMark(in, word, rest[0])
			return
		}
		hint := diag.DidYouMean(word.Text, directiveNames)
		if strings.Contains(hint, "include?") {
			p.tree.Incomplete = true
		}
		p.fail(word, "directive-unknown", hint, "#%s is not a directive", word.Text)
	}
}

// afterLineMark is what a line mark has after its #.
var afterLineMark = regexp.MustCompile(`^[ \t]*[0-9]+[ \t]*"[^"\n]*"[ \t123]*\r?(\n|$)`)

// atLineMark reports whether a # within a line begins a line mark, which the
// reference compiler takes anywhere.
func (in *input) atLineMark() bool { return afterLineMark.MatchString(in.text[in.offset:]) }

// lineMark carries out # 100 "file": the next line is line 100 of that file.
// Preprocessors write line 0 for what is before the first.
func (p *preprocessor) lineMark(in *input, number, name Token) {
	line, err := strconv.Atoi(number.Text)
	if err != nil || line > 1<<30 {
		p.fail(number, "line-mark", "", "the line number of a line mark is too high")
		return
	}
	p.countKept(number, 1)
	file := strings.ReplaceAll(unquote(name.Text), `\\`, `\`)
	in.reading.marks = append(in.reading.marks, lineMark{offset: in.offset, line: line, filename: file})
}

// message carries out #error and #warning.
func (p *preprocessor) message(word Token, rest []Token) {
	d := diag.Diagnostic{
		Code:     "error-directive",
		Severity: diag.Error,
		Message:  strings.TrimSpace("#" + word.Text + " " + spell(rest)),
	}
	switch {
	case word.Text == "warning":
		d.Code, d.Severity = "warning-directive", diag.Warning
	case p.tree.Incomplete:
		return // the file that is missing may have what is asked for
	}
	p.tree.add(word, d)
}

// conditional carries out the directives that decide what is read. It returns
// false for any other.
func (p *preprocessor) conditional(in *input, word Token, rest []Token) bool {
	switch word.Text {
	case "if", "ifdef", "ifndef":
		p.beginIf(in, word, rest)
	case "elif":
		p.elif(in, word, rest)
	case "else":
		p.elseGroup(in, word)
	case "endif":
		if c := p.innermost(in, word); c != nil {
			in.conditions = in.conditions[:len(in.conditions)-1]
		}
	default:
		return false
	}
	return true
}

func (p *preprocessor) beginIf(in *input, word Token, rest []Token) {
	if len(in.conditions) >= MaxNesting {
		p.stop(word, fmt.Sprintf("conditionals more than %d deep", MaxNesting))
		return
	}
	c := condition{at: word}
	if in.skipping() {
		c.done = true
	} else {
		c.active = p.holds(word, rest)
		c.done = c.active
	}
	in.conditions = append(in.conditions, c)
}

// holds works out the condition of #if, #ifdef, #ifndef or #elif.
func (p *preprocessor) holds(word Token, rest []Token) bool {
	if word.Text == "if" || word.Text == "elif" {
		return p.evaluate(word, rest)
	}
	if len(rest) == 0 || rest[0].Kind != Name {
		p.fail(word, "condition", "", "#%s needs one name", word.Text)
		return false
	}
	p.warnExtra(word, rest[1:])
	return (p.macros[rest[0].Text] != nil) == (word.Text == "ifdef")
}

func (p *preprocessor) elif(in *input, word Token, rest []Token) {
	c := p.innermost(in, word)
	if c == nil || p.afterElse(c, word) {
		return
	}
	c.active = false
	if !c.done {
		c.active = p.holds(word, rest)
		c.done = c.active
	}
}

func (p *preprocessor) elseGroup(in *input, word Token) {
	c := p.innermost(in, word)
	if c == nil || p.afterElse(c, word) {
		return
	}
	c.active, c.done, c.ended = !c.done, true, true
}

// innermost returns the innermost open #if; it reports a directive without one.
func (p *preprocessor) innermost(in *input, word Token) *condition {
	if n := len(in.conditions); n > 0 {
		return &in.conditions[n-1]
	}
	p.fail(word, "if-missing", "", "#%s without #if", word.Text)
	return nil
}

// afterElse reports a group after #else.
func (p *preprocessor) afterElse(c *condition, word Token) bool {
	if c.ended {
		p.tree.reportToken(word, diag.Diagnostic{
			Code:    "else-last",
			Message: fmt.Sprintf("#%s after #else", word.Text),
			Related: []diag.Related{{Span: p.tree.locations.span(c.at.start, c.at.end), Message: "of this conditional"}},
		})
		c.active = false
	}
	return c.ended
}

// spell writes tokens as they stood.
func spell(tokens []Token) string {
	if len(tokens) == 1 {
		return tokens[0].Text
	}
	var b strings.Builder
	for i, t := range tokens {
		if t.spaced && i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(t.Text)
	}
	return b.String()
}

// unquote takes the quotes off, whether or not the second is there.
func unquote(s string) string {
	s = s[1:]
	if n := len(s); n > 0 && s[n-1] == '"' {
		s = s[:n-1]
	}
	return s
}
