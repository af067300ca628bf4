package analysis

import (
	"encoding/binary"

	"ups/internal/wildcard"
	"ups/policy"
)

// form is a regular pattern as the proofs want it: an automaton whose state n
// means that n of its elements have been matched.
type form struct {
	id    int             // equal forms have the same
	elems []wildcard.Elem // without stars
	loops []bool          // of each state: a star stands there
	star  bool            // there is one
	// letters has a bit for each literal; different letters may share one.
	letters uint64
}

// everything is the form of `*`.
var everything = &form{loops: []bool{true}, star: true}

// forms makes the forms of patterns over one alphabet.
type forms struct {
	alphabet wildcard.Alphabet
	known    map[string]*form
}

// of returns the form of a pattern, or nil if it isn't regular.
func (fs *forms) of(pattern policy.Text) *form {
	glob, ok := fs.alphabet.Glob(pattern)
	if !ok {
		return nil
	}
	if fs.known == nil {
		fs.known = map[string]*form{key(wildcard.Glob{{Kind: wildcard.Star}}): everything}
	}
	k := key(glob)
	if fs.known[k] == nil {
		fs.known[k] = newForm(len(fs.known), glob)
	}
	return fs.known[k]
}

// key returns a string that equal globs have in common, and no others.
func key(glob wildcard.Glob) string {
	k := make([]byte, 0, 5*len(glob))
	for _, e := range glob {
		k = append(binary.LittleEndian.AppendUint32(k, uint32(e.Letter)), byte(e.Kind))
	}
	return string(k)
}

func newForm(id int, glob wildcard.Glob) *form {
	f := &form{id: id, loops: []bool{false}}
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

// mayOverlap is a quick test that holds for any two forms with a string in
// common.
func (f *form) mayOverlap(g *form) bool {
	if !f.star && len(f.elems) < len(g.elems) || !g.star && len(g.elems) < len(f.elems) {
		return false
	}
	return beginAlike(f, g) && endAlike(f, g)
}

// beginAlike compares two forms from the front, as far as the first star of
// either.
func beginAlike(f, g *form) bool {
	for i := range min(len(f.elems), len(g.elems)) {
		if f.loops[i] || g.loops[i] {
			return true
		}
		if !compatible(f.elems[i], g.elems[i]) {
			return false
		}
	}
	return true
}

// endAlike compares two forms from the back, as far as the last star of either.
func endAlike(f, g *form) bool {
	for a, b := len(f.elems), len(g.elems); a > 0 && b > 0; a, b = a-1, b-1 {
		if f.loops[a] || g.loops[b] {
			return true
		}
		if !compatible(f.elems[a-1], g.elems[b-1]) {
			return false
		}
	}
	return true
}

// compatible reports whether both match some letter.
func compatible(a, b wildcard.Elem) bool {
	return a.Kind == wildcard.Any || b.Kind == wildcard.Any || a.Letter == b.Letter
}

// matters is a quick test that holds for any f that matches a string in which
// literals of p and q, and besides them free letters alone, stand (see The
// proof).
func (f *form) matters(p, q *form) bool {
	return f.letters&^(p.letters|q.letters) == 0 && p.mayOverlap(f) && q.mayOverlap(f)
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
