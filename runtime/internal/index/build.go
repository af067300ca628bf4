package index

import (
	"sync"

	"ups/internal/wildcard"
	"ups/policy"
)

// New makes the index. It takes time and memory in proportion to the
// length of the patterns and the lists of SIDs.
func New(policies []policy.Policy) *Index {
	x := &Index{policies: policies}
	x.addPatterns(policies)
	x.addAutomaton()
	x.addPostings()
	return x
}

// leastCost is how many candidates may always be tried one by one.
const leastCost = 16

// addAutomaton prepares for the automaton of all regular patterns, which is made
// when it is first needed. A candidate costs about as much as a word of its
// states: so it takes over where the candidates have cost as much as it does.
func (x *Index) addAutomaton() {
	states := 0
	for i := range x.patterns {
		if p := &x.patterns[i]; p.regular() {
			x.globs = append(x.globs, int32(i))
			states += len(p.codes) + 1
		}
	}
	x.maxCost = int32(max(leastCost, states/64))
	x.automaton = sync.OnceValue(func() *wildcard.Automaton {
		globs := make([]wildcard.Glob, len(x.globs))
		for i, place := range x.globs {
			globs[i] = x.patterns[place].glob()
		}
		return wildcard.NewAutomaton(globs...)
	})
}

// addPatterns makes the patterns. Policies with equal patterns share one, but `?*`
// and `*?` aren't equal, nor are `*` and `**`: they may match other irregular
// texts.
func (x *Index) addPatterns(policies []policy.Policy) {
	known := make(map[string]int, len(policies)) // places in the list
	var list [][]int32                           // policies of each pattern
	for i := range policies {
		name := nameOf(policies[i].Destination)
		at, ok := known[name]
		if !ok {
			at = len(list)
			known[name] = at
			list = append(list, nil)
		}
		list[at] = append(list[at], int32(i))
	}
	x.patterns = make([]pattern, len(list))
	for i, places := range list {
		x.patterns[i] = newPattern(policies[places[0]].Destination)
		x.patterns[i].clients = newClients(policies, places)
		x.addDefinition(int32(i))
	}
}

// nameOf returns what no patterns have in common that could match other texts.
func nameOf(destination []uint16) string {
	name := make([]byte, 0, len(destination))
	for _, u := range destination {
		switch {
		case u >= firstOutsideASCII:
			name = append(name, codeStar, byte(u>>8), byte(u))
		case 'A' <= u && u <= 'Z':
			name = append(name, byte(u)+'a'-'A')
		default:
			name = append(name, byte(u))
		}
	}
	return string(name)
}

// addDefinition notes which texts must be held against a pattern by the
// definition.
func (x *Index) addDefinition(i int32) {
	p := &x.patterns[i]
	if p.prepared == nil {
		return
	}
	x.definition[irregular] = append(x.definition[irregular], i)
	if p.regular() {
		return
	}
	x.definition[regular] = append(x.definition[regular], i)
	if p.prepared.MayMatchASCII() {
		x.definition[ascii] = append(x.definition[ascii], i)
	}
}
