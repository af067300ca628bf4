package diag

import "fmt"

// Limit bounds a list of diagnostics: of each severity it keeps as many as Max,
// so that no number of warnings hides an error.
type Limit struct {
	Max  int
	kept [Error + 1]int
	over [Error + 1]int
	last [Error + 1]int // the index in the list of the last one that was kept
}

// Append adds d to a list that has grown by Append alone. From the first one
// that is over Max, the last of its severity says how many more there are.
func (l *Limit) Append(list []Diagnostic, d Diagnostic) []Diagnostic {
	s := d.Severity
	if l.kept[s] < l.Max {
		l.kept[s]++
		l.last[s] = len(list)
		return append(list, d)
	}
	l.over[s]++
	last := &list[l.last[s]]
	*last = Diagnostic{
		Code: "too-many", Severity: s, Span: last.Span,
		Message: fmt.Sprintf("%d more like this are not shown: %ss are shown up to %d", l.over[s]+1, s, l.Max-1),
	}
	return list
}

// Over returns how many diagnostics of a severity were not kept.
func (l *Limit) Over(s Severity) int { return l.over[s] }
