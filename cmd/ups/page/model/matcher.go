package model

import (
	"slices"

	"ups/internal/wildcard"
	"ups/policy"
)

// matcher finds all policies whose destination matches a text, whoever asks.
type matcher struct {
	patterns  []policy.Text // each once
	of        [][]int       // of each pattern: the policies that have it
	alphabet  wildcard.Alphabet
	automaton *wildcard.Automaton
	globs     []int               // of each glob of the automaton: its pattern
	irregular []int               // patterns that have no glob
	prepared  []wildcard.Prepared // of these
	states    wildcard.States
}

func newMatcher(policies []policy.Policy) *matcher {
	m := &matcher{}
	places := map[string]int{}
	for i := range policies {
		key := keyOf(policies[i].Destination)
		place, known := places[key]
		if !known {
			place = len(m.patterns)
			places[key] = place
			m.patterns, m.of = append(m.patterns, policies[i].Destination), append(m.of, nil)
		}
		m.of[place] = append(m.of[place], i)
	}
	var globs []wildcard.Glob
	for i, pattern := range m.patterns {
		if glob, regular := m.alphabet.Glob(pattern); regular {
			globs, m.globs = append(globs, glob), append(m.globs, i)
		} else {
			m.irregular, m.prepared = append(m.irregular, i), append(m.prepared, wildcard.Prepare(pattern))
		}
	}
	m.automaton = wildcard.NewAutomaton(globs...)
	m.states = m.automaton.NewStates()
	return m
}

// match returns the policies whose destination matches a text, in their order.
func (m *matcher) match(text policy.Text) []int {
	var matching []int
	if !m.run(text, &matching) {
		for _, pattern := range m.globs {
			if wildcard.Match(m.patterns[pattern], text) {
				matching = append(matching, m.of[pattern]...)
			}
		}
	}
	decoded := wildcard.Decode(text)
	for i, pattern := range m.irregular {
		if m.prepared[i].Match(&decoded) {
			matching = append(matching, m.of[pattern]...)
		}
	}
	slices.Sort(matching)
	return matching
}

// run matches all regular patterns at once. It returns false for a text that
// isn't regular, of which the automaton knows nothing.
func (m *matcher) run(text policy.Text, matching *[]int) bool {
	if !wildcard.RegularText(text) {
		return false
	}
	copy(m.states, m.automaton.Start())
	for i := 0; i < len(text); {
		letter, end := m.alphabet.Next(text, i)
		if end < 0 {
			return false
		}
		m.automaton.Step(m.states, m.states, letter)
		i = end
	}
	m.automaton.Accepting(m.states, false, func(glob int) bool {
		*matching = append(*matching, m.of[m.globs[glob]]...)
		return true
	})
	return true
}
