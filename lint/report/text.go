package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"ups/diag"
)

// Options say how Text writes. The zero value writes without colour and
// without source lines.
type Options struct {
	// Color writes ANSI colours.
	Color bool
	// Source returns the text of a file that diagnostics name, or nil if there
	// is none. It is asked for the same file again and again.
	Source func(name string) []byte
}

// A chain longer than this is shown by its ends: the innermost frames say
// what happened, the outermost where it began.
const (
	chainHead = 6
	chainTail = 3
)

// Text writes diagnostics for people, in the order given, and after them how
// many there are. Without diagnostics it writes nothing. The error is the
// writer's.
func Text(w io.Writer, ds []diag.Diagnostic, opt Options) error {
	if len(ds) == 0 {
		return nil
	}
	t := &textWriter{Writer: bufio.NewWriter(w), opt: opt, palette: newPalette(opt.Color)}
	for _, d := range ds {
		t.diagnostic(d)
	}
	fmt.Fprintln(t, t.strong(Count(ds).String()))
	return t.Flush()
}

// One writes one diagnostic as Text does, without a count.
func One(w io.Writer, d diag.Diagnostic, opt Options) error {
	t := &textWriter{Writer: bufio.NewWriter(w), opt: opt, palette: newPalette(opt.Color)}
	t.diagnostic(d)
	return t.Flush()
}

type textWriter struct {
	*bufio.Writer
	opt Options
	palette
}

func (t *textWriter) diagnostic(d diag.Diagnostic) {
	t.WriteString(t.strong(place(d.Span)))
	t.WriteString(t.severity(d.Severity)(d.Severity.String() + ":"))
	fmt.Fprintf(t, " %s", t.strong(Printable(d.Message)))
	if d.Code != "" {
		t.WriteString(t.faint(" [" + Printable(d.Code) + "]"))
	}
	t.WriteString("\n")
	t.excerpt(d.Span, t.severity(d.Severity))
	t.chain(d.Chain)
	for _, r := range d.Related {
		t.note(r.Span, Printable(r.Message))
		t.excerpt(r.Span, t.hint)
	}
	t.advice(d)
}

// place returns "file:line:column: ", as far as it is known.
func place(s diag.Span) string {
	if s.Start == (diag.Pos{}) {
		return ""
	}
	return Printable(s.Start.String()) + ": "
}

// excerpt shows the line where a span begins, if its text is to be had.
func (t *textWriter) excerpt(s diag.Span, paint func(...any) string) {
	if t.opt.Source == nil || !s.IsValid() {
		return
	}
	e, ok := newExcerpt(t.opt.Source(s.Start.Filename), s)
	if !ok {
		return
	}
	number := fmt.Sprintf("%5d", s.Start.Line)
	bar := t.faint(" |")
	fmt.Fprintln(t, strings.TrimRight(t.faint(number)+bar+" "+e.line, " "))
	indent := len(e.marks) - len(strings.TrimLeft(e.marks, " "))
	fmt.Fprintf(t, "%*s%s %s%s\n", len(number), "", bar, e.marks[:indent], paint(e.marks[indent:]))
}

// chain says how the place was reached.
func (t *textWriter) chain(frames []diag.Frame) {
	skipped := len(frames) - chainHead - chainTail
	for i, f := range frames {
		switch {
		case skipped <= 1 || i < chainHead || i >= len(frames)-chainTail:
			t.note(f.Span, frameText(f))
		case i == chainHead:
			fmt.Fprintf(t, "      … %d more\n", skipped)
		}
	}
}

func frameText(f diag.Frame) string {
	name := Printable(f.Name)
	switch f.Kind {
	case diag.Expanded:
		return "in the expansion of macro " + name
	case diag.Defined:
		return "in the definition of macro " + name
	}
	return `"` + name + `" is included here`
}

// note writes a line about another place.
func (t *textWriter) note(s diag.Span, text string) {
	fmt.Fprintf(t, "      %s%s\n", place(s), text)
}

// advice writes the hint or, without one, what the fixes would do.
func (t *textWriter) advice(d diag.Diagnostic) {
	if d.Hint != "" {
		fmt.Fprintf(t, "      %s %s\n", t.hint("hint:"), Printable(d.Hint))
		return
	}
	for _, f := range d.Fixes {
		fmt.Fprintf(t, "      %s %s\n", t.hint("fix:"), Printable(f.Message))
	}
}
