package analysis

import (
	"encoding/binary"

	"ups/internal/wildcard"
	"ups/policy"
)

// form is a destination pattern as the proofs want it. Position n of a form
// means that n of its elements have been matched.
type form struct {
	id    int // equal forms have the same
	elems []wildcard.Elem
	loops []bool // of each position: a star stands there
	star  bool   // there is one
	// letters has a bit for each literal; different letters may share it.
	letters uint64
}

// everything is the form of `*`.
var everything = &form{id: 0, loops: []bool{true}, star: true}

// forms makes the forms of patterns over one alphabet.
type forms struct {
	alphabet wildcard.Alphabet
	byGlob   map[string]*form
}

// of gives the form of a pattern, or nil if it isn't regular.
func (fs *forms) of(pattern policy.Text) *form {
	glob, ok := fs.alphabet.Glob(pattern)
	if !ok {
		return nil
	}
	key := globKey(glob)
	if fs.byGlob == nil {
		fs.byGlob = map[string]*form{globKey(wildcard.Glob{{Kind: wildcard.Star}}): everything}
	}
	if fs.byGlob[key] == nil {
		f := newForm(glob)
		f.id = len(fs.byGlob)
		fs.byGlob[key] = f
	}
	return fs.byGlob[key]
}

// globKey gives a string that globs of the same elements have in common, and
// no others.
func globKey(glob wildcard.Glob) string {
	key := make([]byte, 0, 5*len(glob))
	for _, e := range glob {
		key = append(binary.LittleEndian.AppendUint32(key, uint32(e.Letter)), byte(e.Kind))
	}
	return string(key)
}

func newForm(glob wildcard.Glob) *form {
	f := &form{loops: []bool{false}}
	for _, e := range glob {
		if e.Kind == wildcard.Star {
			f.loops[len(f.elems)] = true
			f.star = true
			continue
		}
		f.elems = append(f.elems, e)
		f.loops = append(f.loops, false)
		if e.Kind == wildcard.Lit {
			f.letters |= 1 << (uint32(e.Letter) % 64)
		}
	}
	return f
}

// mayMeet is a quick test that holds for any two forms with a string in
// common.
func (f *form) mayMeet(g *form) bool {
	if !f.star && len(f.elems) < len(g.elems) || !g.star && len(g.elems) < len(f.elems) {
		return false
	}
	return sameEdge(f, g, false) && sameEdge(f, g, true)
}

// sameEdge compares two forms from the front, or from the back, as far as the
// first star of either.
func sameEdge(f, g *form, back bool) bool {
	for i := range min(len(f.elems), len(g.elems)) {
		a, b := i, i
		at, bt := i, i
		if back {
			a, b = len(f.elems)-1-i, len(g.elems)-1-i
			at, bt = a+1, b+1
		}
		if f.loops[at] || g.loops[bt] {
			return true
		}
		if !meet(f.elems[a], g.elems[b]) {
			return false
		}
	}
	return true
}

// meet reports whether one letter can be matched by both.
func meet(a, b wildcard.Elem) bool {
	return a.Kind == wildcard.Any || b.Kind == wildcard.Any || a.Letter == b.Letter
}

// mayHold is a quick test that holds for any g that matches a string in which
// f and h stand for all that isn't the free letter.
func (f *form) mayHold(h, g *form) bool {
	return g.letters&^(f.letters|h.letters) == 0 && f.mayMeet(g) && h.mayMeet(g)
}

// match reports whether the form matches a string, as the textbook does: after
// a mismatch the last star takes one letter more.
func (f *form) match(letters []wildcard.Letter) bool {
	pos, i := 0, 0
	star, taken := -1, 0
	for i < len(letters) {
		if f.loops[pos] {
			star, taken = pos, i
		}
		switch {
		case pos < len(f.elems) && (f.elems[pos].Kind == wildcard.Any || f.elems[pos].Letter == letters[i]):
			pos, i = pos+1, i+1
		case star >= 0:
			taken++
			pos, i = star, taken
		default:
			return false
		}
	}
	return pos == len(f.elems)
}
