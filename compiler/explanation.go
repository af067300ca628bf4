package compiler

import (
	"cmp"
	"embed"
	"fmt"
	"slices"
	"strings"

	"ups/diag"
)

// Explanation explains one code of diagnostics. Warnings about a source that
// compiles are rules of lint, which have pages of their own.
type Explanation struct {
	Code     string
	Name     string        // a few words, for lists
	Severity diag.Severity // the usual one; Info, the zero value, stands for Error
	Summary  string        // one sentence: what is found
	Reason   string        // why it matters
	// Bad and Good are whole sources: Bad has a diagnostic of the code and no
	// other, Good has none. Where files are included, they are archives with a
	// line "-- name --" before each file. Both are empty for a code that is about
	// something else than a source.
	Bad, Good string
}

// explanationFiles has a file for each code. Its first paragraph is the name, and
// below it the severity if that isn't error; then come the summary, the reason
// and the examples.
//
//go:embed explanations/*.txt
var explanationFiles embed.FS

// The lines before the examples of a file.
const (
	foundLine    = "== found\n"
	notFoundLine = "== not found\n"
)

// Explanations returns the explanations of all codes, sorted by code.
func Explanations() []*Explanation {
	files, err := explanationFiles.ReadDir("explanations")
	if err != nil {
		panic(err) // they are in the program
	}
	all := make([]*Explanation, len(files))
	for i, file := range files {
		text, err := explanationFiles.ReadFile("explanations/" + file.Name())
		if err != nil {
			panic(err)
		}
		all[i] = readExplanation(strings.TrimSuffix(file.Name(), ".txt"), string(text))
	}
	slices.SortFunc(all, func(a, b *Explanation) int { return cmp.Compare(a.Code, b.Code) })
	return all
}

// readExplanation reads the explanation of a code from the text of its file.
func readExplanation(code, text string) *Explanation {
	e := &Explanation{Code: code}
	head, examples, _ := strings.Cut(text, "\n"+foundLine)
	e.Bad, e.Good, _ = strings.Cut(examples, notFoundLine)
	name, rest, _ := strings.Cut(strings.TrimSuffix(head, "\n"), "\n\n")
	e.Summary, e.Reason, _ = strings.Cut(rest, "\n\n")
	var warning bool
	if e.Name, warning = strings.CutSuffix(name, "\nwarning"); warning {
		e.Severity = diag.Warning
	}
	return e
}

// Page returns the explanation in Markdown.
func (e *Explanation) Page() string {
	var b strings.Builder
	severity := cmp.Or(e.Severity, diag.Error)
	fmt.Fprintf(&b, "# %s: %s\n\n%s\n\nSeverity: %s.\n\n%s\n", e.Code, e.Name, e.Summary, severity, e.Reason)
	if e.Bad != "" {
		fmt.Fprintf(&b, "\n## Found\n\n```c\n%s```\n\n## Not found\n\n```c\n%s```\n", e.Bad, e.Good)
	}
	return b.String()
}
