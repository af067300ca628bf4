package policy

import (
	"slices"

	"ups/internal/wildcard"
)

// Request is what a policy list is asked about.
type Request struct {
	SID         uint32 // of the client
	Passed      bool   // whether the system server's own check passed
	Destination Text
}

// Matches reports whether a policy is for a request (docs/service.md, Matching):
// the SID, the security result and the destination must all match.
func (p *Policy) Matches(r Request) bool {
	return p.HasSID(r.SID) && p.Security.Holds(r.Passed) && wildcard.Match(p.Destination, r.Destination)
}

// HasSID reports whether the policy is for a client of that SID. A list of
// SIDs, unless empty, stands in for the classes.
func (p *Policy) HasSID(sid uint32) bool {
	if len(p.SIDs) > 0 {
		return slices.Contains(p.SIDs, sid)
	}
	return p.SIDClasses.Has(sid)
}

// Decide returns the place of the policy that decides a request: the first that
// matches. It is -1 if none does; then the default policy decides. Every faster
// way must agree with this loop.
func (f *File) Decide(r Request) int {
	return slices.IndexFunc(f.Policies, func(p Policy) bool { return p.Matches(r) })
}
