package report

import (
	"bytes"
	"fmt"
	"strings"

	"ups/lint/report"
)

// findingView is what was found.
type findingView struct {
	List, Number            int
	Severity, Code, Message string
	Policy                  int
	Also                    []int
	Place                   string // of the source
	Text                    string // the lines of the source, as ups lint writes them
}

func (f *findingView) is(number int) bool {
	for _, n := range append([]int{f.Policy}, f.Also...) {
		if n == number && n > 0 {
			return true
		}
	}
	return false
}

func findingsOf(l *list, index int) ([]findingView, error) {
	texts := textsOf(l.input.Tree)
	var all []findingView
	for i, f := range l.Findings {
		var b bytes.Buffer
		if err := report.One(&b, f.Diagnostic, report.Options{Source: func(name string) []byte { return texts[name] }}); err != nil {
			return nil, err
		}
		_, lines, _ := strings.Cut(b.String(), "\n") // after the message
		v := findingView{
			List: index, Number: i + 1, Severity: f.Severity.String(), Code: f.Code, Message: report.Printable(f.Message), Policy: f.Policy, Also: f.Also, Text: dedented(lines),
		}
		if at := f.Span.Start; at.IsValid() {
			v.Place = report.Printable(fmt.Sprintf("%s:%d:%d", at.Filename, at.Line, at.Column))
		}
		all = append(all, v)
	}
	return all, nil
}

// manyFindings are more than the page shows without being asked.
const manyFindings = 40

// FirstFindings are those that are shown at once.
func (v *listView) FirstFindings() []findingView {
	return v.Findings[:min(manyFindings, len(v.Findings))]
}

// MoreFindings are the others.
func (v *listView) MoreFindings() []findingView {
	return v.Findings[min(manyFindings, len(v.Findings)):]
}

// dedented takes away the spaces that all lines begin with.
func dedented(text string) string {
	least := len(text)
	for line := range strings.Lines(text) {
		least = min(least, len(line)-len(strings.TrimLeft(line, " ")))
	}
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString(line[least:])
	}
	return b.String()
}
