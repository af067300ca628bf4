// Package report renders diagnostics: for people, with the source line and
// what is wrong in it underlined, and for programs.
//
// Sources come from anywhere, and so may hold bytes that control a terminal. No
// renderer lets a control character, an escape sequence or an invisible
// format character (such as those that turn the direction of text) through:
// it is shown by its number instead.
package report

import (
	"fmt"
	"strings"

	"ups/diag"
)

// Counts is how many diagnostics of each severity there are.
type Counts struct {
	Errors   int `json:"errors"`
	Warnings int `json:"warnings"`
	Infos    int `json:"infos"`
}

// Count counts ds by severity.
func Count(ds []diag.Diagnostic) Counts {
	var c Counts
	for _, d := range ds {
		switch d.Severity {
		case diag.Info:
			c.Infos++
		case diag.Warning:
			c.Warnings++
		default:
			c.Errors++
		}
	}
	return c
}

// String returns the counts that aren't zero, as in "2 errors, 1 warning". It
// is empty if all are zero.
func (c Counts) String() string {
	var parts []string
	for _, p := range []struct {
		n    int
		name string
	}{{c.Errors, "error"}, {c.Warnings, "warning"}, {c.Infos, "note"}} {
		switch {
		case p.n == 1:
			parts = append(parts, "1 "+p.name)
		case p.n > 1:
			parts = append(parts, fmt.Sprintf("%d %ss", p.n, p.name))
		}
	}
	return strings.Join(parts, ", ")
}
