package analysis

import (
	"slices"

	"ups/internal/wildcard"
)

// # The proof
//
// The question is whether each string that the forms P1 and P2 both match is
// matched by one of Q1 … Qn. (With P2 = `*` it is whether the Qs together cover
// P1.) Strings are of any length: the spec sets no limit to a request's
// destination.
//
// Let s be a string that refutes it, and fix how P1 and P2 match s. Replace
// each letter that isn't under a literal of P1 or P2 by Other, the free letter,
// which occurs in no form. P1 and P2 still match. So would Q match only if s
// was matched: a literal of Q never meets the free letter, so the replaced
// letters are under wildcards of Q, which match the letters of s as well. So it
// is enough to look at strings in which every letter is under a literal of P1
// or P2, or free.
//
// Those are the ways through the product of the automata of P1 and P2
// (product.go): from each pair of states, at most three moves lead on, each by
// one letter; or both stay at a star, by the free letter. Along each way the
// automaton of the Qs, which is nondeterministic, goes from one set of states
// to the next, and the string refutes the inclusion if the last set has no
// accepting state.
//
// Of two sets of states at one pair, one of which has all of the other, the
// larger can be left out: any continuation that is accepted from the smaller is
// accepted from the larger too. What is kept at a pair is an antichain. A set
// from which a Q accepts whatever follows can be left out as well.
//
// Staying at stars ends: under the free letter a state moves on only through
// `?`, and each run of those ends at a star, where it stays, or before a
// literal, where it ends. So after as many letters as the longest run of `?`
// has, and one more, the set no longer changes.

// status is what is known of an inclusion.
type status uint8

const (
	included  status = iota // each string is matched by one of the Qs
	refuted                 // some string isn't
	exhausted               // the budget was used up
)

// answer is the answer to a question, with its proof.
type answer struct {
	status
	refutation []wildcard.Letter // refuted: the string, in the prover's memory
	core       []int             // included: Qs that suffice, by place
}

// prover answers questions. It keeps its memory from one to the next.
type prover struct {
	budget budget
	// exhausted is set when a question isn't decided for want of budget.
	exhausted bool

	product   product
	qs        []wildcard.Glob    // those that matter
	places    []int              // theirs, among all
	automaton wildcard.Automaton // of the Qs

	antichains [][]int // of each pair: the nodes there
	nodes      []node
	states     []uint64 // of the nodes
	core       []bool   // the Qs that the proof rests on so far
	string     []wildcard.Letter
}

// node is a set of states of the automaton at a pair, and the way there.
type node struct {
	states   int // where they begin
	parent   int // the node before, or -1
	letter   wildcard.Letter
	subsumed bool // a node at the same pair has fewer states
}

// questionCost is what a question costs before it is looked into, in steps.
const questionCost = 512

// includes looks for a string that p and q match, and none of qs does. Forms of
// qs that are nil are passed over.
func (v *prover) includes(p, q *form, qs []*form) answer {
	v.budget.ask()
	v.budget.spend(questionCost + 2*len(qs) + len(p.Stars)*len(q.Stars))
	if !v.product.load(p, q) {
		return answer{status: included}
	}
	v.choose(p, q, qs)
	if s, ok := v.guess(); ok {
		return answer{status: refuted, refutation: s}
	}
	v.automaton.Load(v.qs, p.Letters, q.Letters)
	v.budget.spend(4 * v.automaton.Len())
	return v.search()
}

// choose sets the Qs that matter.
func (v *prover) choose(p, q *form, qs []*form) {
	v.qs, v.places = v.qs[:0], v.places[:0]
	for i, f := range qs {
		if f != nil && f.matters(p, q) {
			v.qs, v.places = append(v.qs, f.Glob), append(v.places, i)
		}
	}
}

// lowBudget reports whether the budget is used up but for the smallest questions.
func (v *prover) lowBudget() bool {
	v.exhausted = v.exhausted || v.budget.empty()
	return v.budget.empty()
}

// guess tries two strings, which most often answer the question at a small
// part of its cost: free letters keep other patterns from matching across two
// literals, and their absence keeps those with many wildcards from matching.
func (v *prover) guess() ([]wildcard.Letter, bool) {
	for _, free := range []bool{false, true} {
		v.string = v.product.complete(v.string[:0], 0, free)
		if !slices.ContainsFunc(v.qs, func(q wildcard.Glob) bool {
			v.budget.spend(len(v.string))
			return q.Match(v.string)
		}) {
			return v.string, true
		}
	}
	return nil, false
}

// search goes through the pairs in their order, since moves lead to later ones.
func (v *prover) search() answer {
	v.reset()
	if n := v.add(0, set(v.automaton.Start()), -1, wildcard.Other); n >= 0 {
		return v.refute(0, n)
	}
	for pair, live := range v.product.live {
		if !live {
			continue
		}
		if at, n := v.expand(pair); n >= 0 {
			return v.refute(at, n)
		}
		if v.budget.out() {
			v.exhausted = true
			return answer{status: exhausted}
		}
	}
	a := answer{status: included}
	for i, used := range v.core {
		if used {
			a.core = append(a.core, v.places[i])
		}
	}
	return a
}

func (v *prover) reset() {
	for len(v.antichains) < len(v.product.live) {
		v.antichains = append(v.antichains, nil)
	}
	for i := range v.product.live {
		v.antichains[i] = v.antichains[i][:0]
	}
	v.nodes, v.states = v.nodes[:0], v.states[:0]
	v.core = append(v.core[:0], make([]bool, len(v.qs))...)
}

// expand goes on from all nodes at a pair. It returns a node that refutes the
// inclusion, and its pair, or -1.
func (v *prover) expand(pair int) (at, n int) {
	if v.product.loops(pair) {
		if n := v.stay(pair); n >= 0 {
			return pair, n
		}
	}
	var buf [3]move
	moves := v.product.moves(buf[:0], pair)
	for _, from := range v.antichains[pair] {
		if v.nodes[from].subsumed {
			continue
		}
		if v.budget.out() {
			break
		}
		for _, m := range moves {
			if n := v.step(m.to, from, m.letter); n >= 0 {
				return m.to, n
			}
		}
	}
	return 0, -1
}

// stay adds the nodes that come of staying at a pair. The antichain grows
// meanwhile.
func (v *prover) stay(pair int) int {
	for i := 0; i < len(v.antichains[pair]); i++ {
		from := v.antichains[pair][i]
		if v.nodes[from].subsumed {
			continue
		}
		if n := v.step(pair, from, wildcard.Other); n >= 0 {
			return n
		}
		if v.budget.out() {
			return -1
		}
	}
	return -1
}

// step adds the node after one letter more.
func (v *prover) step(to, from int, l wildcard.Letter) int {
	at, words := len(v.states), len(v.automaton.Start())
	v.states = slices.Grow(v.states, words)[:at+words]
	next := v.states[at:]
	v.automaton.Step(next, wildcard.States(v.statesOf(from)), l)
	v.automaton.Prune(next, wildcard.States(v.statesOf(from)))
	before := len(v.nodes)
	n := v.add(to, next, from, l)
	if len(v.nodes) == before {
		v.states = v.states[:at]
	}
	return n
}

func (v *prover) statesOf(n int) set {
	at := v.nodes[n].states
	return v.states[at : at+len(v.automaton.Start())]
}

// add adds a node, unless it can be left out. It returns the node if that
// refutes the inclusion, else -1. States that aren't the last are copied there.
func (v *prover) add(pair int, states set, parent int, l wildcard.Letter) int {
	v.budget.spend(len(states) * (2 + len(v.antichains[pair])))
	if v.accepts(states, true) || !v.subsume(pair, states) {
		return -1
	}
	if parent < 0 {
		v.states = append(v.states, states...)
	}
	n := len(v.nodes)
	v.nodes = append(v.nodes, node{states: len(v.states) - len(states), parent: parent, letter: l})
	v.antichains[pair] = append(v.antichains[pair], n)
	if states.empty() || pair == v.product.last() && !v.accepts(states, false) {
		return n
	}
	return -1
}

// accepts reports whether a Q accepts, with forever whatever follows. That one
// goes into the core; one that is there already if possible.
func (v *prover) accepts(states set, forever bool) bool {
	accepting := -1
	v.automaton.Accepting(wildcard.States(states), forever, func(q int) bool {
		accepting = q
		return !v.core[q]
	})
	if accepting >= 0 {
		v.core[accepting] = true
	}
	return accepting >= 0
}

// subsume drops the nodes at a pair that have all of some states. It reports
// whether there is none that the states have all of.
func (v *prover) subsume(pair int, states set) bool {
	for _, n := range v.antichains[pair] {
		if !v.nodes[n].subsumed && v.statesOf(n).within(states) {
			return false
		}
	}
	for _, n := range v.antichains[pair] {
		if !v.nodes[n].subsumed && states.within(v.statesOf(n)) {
			v.nodes[n].subsumed = true
		}
	}
	return true
}

// refute returns the string of a node that refutes the inclusion: the letters
// on the way to it, and, if there already no Q is left, any that lead to the
// last pair.
func (v *prover) refute(pair, n int) answer {
	s := v.string[:0]
	for ; v.nodes[n].parent >= 0; n = v.nodes[n].parent {
		s = append(s, v.nodes[n].letter)
	}
	slices.Reverse(s)
	v.string = v.product.complete(s, pair, false)
	return answer{status: refuted, refutation: v.string}
}
