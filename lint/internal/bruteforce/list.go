package bruteforce

import (
	"fmt"
	"maps"
	mathbits "math/bits"
	"slices"

	"ups/lint/analysis"
	"ups/policy"
)

// SomeClients are enough to distinguish the policies of RandomList.
var SomeClients = []analysis.Client{
	{SID: 1, Passed: true}, {SID: 1}, {SID: 2, Passed: true}, {SID: 2},
	{SID: 0x80000001, Passed: true}, {SID: 0x80000001},
	{SID: 7, Passed: true}, {SID: 7}, {SID: 0x80000007, Passed: true}, {SID: 0x80000007},
	{SID: 0x30000000, Passed: true}, {SID: 0x30000000},
}

// ClientsOf returns enough clients to distinguish the policies of any list.
func ClientsOf(f *policy.File) []analysis.Client {
	listed := map[uint32]bool{}
	for _, p := range f.Policies {
		for _, sid := range p.SIDs {
			listed[sid] = true
		}
	}
	sids := slices.Sorted(maps.Keys(listed))
	for class := range uint32(16) {
		sid := class<<28 | 0x0ABCDE
		for listed[sid] {
			sid++
		}
		sids = append(sids, sid)
	}
	var out []analysis.Client
	for _, sid := range sids {
		out = append(out, analysis.Client{SID: sid, Passed: true}, analysis.Client{SID: sid})
	}
	return out
}

// List is what an oracle says of one list. Sets of policies have a bit for
// each, by place.
type List struct {
	*Oracle
	File    *policy.File
	Clients []analysis.Client
	Visible []uint64 // by client: the policies that its SID and its check leave
	Asked   []bool   // by client: whether the service is asked, unless it was started from drive Z
}

// NewList is for a list made by RandomList.
func NewList(f *policy.File) *List { return ListOf(NewOracle(Patterns(f)), f, 0, SomeClients) }

// ListOf is for a list whose patterns the oracle has from place first on.
func ListOf(o *Oracle, f *policy.File, first int, clients []analysis.Client) *List {
	l := &List{Oracle: o, File: f, Clients: clients}
	for _, c := range clients {
		visible := uint64(0)
		for i := range f.Policies {
			p := &f.Policies[i]
			if p.HasSID(c.SID) && p.Security.Holds(c.Passed) {
				visible |= 1 << (first + i)
			}
		}
		l.Visible = append(l.Visible, visible)
		l.Asked = append(l.Asked, Asked(f, c, false))
	}
	return l
}

// Asked reports whether the service is asked about requests of a client
// (docs/service.md, Before the service is asked).
func Asked(f *policy.File, c analysis.Client, fromROM bool) bool {
	switch f.Header.AuthorisationPolicy {
	case policy.AlwaysCheck:
		return true
	case policy.CheckPostManufacture:
		return !c.Passed || !policy.Protected(c.SID) || !fromROM
	case policy.CheckUnprotectedSIDs:
		return !c.Passed || !policy.Protected(c.SID)
	case policy.CheckIfFailed:
		return !c.Passed
	}
	return false
}

// Each calls f with the policies that match, for every client and every kind
// of string.
func (l *List) Each(f func(asked bool, matches uint64)) {
	for i, visible := range l.Visible {
		for _, v := range l.Vectors {
			f(l.Asked[i], v&visible)
		}
	}
}

// Outcome is that of the first policy of a set.
func (l *List) Outcome(matches uint64) analysis.Outcome {
	if matches == 0 {
		return analysis.DefaultOutcome(l.File)
	}
	return analysis.OutcomeOf(l.File, &l.File.Policies[mathbits.TrailingZeros64(matches)])
}

// CoveredBy reports whether these policies match all that policy p does, or
// all of it that the service is asked about.
func (l *List) CoveredBy(p int, culprits []int, onlyAsked bool) bool {
	set := uint64(0)
	for _, q := range culprits {
		set |= 1 << q
	}
	ok := true
	l.Each(func(asked bool, m uint64) {
		if m>>p&1 != 0 && m&set == 0 && (asked || !onlyAsked) {
			ok = false
		}
	})
	return ok
}

// Conflict describes the conflict of p with policy e, from the definition; false if it
// isn't one.
func (l *List) Conflict(e, p int) (string, bool) {
	takes := false
	l.Each(func(asked bool, m uint64) {
		takes = takes || asked && mathbits.TrailingZeros64(m) == e && m>>p&1 != 0
	})
	c := l.Relations(e, p)
	return fmt.Sprint(e, c.SIDs, c.Security, c.Destinations), takes && l.Outcome(1<<e) != l.Outcome(1<<p) &&
		(c.SIDs == analysis.Wider || c.Security == analysis.Wider || c.Destinations == analysis.Wider)
}

// Relations compares policy e with p in each dimension.
func (l *List) Relations(e, p int) (c analysis.Conflict) {
	pe, pp := &l.File.Policies[e], &l.File.Policies[p]
	sids, security, destinations := [2]bool{true, true}, [2]bool{true, true}, [2]bool{true, true} // e has all of p, p has all of e
	for _, client := range l.Clients {
		compare(&sids, pe.HasSID(client.SID), pp.HasSID(client.SID))
		compare(&security, pe.Security.Holds(client.Passed), pp.Security.Holds(client.Passed))
	}
	for _, v := range l.Vectors {
		compare(&destinations, v>>e&1 != 0, v>>p&1 != 0)
	}
	c.SIDs, c.Security, c.Destinations = relation(sids), relation(security), relation(destinations)
	return c
}

func compare(all *[2]bool, inE, inP bool) {
	all[0] = all[0] && (inE || !inP)
	all[1] = all[1] && (inP || !inE)
}

func relation(all [2]bool) analysis.Relation {
	switch all {
	case [2]bool{true, true}:
		return analysis.Same
	case [2]bool{true, false}:
		return analysis.Wider
	case [2]bool{false, true}:
		return analysis.Narrower
	}
	return analysis.Apart
}
