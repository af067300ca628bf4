package analysis

import (
	"slices"

	"ups/policy"
)

// Gap is requests that the service is asked about and no policy matches.
type Gap struct {
	Request policy.Request // one of them
	Clients SIDSet         // whose they are
	Passed  bool           // what the server's own check said
	Denies  bool           // some policy denies requests of these clients without a prompt
}

// findGaps finds the gaps in each group.
func (r *Result) findGaps() {
	n := len(r.Policies)
	for i := range r.groups {
		g := &r.groups[i]
		if !g.asked() {
			continue
		}
		a := r.prover.includes(everything, everything, r.patternsOf(slices.Collect(g.visible.all())))
		switch a.status {
		case exhausted:
			r.GapsUndecided = true
		case refuted:
			request := r.request(g, a.refutation)
			if len(r.irregularMatches(g, request.Destination, n)) == 0 {
				r.addGaps(g, request.Destination)
			}
		}
	}
}

// addGaps adds the gap of a group, for each result of the check that is in it.
func (r *Result) addGaps(g *group, destination policy.Text) {
	for _, passed := range []bool{true, false} {
		i := slices.IndexFunc(g.clients, func(c client) bool { return c.Passed == passed })
		if i < 0 {
			continue
		}
		request := policy.Request{SID: g.clients[i].SID, Passed: passed, Destination: destination}
		r.Gaps = append(r.Gaps, Gap{request, g.sids(passed), passed, r.denies(g)})
	}
}

// denies reports whether a policy that decides some request, and is visible to
// the group, denies without a prompt.
func (r *Result) denies(g *group) bool {
	for p := range g.visible.all() {
		if r.outcomes[p].Denies() && r.Policies[p].Reach == Reachable {
			return true
		}
	}
	return false
}

// Gap returns the gap to show: the first where a policy denies, or else the
// first. It returns false if there is none, or if File.Decide doesn't confirm
// it.
func (r *Result) Gap() (Gap, bool) {
	if len(r.Gaps) == 0 {
		return Gap{}, false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	g := r.Gaps[max(0, slices.IndexFunc(r.Gaps, func(g Gap) bool { return g.Denies }))]
	return g, r.confirm(g.Request, -1)
}

// Uncovered returns the clients that have gaps with one result of the check, as
// classes and single SIDs, and the SIDs of those classes that have none.
func (r *Result) Uncovered(passed bool) (in SIDSet, except []uint32) {
	for _, g := range r.Gaps {
		if g.Passed == passed {
			in = in.union(g.Clients)
		}
	}
	for _, sid := range r.listed {
		if in.Classes.Has(sid) && !slices.Contains(in.SIDs, sid) {
			except = append(except, sid)
		}
	}
	in.SIDs = slices.DeleteFunc(in.SIDs, in.Classes.Has)
	return in, except
}
