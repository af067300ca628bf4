package lint

import (
	"slices"
	"strings"
)

// reordered returns the source with its policies in another order. Each has the
// comma that its new place has.
func (c *cutList) reordered(places []int) []byte {
	w := writer{cutList: c}
	at := 0
	for i, p := range places {
		slot, moved := &c.pieces[i], &c.pieces[p]
		if slot.stays != "" {
			continue
		}
		w.copy(at, slot.lead)
		lead := c.leadIn(i, places)
		w.copy(c.pieces[lead].lead, c.pieces[lead].head)
		w.copy(moved.head, moved.comma)
		if slot.comma < slot.tail {
			w.out.WriteByte(',')
		}
		w.copy(moved.tail, moved.end)
		at = slot.end
	}
	w.copy(at, len(c.text))
	return []byte(w.out.String())
}

// leadIn returns the policy whose white space stands before the one that comes
// to a place: its own, but what comes first in a stretch has that of what stood
// there. What stood there is then parted from those before it as these were.
func (c *cutList) leadIn(i int, places []int) int {
	first := i
	for first > 0 && c.stretch[first-1] == c.stretch[i] {
		first--
	}
	switch places[i] {
	case places[first]:
		return first
	case first:
		return slices.MaxFunc(places[first:i], func(p, q int) int { return c.blankLines(p) - c.blankLines(q) })
	}
	return places[i]
}

// blankLines counts the ends of lines before a policy.
func (c *cutList) blankLines(p int) int {
	return strings.Count(c.text[c.pieces[p].lead:c.pieces[p].head], "\n")
}

// writer writes parts of a text in a new order.
type writer struct {
	*cutList
	out       strings.Builder
	takesLine bool // what was written last is a comment to the end of its line
}

// copy copies a part, on a new line where it must be.
func (w *writer) copy(from, to int) {
	if from == to {
		return
	}
	part := w.text[from:to]
	if w.takesLine && !strings.HasPrefix(part, "\n") && !strings.HasPrefix(part, "\r\n") {
		w.out.WriteByte('\n')
	}
	w.out.WriteString(part)
	w.takesLine = w.endsInComment(to)
}

// endsInComment reports whether a comment to the end of its line ends at an
// offset.
func (w *writer) endsInComment(at int) bool {
	i := w.commentAt(at) - 1
	return i >= 0 && w.notes[i].to == at && strings.HasPrefix(w.notes[i].text, "//")
}
