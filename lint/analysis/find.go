package analysis

import (
	"slices"

	"ups/policy"
)

// Client is whose request it is, and what the server's own check said.
type Client struct {
	SID    uint32
	Passed bool
}

// Find looks for a request that a policy decides, of a client that is wanted
// and that the service is asked about. Of a policy that isn't regular nothing
// is claimed: the answer is Open if it is for such a client at all.
func (a *Analysis) Find(p int, wanted func(Client) bool) (policy.Request, Truth) {
	s, answer := a.newSearch(p), No
	var request policy.Request
	a.space.seenBy[p].each(0, len(a.space.groups), func(i int) bool {
		g := &a.space.groups[i]
		of := slices.IndexFunc(g.atoms, func(at atom) bool { return wanted(Client{at.sid, at.passed}) })
		switch {
		case of < 0 || !g.asked():
			return true
		case a.patterns[p] == nil:
			answer = Open
			return false
		}
		if answer = worse(answer, s.group(g)); answer == Yes {
			request = s.found.request
			request.SID, request.Passed = g.atoms[of].sid, g.atoms[of].passed
		}
		return answer != Yes
	})
	if answer == Yes && !a.confirm(request, p) {
		return policy.Request{}, Open
	}
	return request, answer
}
