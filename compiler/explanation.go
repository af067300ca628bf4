package compiler

import (
	"cmp"
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

// Explanations returns the explanations of all codes, sorted by code.
func Explanations() []*Explanation {
	all := slices.Concat(textExplanations(), sourceExplanations())
	slices.SortFunc(all, func(a, b *Explanation) int { return cmp.Compare(a.Code, b.Code) })
	return all
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

// example makes a whole source of some policies.
func example(policies string) string {
	return `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		` + policies + `
		};
	}
`
}
