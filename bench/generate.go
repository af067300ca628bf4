package main

import (
	"fmt"
	"math/rand/v2"
	"strings"

	"ups/policy"
)

// request is what every engine is asked. The destination is ASCII: beyond it
// only this project folds as the device does.
type request struct {
	sid         uint32
	passed      bool
	destination string
}

// workload is a policy file with requests for it. The same seed and size give
// the same workload.
type workload struct {
	file  *policy.File
	mixed []request // most match some policy, anywhere in the list; some match none
	worst []request // only the last policy matches

	*generator // for more of them
}

const (
	mixedRequests = 256
	worstRequests = 64
)

func newWorkload(seed uint64, policies int) workload {
	g := &generator{rand.New(rand.NewPCG(seed, uint64(policies))), nil}
	for range 8 + policies/4 {
		g.sids = append(g.sids, g.sid())
	}
	f := g.file(policies)
	return workload{f, g.some(f, mixedRequests), g.hard(f, worstRequests), g}
}

// generator makes policies and requests of one vocabulary, so that near misses
// are the rule: the same clients, hosts and beginnings come up again and again.
type generator struct {
	*rand.Rand
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
		Security:    g.security(),
		Destination: policy.NewText(g.pattern()),
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
		p.SIDClasses = g.classes()
	}
	return p
}

func (g *generator) security() policy.Security {
	return []policy.Security{
		policy.PassedOrFailed, policy.PassedOrFailed, policy.PassedOrFailed, policy.Failed, policy.Passed,
	}[g.IntN(5)]
}

func (g *generator) classes() policy.SIDClasses {
	return []policy.SIDClasses{
		policy.AllSIDs, policy.ProtectedSIDs, policy.UnprotectedSIDs, 1 << g.IntN(16),
	}[g.IntN(4)]
}

// sid gives a SID of the ranges that are handed out: protected, or not.
func (g *generator) sid() uint32 {
	return []uint32{0x10000000, 0x20000000, 0xA0000000, 0xE0000000}[g.IntN(4)] | g.Uint32()&0x000FFFFF
}

func (g *generator) known() uint32 { return g.sids[g.IntN(len(g.sids))] }

// pattern cuts a destination down: 3 of 10 are exact, 3 are beginnings, 2 are
// ends, 1 is a word inside, 1 has stars in two places.
func (g *generator) pattern() string {
	switch n := g.IntN(10); {
	case n < 3:
		return g.cases(g.destination())
	case n < 6:
		d := g.destination()
		return g.cases(d[:len(d)-1-g.IntN(6)]) + "*"
	case n < 8:
		return "*" + g.cases(g.word()+".example/"+g.word())
	case n < 9:
		return "*" + g.cases(g.word()+"/"+g.word()) + "*"
	}
	return g.scheme() + "*" + g.cases("."+g.word()) + "*" + g.cases("/"+g.word())
}

// destination gives an address of the Web, or now and then of a message.
func (g *generator) destination() string {
	if g.IntN(8) == 0 {
		return fmt.Sprintf("sms:+4477009%05d", g.IntN(100000))
	}
	top := ".example/"
	if g.IntN(8) == 0 {
		top = ".test/"
	}
	return g.scheme() + g.word() + "." + g.word() + top + g.word() + "/" + g.word()
}

func (g *generator) scheme() string { return []string{"http://", "https://"}[g.IntN(2)] }

// word gives one of some 2,000 words.
func (g *generator) word() string {
	return fmt.Sprintf("%s%d", []string{"maps", "mail", "shop", "games", "news", "music", "photo", "store"}[g.IntN(8)], g.IntN(250))
}

// cases puts a letter of every eight in upper case.
func (g *generator) cases(s string) string {
	b := []byte(s)
	for i, c := range b {
		if 'a' <= c && c <= 'z' && g.IntN(8) == 0 {
			b[i] = c - 'a' + 'A'
		}
	}
	return string(b)
}

// some gives requests of all kinds.
func (g *generator) some(f *policy.File, n int) []request {
	requests := make([]request, n)
	for i := range requests {
		if g.IntN(8) == 0 {
			requests[i] = g.request()
			continue
		}
		requests[i] = g.matching(f.Policies[g.IntN(len(f.Policies))])
	}
	return requests
}

func (g *generator) request() request {
	return request{g.known(), g.IntN(2) == 0, g.cases(g.destination())}
}

// matching gives a request that p matches, if none before p does.
func (g *generator) matching(p policy.Policy) request {
	r := request{g.known(), p.Security == policy.Passed || p.Security == policy.PassedOrFailed && g.IntN(2) == 0, ""}
	if len(p.SIDs) > 0 {
		r.sid = p.SIDs[g.IntN(len(p.SIDs))]
	}
	for !p.HasSID(r.sid) {
		r.sid = g.Uint32()
	}
	for i, part := range strings.Split(p.Destination.String(), "*") {
		if i > 0 {
			r.destination += g.word()
		}
		r.destination += part
	}
	r.destination = g.cases(r.destination)
	return r
}

// hard gives requests of known clients that only the last policy matches.
func (g *generator) hard(f *policy.File, n int) []request {
	var requests []request
	for len(requests) < n {
		if r := g.request(); lawful(f, r) == len(f.Policies)-1 {
			requests = append(requests, r)
		}
	}
	return requests
}

// lawful is the answer that every engine must give.
func lawful(f *policy.File, r request) int {
	return f.Decide(policy.Request{SID: r.sid, Passed: r.passed, Destination: policy.NewText(r.destination)})
}

// set is requests that are measured together.
type set struct {
	name     string
	requests []request
}

func (w workload) sets() []set { return []set{{"mixed", w.mixed}, {"worst", w.worst}} }
