package analysis

import (
	"slices"

	"ups/policy"
)

// atom is a kind of client and the result of the server's check: one SID that
// some policy lists, or all SIDs of a class that none does. No policy tells
// the requests of one atom apart but by their destination.
type atom struct {
	sid    uint32 // the SID, or one of the class
	rest   bool   // sid stands for all of its class that isn't listed
	passed bool
	rom    bool // the client was started from drive Z
}

// group is the atoms that see the same policies, which is to say, for which
// the same policies are left once SID and security result have been looked at.
type group struct {
	atoms []atom
	gates []gate // of each list
	sees  set    // policies by place
}

func (g *group) asked() bool { return slices.Contains(g.gates, ask) }

// request gives a request of the group.
func (g *group) request(destination policy.Text) policy.Request {
	return policy.Request{SID: g.atoms[0].sid, Passed: g.atoms[0].passed, Destination: destination}
}

// space divides all requests of one or more policy lists into groups. Policies
// have their places in the lists put one behind the other.
type space struct {
	policies []policy.Policy
	rules    []policy.AuthorisationPolicy // of each list
	groups   []group                      // those that see the fewest policies first
	seenBy   []set                        // of each policy, by place in groups
	sids     []SIDSet                     // of each policy
	listed   []uint32                     // SIDs that some policy lists, sorted
}

// newSpace divides the requests of lists. With rom it also tells clients from
// drive Z apart.
func newSpace(rom bool, files ...*policy.File) *space {
	s := &space{}
	for _, f := range files {
		s.policies = append(s.policies, f.Policies...)
		s.rules = append(s.rules, header(f).AuthorisationPolicy)
	}
	s.divide(rom)
	s.seenBy = make([]set, len(s.policies))
	for p := range s.policies {
		s.seenBy[p] = newSet(len(s.groups))
		s.sids = append(s.sids, SIDsOf(&s.policies[p]))
	}
	for i, g := range s.groups {
		g.sees.each(0, len(s.policies), func(p int) bool {
			s.seenBy[p].add(i)
			return true
		})
	}
	return s
}

func (s *space) divide(rom bool) {
	places, n := map[string]int{}, newSight(s.policies)
	add := func(a atom) {
		gates := make([]gate, len(s.rules))
		for i, r := range s.rules {
			gates[i] = gateOf(r, a.sid, a.passed, a.rom)
		}
		sees := n.of(a)
		key := sees.key()
		for _, g := range gates {
			key += string(rune(g))
		}
		i, ok := places[key]
		if !ok {
			i = len(s.groups)
			places[key] = i
			s.groups = append(s.groups, group{gates: gates, sees: slices.Clone(sees)})
		}
		s.groups[i].atoms = append(s.groups[i].atoms, a)
	}
	s.listed = n.sids
	for _, a := range n.atoms() {
		for _, a.passed = range []bool{true, false} {
			a.rom = false
			add(a)
			if a.rom = true; rom {
				add(a)
			}
		}
	}
	slices.SortStableFunc(s.groups, func(a, b group) int { return a.sees.len() - b.sees.len() })
}

// sight tells which policies an atom sees.
type sight struct {
	listed   map[uint32][]int // the policies that list a SID
	sids     []uint32         // those SIDs, sorted
	classes  [16]set          // the policies without a list, by class
	security [2]set           // the policies for a check that failed, passed
	buf      set
}

func newSight(policies []policy.Policy) *sight {
	n := &sight{listed: map[uint32][]int{}, buf: newSet(len(policies))}
	for i := range n.classes {
		n.classes[i] = newSet(len(policies))
	}
	n.security = [2]set{newSet(len(policies)), newSet(len(policies))}
	for i := range policies {
		n.add(i, &policies[i])
	}
	for sid := range n.listed {
		n.sids = append(n.sids, sid)
	}
	slices.Sort(n.sids)
	return n
}

func (n *sight) add(i int, p *policy.Policy) {
	for result, passed := range []bool{false, true} {
		if p.Security.Holds(passed) {
			n.security[result].add(i)
		}
	}
	if len(p.SIDs) > 0 {
		for _, sid := range p.SIDs {
			n.listed[sid] = append(n.listed[sid], i)
		}
		return
	}
	for class := range n.classes {
		if p.SIDClasses>>class&1 != 0 {
			n.classes[class].add(i)
		}
	}
}

// atoms gives an atom for each listed SID and each class, whatever the result
// of the check.
func (n *sight) atoms() []atom {
	var out []atom
	for class := range uint32(len(n.classes)) {
		// A file is too small to list all SIDs of a class.
		sid := class<<28 | 1
		for n.listed[sid] != nil {
			sid++
		}
		out = append(out, atom{sid: sid, rest: true})
	}
	for _, sid := range n.sids {
		out = append(out, atom{sid: sid})
	}
	return out
}

// of gives the policies that an atom sees, until the next call.
func (n *sight) of(a atom) set {
	copy(n.buf, n.classes[a.sid>>28])
	if !a.rest {
		for _, p := range n.listed[a.sid] {
			n.buf.add(p)
		}
	}
	result := 0
	if a.passed {
		result = 1
	}
	n.buf.common(n.buf, n.security[result])
	return n.buf
}
