package diag

import (
	"fmt"
	"slices"
	"strings"
)

// MaxDiagnostics is how many diagnostics of each severity a List keeps.
const MaxDiagnostics = 1000

// maxMessage is how many bytes of a message or hint a List keeps: what it quotes
// of the source may have any length.
const maxMessage = 300

// List collects diagnostics. It is bounded: of each severity it keeps the first
// MaxDiagnostics, so that no number of warnings hides an error, and counts the
// rest. The zero value is empty.
type List struct {
	kept  []Diagnostic
	added [Error + 1]int // of each severity, kept or not
}

// Add adds a diagnostic that has its place.
func (l *List) Add(d Diagnostic) {
	d.Message, d.Hint = clip(d.Message), clip(d.Hint)
	l.keep(d)
}

func (l *List) keep(d Diagnostic) {
	if l.added[d.Severity]++; l.added[d.Severity] <= MaxDiagnostics {
		l.kept = append(l.kept, d)
	}
}

// AddAll adds what was added to another list.
func (l *List) AddAll(other *List) {
	for _, d := range other.kept {
		l.keep(d)
	}
	for severity, added := range other.added {
		l.added[severity] += max(0, added-MaxDiagnostics)
	}
}

// Failed reports whether an error was added.
func (l *List) Failed() bool { return l.added[Error] > 0 }

// Overflows reports whether diagnostics of a severity had to be left out.
func (l *List) Overflows(s Severity) bool { return l.added[s] > MaxDiagnostics }

// All returns the diagnostics in the order in which they were added. Where some
// of a severity were left out, the last of it says how many.
func (l *List) All() []Diagnostic {
	all := slices.Clone(l.kept)
	for severity := range Error + 1 {
		if !l.Overflows(severity) {
			continue
		}
		for i, d := range slices.Backward(all) {
			if d.Severity == severity {
				all[i] = l.leftOut(d)
				break
			}
		}
	}
	return all
}

// leftOut says how many diagnostics there are from d on, of its severity.
func (l *List) leftOut(d Diagnostic) Diagnostic {
	const shown = MaxDiagnostics - 1
	return Diagnostic{
		Code: "too-many", Severity: d.Severity, Span: d.Span,
		Message: fmt.Sprintf("%d more like this are not shown: %ss are shown up to %d", l.added[d.Severity]-shown, d.Severity, shown),
	}
}

// clip cuts a message that is too long in its middle.
func clip(s string) string {
	if len(s) <= maxMessage {
		return s
	}
	const tail = maxMessage / 3
	return strings.ToValidUTF8(s[:maxMessage-tail], "") + "…" + strings.ToValidUTF8(s[len(s)-tail:], "")
}
