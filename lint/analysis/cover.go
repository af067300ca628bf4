package analysis

import (
	"slices"

	"ups/internal/wildcard"
)

// # The proof
//
// The question is whether some string is matched by the forms P1 and P2, and
// by none of Q1 … Qn. (With P2 = `*` it is whether the Qs together cover P1.)
// Strings are of any length: the spec sets no limit to a request's destination.
//
// Let s be such a string, and fix how P1 and P2 match it. Replace each letter
// that isn't under a literal of P1 or P2 by Other, the free letter, which
// occurs in no form. P1 and P2 still match. So would Q match only if s was
// matched: a literal of Q never meets the free letter, so the replaced letters
// are under wildcards of Q, which match the letters of s as well. So it is
// enough to look at strings in which every letter is under a literal of P1 or
// P2, or free.
//
// Those are the paths through pairs (a, b) of positions: from each, at most
// three moves (both go on, or one does while the other stays at a star), and
// each move has one letter; or both stay at a star, with the free letter.
// Each path leads the machine of the Qs from state to state, and the path
// escapes if the last state has no accepting position.
//
// At a pair, a state that has all positions of another can be forgotten: every
// rest of a string that the other can't accept isn't accepted from fewer
// positions either. A state in which a Q accepts whatever may follow can be
// forgotten as well.
//
// Both staying at stars ends: under the free letter a position moves on only
// through `?`, and each run of those ends at a star, where it stays, or before
// a literal, where it dies. So after as many letters as the longest run of `?`
// has, and one more, the state no longer changes.

// verdict is the answer to a question.
type verdict uint8

const (
	covered   verdict = iota // no such string
	escaped                  // there is one
	exhausted                // the budget was used up
)

// answer is the answer to a question, with its proof.
type answer struct {
	verdict verdict
	letters []wildcard.Letter // escaped: the string, in the prover's memory
	used    []int             // covered: the Qs that suffice, by place
}

// prover answers questions. It keeps its memory from one to the next.
type prover struct {
	budget budget
	// starved is set where a question isn't decided for want of budget.
	starved bool

	m      machine
	p      [2]*form
	width  int     // positions of p[1]
	alive  []bool  // pairs from which both can be matched to the end
	nodes  [][]int // entries at each pair
	list   []entry
	arena  []uint64
	used   []bool
	avoid  []*form
	places []int
	string []wildcard.Letter
}

// entry is a state of the machine at a pair of positions, and the way there.
type entry struct {
	state  int // in the arena
	parent int // entry, or -1
	letter wildcard.Letter
	dead   bool
}

// askCost is what a question costs before it is looked into, in steps.
const askCost = 512

// escape looks for a string that p and q match, and none of avoid does. Forms
// of avoid that are nil are passed over.
func (v *prover) escape(p, q *form, avoid []*form) answer {
	v.p, v.width = [2]*form{p, q}, len(q.loops)
	v.budget.ask()
	v.avoid, v.places = v.avoid[:0], v.places[:0]
	v.budget.spend(askCost + 2*len(avoid))
	for i, f := range avoid {
		if f != nil && p.mayHold(q, f) {
			v.avoid, v.places = append(v.avoid, f), append(v.places, i)
		}
	}
	if !v.revive() {
		return answer{verdict: covered}
	}
	if s, ok := v.guess(); ok {
		return answer{verdict: escaped, letters: s}
	}
	v.m.load(v.p, v.avoid)
	v.budget.spend(4 * len(v.m.first))
	return v.walk()
}

// broke reports whether there is no budget left for big questions.
func (v *prover) broke() bool {
	v.starved = v.starved || v.budget.broke()
	return v.budget.broke()
}

// move is a way on from a pair, by one letter.
type move struct {
	da, db int
	letter wildcard.Letter
}

// moves appends the moves from a pair, without that by which both stay.
func (v *prover) moves(buf []move, a, b int) []move {
	p, q := v.p[0], v.p[1]
	goesA, goesB := a < len(p.elems), b < len(q.elems)
	if goesA && goesB && meet(p.elems[a], q.elems[b]) {
		buf = append(buf, move{1, 1, max(p.elems[a].Letter, q.elems[b].Letter)})
	}
	if goesA && q.loops[b] {
		buf = append(buf, move{1, 0, p.elems[a].Letter})
	}
	if goesB && p.loops[a] {
		buf = append(buf, move{0, 1, q.elems[b].Letter})
	}
	return buf
}

// revive finds the pairs that lead to the end, and reports whether the first
// does. The work of most questions is here, so it doesn't go through moves.
func (v *prover) revive() bool {
	p, q := v.p[0], v.p[1]
	n := len(p.loops) * v.width
	v.budget.spend(n)
	if cap(v.alive) < n {
		v.alive = make([]bool, n)
	}
	v.alive = v.alive[:n]
	below := v.alive[n:] // the row of the next position of p; none yet
	for a := len(p.elems); a >= 0; a-- {
		row := v.alive[a*v.width : (a+1)*v.width]
		for b := len(q.elems); b >= 0; b-- {
			row[b] = a == len(p.elems) && b == len(q.elems) ||
				a < len(p.elems) && q.loops[b] && below[b] ||
				b < len(q.elems) && p.loops[a] && row[b+1] ||
				a < len(p.elems) && b < len(q.elems) && below[b+1] && meet(p.elems[a], q.elems[b])
		}
		below = row
	}
	return v.alive[0]
}

func (v *prover) walk() answer {
	v.begin()
	if found := v.insert(0, v.m.start, -1, wildcard.Other); found >= 0 {
		return v.found(0, found)
	}
	for i := range v.alive {
		if !v.alive[i] {
			continue
		}
		if node, found := v.leave(i); found >= 0 {
			return v.found(node, found)
		}
		if v.budget.out() {
			v.starved = true
			return answer{verdict: exhausted}
		}
	}
	a := answer{verdict: covered}
	for i, used := range v.used {
		if used {
			a.used = append(a.used, v.places[i])
		}
	}
	return a
}

func (v *prover) begin() {
	for len(v.nodes) < len(v.alive) {
		v.nodes = append(v.nodes, nil)
	}
	for i := range v.alive {
		v.nodes[i] = v.nodes[i][:0]
	}
	v.list, v.arena = v.list[:0], v.arena[:0]
	v.used = v.used[:0]
	for range v.avoid {
		v.used = append(v.used, false)
	}
}

// leave goes on from all entries at a pair. It gives an entry that escapes and
// the pair where that is, or -1.
func (v *prover) leave(node int) (at, found int) {
	a, b := node/v.width, node%v.width
	if v.p[0].loops[a] && v.p[1].loops[b] {
		if found := v.stay(node); found >= 0 {
			return node, found
		}
	}
	var buf [3]move
	moves := v.moves(buf[:0], a, b)
	for _, e := range v.nodes[node] {
		if v.list[e].dead {
			continue
		}
		if v.budget.out() {
			break
		}
		for _, m := range moves {
			to := node + m.da*v.width + m.db
			if !v.alive[to] {
				continue
			}
			if found := v.step(to, e, m.letter); found >= 0 {
				return to, found
			}
		}
	}
	return 0, -1
}

// stay adds the entries that come of both staying at a star. An entry that
// another makes forgotten isn't followed: the other one is.
func (v *prover) stay(node int) int {
	for i := 0; i < len(v.nodes[node]); i++ {
		e := v.nodes[node][i]
		if v.list[e].dead {
			continue
		}
		if found := v.step(node, e, wildcard.Other); found >= 0 {
			return found
		}
		if v.budget.out() {
			return -1
		}
	}
	return -1
}

// step adds the entry after one letter more.
func (v *prover) step(to, from int, l wildcard.Letter) int {
	at := len(v.arena)
	for range v.m.words {
		v.arena = append(v.arena, 0)
	}
	dst := v.arena[at:]
	v.m.step(dst, v.state(from), l)
	found := v.insert(to, dst, from, l)
	if n := len(v.list); n == 0 || v.list[n-1].state != at {
		v.arena = v.arena[:at]
	}
	return found
}

func (v *prover) state(e int) []uint64 {
	at := v.list[e].state
	return v.arena[at : at+v.m.words]
}

// insert adds an entry, unless it may be forgotten, and drops those that may
// be for its sake. It gives the entry if it escapes, else -1. A state that
// isn't the end of the arena is copied there.
func (v *prover) insert(node int, state []uint64, parent int, l wildcard.Letter) int {
	v.budget.spend(v.m.words * (2 + len(v.nodes[node])))
	if q := v.m.accepted(state, v.used, true); q >= 0 {
		v.used[q] = true
		return -1
	}
	if !v.clearWay(node, state) {
		return -1
	}
	at := len(v.arena) - v.m.words
	if parent < 0 {
		at = len(v.arena)
		v.arena = append(v.arena, state...)
	}
	e := len(v.list)
	v.list = append(v.list, entry{state: at, parent: parent, letter: l})
	v.nodes[node] = append(v.nodes[node], e)
	if set(state).empty() {
		return e
	}
	if node < len(v.alive)-1 {
		return -1
	}
	if q := v.m.accepted(state, v.used, false); q >= 0 {
		v.used[q] = true
		return -1
	}
	return e
}

// clearWay drops the entries at a pair that have all of a state. It reports
// whether none is left that the state has all of.
func (v *prover) clearWay(node int, state []uint64) bool {
	for _, e := range v.nodes[node] {
		if !v.list[e].dead && set(v.state(e)).within(state) {
			return false
		}
	}
	for _, e := range v.nodes[node] {
		if !v.list[e].dead && set(state).within(v.state(e)) {
			v.list[e].dead = true
		}
	}
	return true
}

// found gives the string of an entry that escapes: the letters on the way to
// it, and from there, if it is so early that no Q is left, any way to the end.
func (v *prover) found(node, e int) answer {
	s := v.string[:0]
	for ; v.list[e].parent >= 0; e = v.list[e].parent {
		s = append(s, v.list[e].letter)
	}
	slices.Reverse(s)
	v.string = v.toEnd(s, node, false)
	return answer{verdict: escaped, letters: v.string}
}

// toEnd appends the letters on some way from a pair to the end. With free
// there is a free letter wherever both may stay at a star.
func (v *prover) toEnd(s []wildcard.Letter, node int, free bool) []wildcard.Letter {
	var buf [3]move
	for {
		a, b := node/v.width, node%v.width
		if free && v.p[0].loops[a] && v.p[1].loops[b] {
			s = append(s, wildcard.Other)
		}
		if node == len(v.alive)-1 {
			return s
		}
		for _, m := range v.moves(buf[:0], a, b) {
			if to := node + m.da*v.width + m.db; v.alive[to] {
				s, node = append(s, m.letter), to
				break
			}
		}
	}
}

// guess tries two strings, which most often answer the question at a small
// part of its cost: free letters keep other patterns from matching across two
// literals, and their absence keeps those with many wildcards from matching.
func (v *prover) guess() ([]wildcard.Letter, bool) {
	for _, free := range []bool{false, true} {
		v.string = v.toEnd(v.string[:0], 0, free)
		if !slices.ContainsFunc(v.avoid, func(f *form) bool {
			v.budget.spend(len(v.string))
			return f.match(v.string)
		}) {
			return v.string, true
		}
	}
	return nil, false
}
