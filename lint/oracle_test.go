package lint

import (
	"math/rand/v2"
	"slices"

	"ups/policy"
)

// oracle answers by looking at all strings. What a string does depends only on
// the positions that it leads to in each pattern, so strings are taken in
// order of length, and one that leads where a shorter one led isn't followed.
// This ends, and every string then behaves as one that was looked at. It knows
// nothing of free letters but that c, which is in no pattern, stands for all
// that aren't.
type oracle struct {
	vectors []uint64 // each a set of policies that match one and the same string
	longest int      // string that was needed
}

const letters = "abc"

// positions is a state of up to eight patterns: of each, the set of positions
// that a string leads to.
type positions [8]byte

// newOracle takes at most eight patterns of at most seven characters.
func newOracle(patterns []string) *oracle {
	var start positions
	for i, p := range patterns {
		start[i] = closure(p, 1)
	}
	o := &oracle{}
	seenStates, seenVectors := map[positions]bool{start: true}, map[uint64]bool{}
	for level := []positions{start}; len(level) > 0; o.longest++ {
		var next []positions
		for _, s := range level {
			if v := vector(patterns, s); !seenVectors[v] {
				seenVectors[v] = true
				o.vectors = append(o.vectors, v)
			}
			for i := range letters {
				t := stepAll(patterns, s, letters[i])
				if !seenStates[t] {
					seenStates[t] = true
					next = append(next, t)
				}
			}
		}
		level = next
	}
	return o
}

// closure adds the positions that are reached through empty stars.
func closure(pattern string, at byte) byte {
	for i := range pattern {
		if pattern[i] == '*' && at>>i&1 != 0 {
			at |= 1 << (i + 1)
		}
	}
	return at
}

func stepAll(patterns []string, state positions, letter byte) (out positions) {
	for n, p := range patterns {
		for i := range len(p) {
			switch {
			case state[n]>>i&1 == 0:
			case p[i] == '*':
				out[n] |= 1 << i
			case p[i] == '?' || p[i] == letter:
				out[n] |= 1 << (i + 1)
			}
		}
		out[n] = closure(p, out[n])
	}
	return out
}

func vector(patterns []string, state positions) (v uint64) {
	for i, p := range patterns {
		v |= uint64(state[i]>>len(p)&1) << i
	}
	return v
}

// oracleAtoms are enough SIDs to tell the generated policies apart.
var oracleAtoms = []atom{
	{sid: 1, passed: true}, {sid: 1}, {sid: 2, passed: true}, {sid: 2},
	{sid: 0x80000001, passed: true}, {sid: 0x80000001},
	{sid: 7, passed: true}, {sid: 7}, {sid: 0x80000007, passed: true}, {sid: 0x80000007},
	{sid: 0x30000000, passed: true}, {sid: 0x30000000},
}

// view is what the oracle sees of one list.
type view struct {
	*oracle
	f       *policy.File
	atoms   []atom
	visible []uint64 // by atom
	asked   []bool   // by atom
}

func newView(o *oracle, f *policy.File, first int) *view {
	return newViewOf(o, f, first, oracleAtoms)
}

func newViewOf(o *oracle, f *policy.File, first int, atoms []atom) *view {
	v := &view{oracle: o, f: f, atoms: atoms}
	for _, a := range atoms {
		mask := uint64(0)
		for i := range f.Policies {
			p := &f.Policies[i]
			if p.HasSID(a.sid) && p.Security.Holds(a.passed) {
				mask |= 1 << (first + i)
			}
		}
		v.visible = append(v.visible, mask)
		v.asked = append(v.asked, gateOf(f.Header.AuthorisationPolicy, a.sid, a.passed, false) == ask)
	}
	return v
}

// each calls f for every atom and vector, restricted to what the atom sees.
func (v *view) each(f func(asked bool, matches uint64)) {
	for i, mask := range v.visible {
		for _, vec := range v.vectors {
			f(v.asked[i], vec&mask)
		}
	}
}

func patternsOf(files ...*policy.File) []string {
	var out []string
	for _, f := range files {
		for _, p := range f.Policies {
			out = append(out, p.Destination.String())
		}
	}
	return out
}

// randomList makes a list of up to n policies.
func randomList(r *rand.Rand, n int) *policy.File {
	f := &policy.File{Header: &policy.Header{
		AuthorisationPolicy: policy.AuthorisationPolicy(max(0, r.IntN(9)-4)),
		PolicyEvaluator:     uint32(r.IntN(4) / 3),
		DialogCreator:       9,
	}}
	alphabets := []string{"ab*?", "a*?", "a?*?", "ab**", "aab*"}
	alphabet := alphabets[r.IntN(len(alphabets))]
	simple := r.IntN(3) == 0
	for range 1 + r.IntN(n) {
		f.Policies = append(f.Policies, randomPolicy(r, alphabet, simple))
	}
	return f
}

func randomPolicy(r *rand.Rand, alphabet string, simple bool) policy.Policy {
	options := []policy.Options{policy.Yes | policy.No, policy.Yes | policy.No, policy.Yes, policy.No, policy.Never, policy.Yes | policy.No | policy.Always}
	p := policy.Policy{SIDClasses: policy.AllSIDs, Options: options[r.IntN(len(options))]}
	pattern := make([]byte, r.IntN(7))
	for i := range pattern {
		pattern[i] = alphabet[r.IntN(len(alphabet))]
	}
	p.Destination = policy.NewText(string(pattern))
	if simple {
		return p
	}
	classes := []policy.SIDClasses{policy.AllSIDs, policy.AllSIDs, policy.ProtectedSIDs, policy.UnprotectedSIDs, 1, 0x10000}
	p.SIDClasses = classes[r.IntN(len(classes))]
	for _, sid := range []uint32{1, 2, 0x80000001} {
		if r.IntN(5) == 0 {
			p.SIDs = append(p.SIDs, sid)
		}
	}
	p.Security = policy.Security(max(0, r.IntN(8)-4))
	return p
}

// mutate gives a list that differs a little, or not at all.
func mutate(r *rand.Rand, f *policy.File) *policy.File {
	h := *f.Header
	g := &policy.File{Header: &h, Policies: slices.Clone(f.Policies)}
	for range r.IntN(3) {
		i := r.IntN(len(g.Policies))
		switch r.IntN(5) {
		case 0:
			if len(g.Policies) > 1 {
				g.Policies = slices.Delete(g.Policies, i, i+1)
			}
		case 1:
			k := r.IntN(len(g.Policies))
			g.Policies[i], g.Policies[k] = g.Policies[k], g.Policies[i]
		case 2:
			g.Policies[i] = randomPolicy(r, "ab*?", false)
		case 3:
			g.Policies[i].Destination = policy.NewText("*")
		case 4:
			h.AuthorisationPolicy = policy.AuthorisationPolicy(r.IntN(5))
		}
	}
	return g
}
