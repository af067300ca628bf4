package wildcard

import (
	"strings"
	"testing"
)

func TestAutomatonSteps(t *testing.T) {
	var a Alphabet
	g, _ := a.Glob(units(t, "a*?b"))
	m := NewAutomaton(g)
	s := m.Start()
	for i, step := range []struct {
		text   string
		states int
		accept bool
	}{
		{"a", 1, false}, {"b", 1, false}, {"b", 2, true}, {"x", 1, false}, {"b", 2, true},
	} {
		letters, _ := a.AppendLetters(nil, units(t, step.text))
		m.Step(s, letters[0])
		if s.Len() != step.states || m.Accepts(s) != step.accept {
			t.Errorf("after %d letters %d states, accepts: %t; want %d, %t", i+1, s.Len(), m.Accepts(s), step.states, step.accept)
		}
	}
}

func TestAutomatonDies(t *testing.T) {
	var a Alphabet
	g, _ := a.Glob(units(t, "ab"))
	m := NewAutomaton(g)
	s := m.Start()
	m.Step(s, Other)
	if s.Len() != 0 || m.Accepts(s) {
		t.Errorf("%d states are left", s.Len())
	}
}

// Patterns longer than a word of the set of states, at its borders.
func TestAutomatonCarries(t *testing.T) {
	j := newJudge(t)
	for _, n := range []int{62, 63, 64, 65, 127, 128, 129, 255} {
		for _, pattern := range []string{
			strings.Repeat("a", n), strings.Repeat("?", n), "*" + strings.Repeat("a", n), strings.Repeat("?", n) + "*b",
			strings.Repeat("a*", n), strings.Repeat("a", n-1) + "*b",
		} {
			c := j.compile(units(t, pattern))
			for _, m := range []int{n - 1, n, n + 1, 2 * n} {
				j.check(c, units(t, strings.Repeat("a", m)))
				j.check(c, units(t, strings.Repeat("A", m)+"b"))
			}
		}
	}
	if j.regular != 8*6*8 {
		t.Errorf("%d regular pairs, want %d", j.regular, 8*6*8)
	}
}
