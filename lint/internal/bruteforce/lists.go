package bruteforce

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"ups/policy"
)

// RandomList makes a list of up to n policies.
func RandomList(r *rand.Rand, n int) *policy.File {
	f := &policy.File{Header: &policy.Header{
		AuthorisationPolicy: policy.AuthorisationPolicy(max(0, r.IntN(9)-4)),
		PolicyEvaluator:     uint32(r.IntN(4) / 3),
		DialogCreator:       9,
	}}
	alphabets := []string{"ab*?", "a*?", "a?*?", "ab**", "aab*"}
	alphabet := alphabets[r.IntN(len(alphabets))]
	simple := r.IntN(3) == 0
	for range 1 + r.IntN(n) {
		f.Policies = append(f.Policies, RandomPolicy(r, alphabet, simple))
	}
	return f
}

// RandomPolicy makes a policy whose pattern is of the letters of an alphabet.
// A simple one is for all clients.
func RandomPolicy(r *rand.Rand, alphabet string, simple bool) policy.Policy {
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

// Mutate makes a list that differs a little, or not at all.
func Mutate(r *rand.Rand, f *policy.File) *policy.File {
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
			g.Policies[i] = RandomPolicy(r, "ab*?", false)
		case 3:
			g.Policies[i].Destination = policy.NewText("*")
		case 4:
			h.AuthorisationPolicy = policy.AuthorisationPolicy(r.IntN(5))
		}
	}
	return g
}

// Show describes a list.
func Show(f *policy.File) string {
	var b strings.Builder
	fmt.Fprintf(&b, "authorisation policy %d, evaluator %d\n", f.Header.AuthorisationPolicy, f.Header.PolicyEvaluator)
	for i, p := range f.Policies {
		fmt.Fprintf(&b, "  %d: %q sids %x classes %v security %v options %v\n", i, p.Destination.String(), p.SIDs, p.SIDClasses, p.Security, p.Options)
	}
	return b.String()
}
