package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"ups/diag"
)

// GitHub writes diagnostics as the workflow commands by which GitHub Actions
// annotates a change, one a line. The error is the writer's.
func GitHub(w io.Writer, ds []diag.Diagnostic) error {
	out := bufio.NewWriter(w)
	for _, d := range ds {
		fmt.Fprintf(out, "::%s %s::%s\n", githubCommand(d.Severity), githubPlace(d), escapeData(githubText(d)))
	}
	return out.Flush()
}

func githubCommand(s diag.Severity) string {
	switch s {
	case diag.Info:
		return "notice"
	case diag.Warning:
		return "warning"
	}
	return "error"
}

// githubPlace returns the properties of a command. Columns are left out where
// the span has several lines: GitHub takes them for one line only.
func githubPlace(d diag.Diagnostic) string {
	start, end := d.Span.Start, d.Span.End
	var out []string
	add := func(name string, value any) {
		out = append(out, name+"="+escapeProperty(fmt.Sprint(value)))
	}
	if start.Filename != "" {
		add("file", Printable(slashed(start.Filename)))
	}
	if start.IsValid() {
		add("line", start.Line)
		add("endLine", max(start.Line, end.Line))
		if end.Line == start.Line {
			add("col", start.Column)
			add("endColumn", max(start.Column, end.Column-1))
		}
	}
	if d.Code != "" {
		add("title", Printable(d.Code))
	}
	return strings.Join(out, ",")
}

func githubText(d diag.Diagnostic) string {
	text := Printable(d.Message)
	if d.Hint != "" {
		text += "\nhint: " + Printable(d.Hint)
	}
	return text
}

// escapeData keeps a message from ending its command, or from being another.
func escapeData(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// escapeProperty also keeps a value from ending its property.
func escapeProperty(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}

// slashed writes a path with / between its names, as URIs and GitHub do.
func slashed(path string) string { return strings.ReplaceAll(path, `\`, "/") }
