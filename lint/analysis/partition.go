package analysis

import (
	"fmt"
	"slices"

	"ups/policy"
)

// Client is whose request it is, and what the server's own check said.
type Client struct {
	SID    uint32
	Passed bool
}

// client is one that stands for itself, or for all clients of its class that no
// policy lists. Policies distinguish its requests only by the destination.
type client struct {
	Client
	unlisted bool // it stands for all SIDs of its class that no policy lists
	fromROM  bool // it was started from drive Z
}

// group is the clients to which the same policies are visible: those that are
// left once SID and security result have been looked at.
type group struct {
	clients []client
	answers []policy.Answer // before the service is asked, by each list
	visible set             // policies by place
}

func (g *group) asked() bool { return slices.Contains(g.answers, policy.Ask) }

// sids returns the SIDs of the group that have one result of the check.
func (g *group) sids(passed bool) SIDSet {
	var s SIDSet
	for _, c := range g.clients {
		switch {
		case c.Passed != passed:
		case c.unlisted:
			s.Classes |= 1 << (c.SID >> 28)
		default:
			s.SIDs = append(s.SIDs, c.SID)
		}
	}
	s.SIDs = sortedSet(s.SIDs)
	return s
}

// partition divides all requests of one or more lists into groups. The places
// of policies are those in the lists joined.
type partition struct {
	policies []policy.Policy
	sids     []SIDSet // of each policy
	groups   []group  // those to which the fewest policies are visible first
	groupsOf []set    // of each policy: the groups that it is visible to
	listed   []uint32 // SIDs that some policy lists, sorted
}

// newPartition divides the requests of lists. That a client was started from
// drive Z matters only if there are several: policies don't depend on it, but
// the lists' authorisation policies may.
func newPartition(files ...*policy.File) *partition {
	s := &partition{}
	for _, f := range files {
		s.policies = append(s.policies, f.Policies...)
	}
	v := newVisibility(s.policies)
	s.listed = v.listedSIDs
	s.divide(v, files)
	s.groupsOf = make([]set, len(s.policies))
	for p := range s.policies {
		s.groupsOf[p] = newSet(len(s.groups))
		s.sids = append(s.sids, SIDsOf(&s.policies[p]))
	}
	for i, g := range s.groups {
		for p := range g.visible.all() {
			s.groupsOf[p].add(i)
		}
	}
	return s
}

func (s *partition) divide(v *visibility, files []*policy.File) {
	places := map[string]int{}
	for _, c := range v.clients(len(files) > 1) {
		var answers []policy.Answer
		for _, f := range files {
			answers = append(answers, f.HeaderOrZero().AuthorisationPolicy.Answer(c.SID, c.Passed, c.fromROM))
		}
		visible := v.of(c)
		key := visible.key() + fmt.Sprint(answers)
		i, ok := places[key]
		if !ok {
			i = len(s.groups)
			places[key] = i
			s.groups = append(s.groups, group{answers: answers, visible: visible})
		}
		s.groups[i].clients = append(s.groups[i].clients, c)
	}
	slices.SortStableFunc(s.groups, func(a, b group) int { return a.visible.len() - b.visible.len() })
}

// visibility knows which policies are visible to a client.
type visibility struct {
	listing    map[uint32][]int // the policies that list a SID
	listedSIDs []uint32         // those SIDs, sorted
	classes    [16]set          // the policies without a list, by class
	failed     set              // the policies for a check that failed
	passed     set              // the policies for one that passed
}

func newVisibility(policies []policy.Policy) *visibility {
	v := &visibility{listing: map[uint32][]int{}, failed: newSet(len(policies)), passed: newSet(len(policies))}
	for i := range v.classes {
		v.classes[i] = newSet(len(policies))
	}
	for i := range policies {
		v.add(i, &policies[i])
	}
	for sid := range v.listing {
		v.listedSIDs = append(v.listedSIDs, sid)
	}
	slices.Sort(v.listedSIDs)
	return v
}

func (v *visibility) add(i int, p *policy.Policy) {
	if p.Security.Holds(false) {
		v.failed.add(i)
	}
	if p.Security.Holds(true) {
		v.passed.add(i)
	}
	for _, sid := range p.SIDs {
		v.listing[sid] = append(v.listing[sid], i)
	}
	for class := range v.classes {
		if len(p.SIDs) == 0 && p.SIDClasses>>class&1 != 0 {
			v.classes[class].add(i)
		}
	}
}

// clients returns clients that cover all groups: for each class and each listed
// SID one for each result of the check, and, if rom is set, for drive Z.
func (v *visibility) clients(rom bool) []client {
	var out []client
	add := func(sid uint32, unlisted bool) {
		for _, passed := range []bool{true, false} {
			c := client{Client: Client{sid, passed}, unlisted: unlisted}
			out = append(out, c)
			if c.fromROM = true; rom {
				out = append(out, c)
			}
		}
	}
	for class := range uint32(len(v.classes)) {
		sid := class<<28 | 1
		for v.listing[sid] != nil { // a file is too small to list all SIDs of a class
			sid++
		}
		add(sid, true)
	}
	for _, sid := range v.listedSIDs {
		add(sid, false)
	}
	return out
}

// of returns the policies that are visible to a client.
func (v *visibility) of(c client) set {
	s := slices.Clone(v.classes[c.SID>>28])
	for _, p := range v.listing[c.SID] {
		s.add(p)
	}
	if c.Passed {
		s.intersect(v.passed)
	} else {
		s.intersect(v.failed)
	}
	return s
}
