//go:build editors

package editors

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"unicode"
)

// painted is the class that an editor gives each character of a text.
type painted []class

// span is characters of a line that an editor has one name for. Lines and
// columns count from 0, columns in characters.
type span struct {
	line, start, end int
	name             string
}

// UnmarshalJSON reads the list that the scripts of the editors write.
func (s *span) UnmarshalJSON(data []byte) error {
	fields := []any{&s.line, &s.start, &s.end, &s.name}
	return json.Unmarshal(data, &fields)
}

// paint gives each character of a text the class of its span.
func paint(text string, spans []span, classOf func(name string) class) painted {
	var out painted
	var begins []int // of each line
	for line := range strings.SplitSeq(text, "\n") {
		begins = append(begins, len(out))
		for range line + "\n" {
			out = append(out, nothing)
		}
	}
	out = out[:len(out)-1] // the last line has no end
	for _, s := range spans {
		for i := s.start; i < s.end; i++ {
			out[begins[s.line]+i] = classOf(s.name)
		}
	}
	return out
}

// tally counts the pieces that were compared, by class.
type tally map[class]int

// compare reports where an editor's classes are others than those of ups, once
// for each piece.
func compare(t *testing.T, d document, got painted, counts tally) {
	t.Helper()
	offsets := offsetsOf(d.text)
	if len(got) != len(offsets)-1 {
		t.Fatalf("%s: %d characters, want %d", d.name, len(got), len(offsets)-1)
	}
	at := 0 // index of a character
	for _, p := range append(reference(d), piece{len(d.text), len(d.text), nothing}) {
		for ; offsets[at] < p.from; at++ {
			if c := got[at]; c != nothing && c != sign && c != directive {
				t.Errorf("%s: %q is %s, between tokens", place(d, offsets[at]), d.text[offsets[at]:offsets[at+1]], c)
			}
		}
		counts[p.class]++
		for wrong := false; offsets[at] < p.to; at++ {
			c := []rune(d.text[offsets[at]:offsets[at+1]])[0]
			if !wrong && !unicode.IsSpace(c) && !p.allows(got[at], d.text) {
				wrong = true
				t.Errorf("%s: %q is %s, want %s", place(d, offsets[at]), d.text[p.from:p.to], got[at], p.class)
			}
		}
	}
}

// offsetsOf returns where each character begins, and the end.
func offsetsOf(s string) []int {
	var out []int
	for i := range s {
		out = append(out, i)
	}
	return append(out, len(s))
}

func place(d document, offset int) string {
	line, column := 1, 1
	for _, c := range d.text[:offset] {
		column++
		if c == '\n' {
			line, column = line+1, 1
		}
	}
	return fmt.Sprintf("%s:%d:%d", d.name, line, column)
}

// enough checks that pieces of all classes were compared: a check of nothing
// would pass.
func enough(t *testing.T, counts tally) {
	t.Helper()
	for c, least := range map[class]int{
		comment: 4000, text: 10000, character: 50, number: 15000, sign: 80000, directive: 2500, keyword: 2000,
		structName: 7000, field: 20000, constant: 8000, macro: 8, resource: 500, definition: 500, parameter: 400,
	} {
		if counts[c] < least {
			t.Errorf("only %d pieces of class %s", counts[c], c)
		}
	}
	if names, read := counts[anyName], counts[field]+counts[constant]; names > read/10 {
		t.Errorf("of %d names ups doesn't say what they are, %d are known", names, read)
	}
}
