package analysis

import (
	"encoding/binary"
	"slices"

	"ups/internal/wildcard"
	"ups/policy"
)

// form is a regular pattern as the proofs use it: an automaton whose state n is
// the position n of a glob.
type form struct {
	id int // equal forms have the same
	wildcard.Glob
	star bool // there is one
	// literals has a bit for each literal; different letters may share one.
	literals uint64
}

// everything is the form of `*`.
var everything = newForm(0, wildcard.Glob{Stars: []bool{true}})

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
		fs.known = map[string]*form{key(everything.Glob): everything}
	}
	k := key(glob)
	if fs.known[k] == nil {
		fs.known[k] = newForm(len(fs.known), glob)
	}
	return fs.known[k]
}

// key returns a string that equal globs have in common, and no others.
func key(glob wildcard.Glob) string {
	k := make([]byte, 0, 5*len(glob.Stars))
	for _, l := range glob.Letters {
		k = binary.LittleEndian.AppendUint32(k, uint32(l))
	}
	for _, star := range glob.Stars {
		if star {
			k = append(k, 1)
		} else {
			k = append(k, 0)
		}
	}
	return string(k)
}

func newForm(id int, glob wildcard.Glob) *form {
	f := &form{id: id, Glob: glob, star: slices.Contains(glob.Stars, true)}
	for _, l := range glob.Letters {
		if l != wildcard.Other {
			f.literals |= 1 << (uint32(l) % 64)
		}
	}
	return f
}

// mayOverlap is a quick test that holds for any two forms with a string in
// common.
func (f *form) mayOverlap(g *form) bool {
	if !f.star && len(f.Letters) < len(g.Letters) || !g.star && len(g.Letters) < len(f.Letters) {
		return false
	}
	return beginAlike(f, g) && endAlike(f, g)
}

// beginAlike compares two forms from the front, as far as the first star of
// either.
func beginAlike(f, g *form) bool {
	for i := range min(len(f.Letters), len(g.Letters)) {
		if f.Stars[i] || g.Stars[i] {
			return true
		}
		if !compatible(f.Letters[i], g.Letters[i]) {
			return false
		}
	}
	return true
}

// endAlike compares two forms from the back, as far as the last star of either.
func endAlike(f, g *form) bool {
	for a, b := len(f.Letters), len(g.Letters); a > 0 && b > 0; a, b = a-1, b-1 {
		if f.Stars[a] || g.Stars[b] {
			return true
		}
		if !compatible(f.Letters[a-1], g.Letters[b-1]) {
			return false
		}
	}
	return true
}

// compatible reports whether the letters of two globs both match some letter.
func compatible(a, b wildcard.Letter) bool {
	return a == wildcard.Other || b == wildcard.Other || a == b
}

// matters is a quick test that holds for any f that matches a string in which
// literals of p and q, and besides them free letters alone, stand (see The
// proof).
func (f *form) matters(p, q *form) bool {
	return f.literals&^(p.literals|q.literals) == 0 && p.mayOverlap(f) && q.mayOverlap(f)
}
