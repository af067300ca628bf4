package analysis

import (
	"slices"

	"ups/internal/wildcard"
)

// product is the product of the automata of two forms: its states are pairs of
// theirs, numbered row by row. It accepts what both match.
type product struct {
	p, q  *form
	width int    // states of q
	live  []bool // pairs from which the last one can be reached
}

// move leads from a pair, by one letter, to a later one.
type move struct {
	to     int
	letter wildcard.Letter
}

// size returns the number of pairs.
func (x *product) size() int { return len(x.p.Stars) * len(x.q.Stars) }

// last returns the pair at which both have been matched to the end.
func (x *product) last() int { return len(x.live) - 1 }

// loops reports whether both forms have a star at a pair, so that any letter
// stays there.
func (x *product) loops(pair int) bool {
	return x.p.Stars[pair/x.width] && x.q.Stars[pair%x.width]
}

// load finds the live pairs of two forms, and reports whether the first pair is
// one: whether they match any string in common. The work of most questions is
// here, so it doesn't go through moves.
func (x *product) load(p, q *form) bool {
	x.p, x.q, x.width = p, q, len(q.Stars)
	n := x.size()
	x.live = slices.Grow(x.live[:0], n)[:n]
	below := x.live[n:] // the row of the next state of p; none yet
	for a := len(p.Letters); a >= 0; a-- {
		row := x.live[a*x.width : (a+1)*x.width]
		for b := len(q.Letters); b >= 0; b-- {
			row[b] = a == len(p.Letters) && b == len(q.Letters) ||
				a < len(p.Letters) && q.Stars[b] && below[b] ||
				b < len(q.Letters) && p.Stars[a] && row[b+1] ||
				a < len(p.Letters) && b < len(q.Letters) && below[b+1] && compatible(p.Letters[a], q.Letters[b])
		}
		below = row
	}
	return x.live[0]
}

// moves appends the moves from a pair to live ones.
func (x *product) moves(buf []move, pair int) []move {
	add := func(to int, l wildcard.Letter) {
		if x.live[to] {
			buf = append(buf, move{to, l})
		}
	}
	a, b := pair/x.width, pair%x.width
	goesA, goesB := a < len(x.p.Letters), b < len(x.q.Letters)
	if goesA && goesB && compatible(x.p.Letters[a], x.q.Letters[b]) {
		add(pair+x.width+1, max(x.p.Letters[a], x.q.Letters[b]))
	}
	if goesA && x.q.Stars[b] {
		add(pair+x.width, x.p.Letters[a])
	}
	if goesB && x.p.Stars[a] {
		add(pair+1, x.q.Letters[b])
	}
	return buf
}

// complete appends the letters on some way from a live pair to the last. With
// free there is a free letter wherever any letter stays.
func (x *product) complete(s []wildcard.Letter, pair int, free bool) []wildcard.Letter {
	var buf [3]move
	for {
		if free && x.loops(pair) {
			s = append(s, wildcard.Other)
		}
		if pair == x.last() {
			return s
		}
		m := x.moves(buf[:0], pair)[0]
		s, pair = append(s, m.letter), m.to
	}
}
