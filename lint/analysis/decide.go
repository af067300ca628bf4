package analysis

import (
	"ups/internal/wildcard"
	"ups/policy"
)

// decideCost is what it costs to match a request against one policy, in steps.
const decideCost = 32

// decide is policy.File.Decide for all policies that the engine knows, by the same
// matcher (wildcard.Match), with the patterns prepared once.
func (e *engine) decide(r policy.Request) int {
	destination := wildcard.Decode(r.Destination)
	for i := range e.policies {
		p := &e.policies[i]
		if p.HasSID(r.SID) && p.Security.Holds(r.Passed) && e.prepare(i).Match(&destination) {
			return i
		}
	}
	return ByDefault
}

// prepare prepares the pattern of a policy for matching, once.
func (e *engine) prepare(p int) *wildcard.Prepared {
	if e.prepared == nil {
		e.prepared = make([]*wildcard.Prepared, len(e.policies))
	}
	if e.prepared[p] == nil {
		prepared := wildcard.Prepare(e.policies[p].Destination)
		e.prepared[p] = &prepared
	}
	return e.prepared[p]
}
