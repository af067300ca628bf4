package analysis

import (
	"slices"

	"ups/policy"
)

// Find looks for a request that a policy decides, of a client that is wanted
// and that the service is asked about. Nothing is claimed of a policy that isn't
// regular: the answer is Unknown if it is for such a client at all. The function
// wanted must not call methods of r.
func (r *Result) Find(p int, wanted func(Client) bool) (policy.Request, Truth) {
	r.mu.Lock()
	defer r.mu.Unlock()
	s, answer := r.newSearch(p), No
	for i := range r.groupsOf[p].all() {
		g := &r.groups[i]
		client := slices.IndexFunc(g.clients, func(c client) bool { return wanted(c.Client) })
		switch {
		case client < 0 || !g.asked():
			continue
		case r.patterns[p] == nil:
			return policy.Request{}, Unknown
		}
		if answer = answer.or(s.in(g)); answer != Yes {
			continue
		}
		request := s.found.request
		request.SID, request.Passed = g.clients[client].SID, g.clients[client].Passed
		if !r.confirm(request, p) {
			return policy.Request{}, Unknown
		}
		return request, Yes
	}
	return policy.Request{}, answer
}
