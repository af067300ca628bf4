package main

import (
	"math/rand/v2"
	"strings"

	"ups/policy"
)

// seed is that of every figure that is quoted of this program.
const seed = 1

// sizes are the numbers of policies.
var sizes = [...]int{5, 20, 60, 200, 2000}

// mix is a kind of policies and requests.
type mix struct {
	name string
	vocabulary
	onlyLast bool // all requests are such that only the last policy matches
}

func mixes() []mix {
	return []mix{
		{"20-letter addresses", contacts{}, false},
		{"45-letter addresses", words{250}, false},
		{"near misses", words{1}, true},
		{"only the last matches", words{250}, true},
	}
}

// requestCount is how many requests are measured in turn. With few of them
// the processor would learn the branches of each.
const requestCount = 1024

// workload is a policy file with requests for it.
type workload struct {
	file     *policy.File
	requests []request

	*generator // for more of them
}

// newWorkload returns the same for the same seed and number of policies.
func newWorkload(m mix, seed uint64, policies int) workload {
	g := &generator{Rand: rand.New(rand.NewPCG(seed, uint64(policies))), mix: m}
	for range 8 + policies/4 {
		g.sids = append(g.sids, g.sid())
	}
	f := g.file(policies)
	return workload{f, g.requests(f, requestCount), g}
}

// generator makes policies and requests of one vocabulary.
type generator struct {
	*rand.Rand
	mix
	sids []uint32 // of the clients that are known by name
}

func (g *generator) file(policies int) *policy.File {
	f := &policy.File{
		UID2:    policy.ResourceFileUID,
		Version: policy.FormatVersion,
		Header:  &policy.Header{DialogCreator: 1},
	}
	for range policies - 1 {
		f.Policies = append(f.Policies, g.policy())
	}
	f.Policies = append(f.Policies, policy.Policy{
		SIDClasses:  policy.AllSIDs,
		Destination: policy.NewText("*.Example*"),
		Options:     policy.Yes | policy.No,
	})
	return f
}

func (g *generator) policy() policy.Policy {
	p := policy.Policy{
		Security: pick(g.Rand, policy.PassedOrFailed, policy.PassedOrFailed, policy.PassedOrFailed,
			policy.Failed, policy.Passed),
		Destination: policy.NewText(g.capitals(g.pattern(g.Rand))),
		Options:     policy.Options(1 + g.IntN(int(policy.AllOptions))),
	}
	switch n := g.IntN(10); {
	case n < 5:
		p.SIDs = []uint32{g.known()}
	case n < 7:
		for range 2 + g.IntN(4) {
			p.SIDs = append(p.SIDs, g.known())
		}
	default:
		p.SIDClasses = pick(g.Rand, policy.AllSIDs, policy.ProtectedSIDs, policy.UnprotectedSIDs, 1<<g.IntN(16))
	}
	return p
}

// sid returns a SID of the ranges that are allocated: protected, or not.
func (g *generator) sid() uint32 {
	return pick[uint32](g.Rand, 0x10000000, 0x20000000, 0xA0000000, 0xE0000000) | g.Uint32()&0x000FFFFF
}

func (g *generator) known() uint32 { return pick(g.Rand, g.sids...) }

// capitals puts a letter of every eight in upper case.
func (g *generator) capitals(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'a' <= c && c <= 'z' && g.IntN(8) == 0 {
			b[i] = c - 'a' + 'A'
		}
	}
	return string(b)
}

// requests returns n requests for f: in 7 of 8 cases made to match a policy of
// its, or such that only the last policy matches.
func (g *generator) requests(f *policy.File, n int) []request {
	var list []request
	for len(list) < n {
		r := g.request()
		if !g.onlyLast && g.IntN(8) > 0 {
			r = g.matching(pick(g.Rand, f.Policies...))
		}
		if !g.onlyLast || expected(f, r) == len(f.Policies)-1 {
			list = append(list, r)
		}
	}
	return list
}

func (g *generator) request() request {
	return request{g.known(), g.IntN(2) == 0, g.capitals(g.destination(g.Rand))}
}

// matching returns a request that p matches. An earlier policy may match it too.
func (g *generator) matching(p policy.Policy) request {
	r := request{sid: g.known(), passed: p.Security.Holds(true)}
	if p.Security == policy.PassedOrFailed {
		r.passed = g.IntN(2) == 0
	}
	if len(p.SIDs) > 0 {
		r.sid = pick(g.Rand, p.SIDs...)
	}
	for !p.HasSID(r.sid) {
		r.sid = g.Uint32()
	}
	var b strings.Builder
	for i, part := range strings.Split(p.Destination.String(), "*") {
		if i > 0 {
			b.WriteString(g.filler(g.Rand))
		}
		b.WriteString(part)
	}
	r.destination = g.capitals(b.String())
	return r
}

// expected is the answer that every engine must return.
func expected(f *policy.File, r request) int {
	return f.Decide(policy.Request{SID: r.sid, Passed: r.passed, Destination: policy.NewText(r.destination)})
}
