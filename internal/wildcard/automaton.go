package wildcard

import "math/bits"

// Automaton is a nondeterministic automaton over the letters of one Glob. Its
// state n means that n elements, stars not counted, have been matched; a state
// with a star behind it also keeps itself. It accepts the letters of a regular
// text exactly if Match lets the pattern match that text.
//
// It is the whole step of a set of states that is cheap: a few operations on
// words, whatever the letter.
type Automaton struct {
	length int // states are 0 to length
	loops  States
	any    States            // states that any letter leads out of
	lits   map[Letter]States // states that this letter leads out of, any among them
}

// States is a set of states. Sets of one automaton have the same length.
type States []uint64

// NewAutomaton makes the automaton of a glob.
func NewAutomaton(g Glob) *Automaton {
	a := &Automaton{lits: map[Letter]States{}}
	for _, e := range g {
		if e.Kind != Star {
			a.length++
		}
	}
	a.loops, a.any = a.NewStates(), a.NewStates()
	state := 0
	for _, e := range g {
		switch e.Kind {
		case Star:
			a.loops.add(state)
			continue
		case Any:
			a.any.add(state)
		case Lit:
			a.lit(e.Letter).add(state)
		}
		state++
	}
	for _, s := range a.lits {
		s.union(a.any)
	}
	return a
}

func (a *Automaton) lit(l Letter) States {
	if _, ok := a.lits[l]; !ok {
		a.lits[l] = a.NewStates()
	}
	return a.lits[l]
}

// NewStates gives an empty set of states.
func (a *Automaton) NewStates() States { return make(States, a.length/64+1) }

// Start gives the states before the first letter.
func (a *Automaton) Start() States {
	s := a.NewStates()
	s.add(0)
	return s
}

// Step replaces the states with those after one letter more.
func (a *Automaton) Step(s States, l Letter) {
	out, ok := a.lits[l]
	if !ok {
		out = a.any
	}
	carry := uint64(0)
	for i := range s {
		moved := s[i] & out[i]
		s[i] = s[i]&a.loops[i] | moved<<1 | carry
		carry = moved >> 63
	}
}

// Accepts reports whether the letters so far are matched by the glob.
func (a *Automaton) Accepts(s States) bool { return s.Has(a.length) }

// Match runs the automaton over the letters of a text.
func (a *Automaton) Match(letters []Letter) bool {
	s := a.Start()
	for _, l := range letters {
		a.Step(s, l)
	}
	return a.Accepts(s)
}

// Has reports whether the state n is in the set.
func (s States) Has(n int) bool { return s[n/64]>>(n%64)&1 != 0 }

// Len is the number of states in the set. Without any, nothing that follows
// can be matched.
func (s States) Len() int {
	n := 0
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

func (s States) add(n int) { s[n/64] |= 1 << (n % 64) }

func (s States) union(t States) {
	for i := range s {
		s[i] |= t[i]
	}
}
