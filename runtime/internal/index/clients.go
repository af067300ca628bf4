package index

import (
	"cmp"
	"slices"

	"ups/policy"
)

// client is the client of a request.
type client struct {
	sid    uint32
	result int    // of the system server's check: 0 failed, 1 passed
	kind   uint32 // the bit of its kind: the class of the SID and the result
	bits   uint64 // the bit of its kind and, in the upper half, that of its SID
}

func newClient(sid uint32, passed bool) client {
	c := client{sid: sid}
	if passed {
		c.result = 1
	}
	c.kind = 1 << (sid>>28 + 16*uint32(c.result))
	c.bits = uint64(c.kind) | sidBit(sid)
	return c
}

// sidBit is the bit of a SID, which others have too.
func sidBit(sid uint32) uint64 { return 1 << (32 + hashOf(uint64(sid))>>27) }

// clients are the policies that have a pattern, by whom they are for, without
// those that never decide since another comes first wherever they hold.
type clients struct {
	low     int32 // the first policy of all
	classes []classPolicy
	sids    []sidPolicy // by SID
}

// classPolicy is a policy that is for classes of SIDs.
type classPolicy struct {
	kinds  uint32
	policy int32
}

// sidPolicy is the first policy that lists a SID, by the result.
type sidPolicy struct {
	sid    uint32
	policy [2]int32
}

// newClients is for the policies with these places, in order.
func newClients(policies []policy.Policy, places []int32) clients {
	c, seen := clients{low: places[0]}, uint32(0)
	for _, i := range places {
		p := &policies[i]
		for _, sid := range p.SIDs {
			c.sids = append(c.sids, sidPolicy{sid, byResult(p.Security, i)})
		}
		if kinds := kindsOf(p) &^ seen; len(p.SIDs) == 0 && kinds != 0 {
			seen |= kinds
			c.classes = append(c.classes, classPolicy{kinds, i})
		}
	}
	slices.SortFunc(c.sids, func(p, q sidPolicy) int { return cmp.Compare(p.sid, q.sid) })
	c.sids = mergeSIDs(c.sids)
	return c
}

// kindsOf are the kinds that a policy without a list of SIDs is for.
func kindsOf(p *policy.Policy) (kinds uint32) {
	for result, place := range byResult(p.Security, 0) {
		if place != none {
			kinds |= uint32(p.SIDClasses&policy.AllSIDs) << (16 * result)
		}
	}
	return kinds
}

// byResult returns the place for each result that the policy is for.
func byResult(s policy.Security, place int32) [2]int32 {
	list := [2]int32{none, none}
	for result, passed := range []bool{false, true} {
		if s.Holds(passed) {
			list[result] = place
		}
	}
	return list
}

// mergeSIDs keeps one entry of each SID.
func mergeSIDs(list []sidPolicy) []sidPolicy {
	merged := list[:0]
	for _, p := range list {
		if n := len(merged); n == 0 || merged[n-1].sid != p.sid {
			merged = append(merged, p)
			continue
		}
		first := &merged[len(merged)-1].policy
		for result, place := range p.policy {
			first[result] = min(first[result], place)
		}
	}
	return merged
}

// first returns the first policy that is for a client, or none.
func (c *clients) first(who *client) int32 {
	best := none
	for _, p := range c.classes {
		if p.kinds&who.kind != 0 {
			best = p.policy
			break
		}
	}
	if len(c.sids) == 0 {
		return best
	}
	i, ok := slices.BinarySearchFunc(c.sids, who.sid, func(p sidPolicy, sid uint32) int { return cmp.Compare(p.sid, sid) })
	if !ok {
		return best
	}
	return min(best, c.sids[i].policy[who.result])
}

// bits has a bit in common with the bits of each client that there is a policy
// for.
func (c *clients) bits() (set uint64) {
	for _, p := range c.classes {
		set |= uint64(p.kinds)
	}
	for _, p := range c.sids {
		set |= sidBit(p.sid)
	}
	return set
}
