package wildcard

import (
	"math/bits"
	"slices"
	"strings"
	"testing"
)

func TestAutomatonSteps(t *testing.T) {
	var a Alphabet
	g, _ := a.Glob(units(t, "a*?b"))
	m := NewAutomaton(g)
	s := slices.Clone(m.Start())
	for i, step := range []struct {
		text   string
		states int
		accept bool
	}{
		{"a", 1, false}, {"b", 1, false}, {"b", 2, true}, {"x", 1, false}, {"b", 2, true},
	} {
		letters, _ := a.appendLetters(nil, units(t, step.text))
		before := slices.Clone(s)
		m.Step(s, s, letters[0])
		m.Prune(s, before)
		states, accept := 0, false
		for _, w := range s {
			states += bits.OnesCount64(w)
		}
		m.Accepting(s, false, func(int) bool {
			accept = true
			return true
		})
		if states != step.states || accept != step.accept {
			t.Errorf("after %d letters %d states, accepts: %t; want %d, %t", i+1, states, accept, step.states, step.accept)
		}
	}
}

func TestAutomatonWithoutStates(t *testing.T) {
	var a Alphabet
	g, _ := a.Glob(units(t, "ab"))
	m := NewAutomaton(g)
	s := slices.Clone(m.Start())
	if m.Step(s, s, Other); !s.Empty() {
		t.Errorf("states %x are left", s)
	}
}

// A loaded automaton is that of its globs alone, whatever it was before.
func TestAutomatonLoad(t *testing.T) {
	var a Alphabet
	var globs []Glob
	for _, p := range []string{"*abc", "a*b?", "*", "??", "b" + strings.Repeat("*a", 80)} {
		g, _ := a.Glob(units(t, p))
		globs = append(globs, g)
	}
	m := &Automaton{}
	for first := range globs {
		for last := first; last <= len(globs); last++ {
			m.Load(globs[first:last], globs[0].Letters)
			for _, s := range []string{"", "abc", "aab", "abx", "b" + strings.Repeat("a", 80), "ab"} {
				letters, _ := a.appendLetters(nil, units(t, s))
				for i, got := range accepted(m, letters) {
					if g := globs[first+i]; got != g.Match(letters) {
						t.Errorf("globs %d to %d, %q: glob %d accepts: %t", first, last, s, i, got)
					}
				}
			}
		}
	}
}

// Accepting distinguishes the globs that accept whatever follows, and stops when
// yield returns false.
func TestAutomatonAccepting(t *testing.T) {
	var a Alphabet
	var globs []Glob
	for _, p := range []string{"a*", "*a", "b*", "*"} {
		g, _ := a.Glob(units(t, p))
		globs = append(globs, g)
	}
	m := NewAutomaton(globs...)
	s := m.NewStates()
	m.Step(s, m.Start(), globs[0].Letters[0])
	for _, test := range []struct {
		forever bool
		want    []int
	}{{false, []int{0, 1, 3}}, {true, []int{0, 3}}} {
		for n := 1; n <= len(test.want); n++ {
			var got []int
			m.Accepting(s, test.forever, func(glob int) bool {
				got = append(got, glob)
				return len(got) < n
			})
			if !slices.Equal(got, test.want[:n]) {
				t.Errorf("forever %t, up to %d: %v, want %v", test.forever, n, got, test.want)
			}
		}
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
