package analysis

import (
	"cmp"
	"slices"

	"ups/policy"
)

// Clients are clients of some SIDs, with some results of the check, started from
// some drives.
type Clients struct {
	SIDSet
	ExceptSIDs []uint32 // of the classes; sorted
	Situations
}

// Situations is a set of situations that a client may be in.
type Situations uint8

// The situations, by the server's check and by the drive that a client was
// started from.
const (
	FailedElsewhere Situations = 1 << iota
	FailedROM
	PassedElsewhere
	PassedROM
	AnySituation = FailedElsewhere | FailedROM | PassedElsewhere | PassedROM
	PassedOnly   = PassedElsewhere | PassedROM
	FailedOnly   = FailedElsewhere | FailedROM
)

func situation(passed, fromROM bool) Situations {
	s := FailedElsewhere
	if passed {
		s <<= 2
	}
	if fromROM {
		s <<= 1
	}
	return s
}

// Contains reports whether the requests of a client are among those.
func (c *Clients) Contains(sid uint32, passed, fromROM bool) bool {
	if c.Situations&situation(passed, fromROM) == 0 {
		return false
	}
	_, listed := slices.BinarySearch(c.SIDs, sid)
	_, excepted := slices.BinarySearch(c.ExceptSIDs, sid)
	return listed || c.Classes.Has(sid) && !excepted
}

// who is a client without its situation.
type who struct {
	sid      uint32
	unlisted bool
}

// clientsOf describes the clients of groups. Where asked is given, situations in
// which the service isn't asked are described as suits.
func (d *differ) clientsOf(groups []*group, asked *policy.AuthorisationPolicy) []Clients {
	situations := map[who]Situations{}
	for _, g := range groups {
		for _, c := range g.clients {
			w := who{c.SID, c.unlisted}
			situations[w] |= situation(c.Passed, c.fromROM)
		}
	}
	sets := map[Situations]*Clients{}
	for w, s := range situations {
		s = fill(s, w.sid, asked)
		if sets[s] == nil {
			sets[s] = &Clients{Situations: s}
		}
		if w.unlisted {
			sets[s].Classes |= 1 << (w.sid >> 28)
		} else {
			sets[s].SIDs = append(sets[s].SIDs, w.sid)
		}
	}
	var out []Clients
	for _, c := range sets {
		out = append(out, d.simplified(*c))
	}
	slices.SortFunc(out, func(a, b Clients) int { return cmp.Compare(b.Situations, a.Situations) })
	return out
}

// fill adds the situations in which the service isn't asked, where those in which
// it is are all there are of the check's result, or of any.
func fill(s Situations, sid uint32, asked *policy.AuthorisationPolicy) Situations {
	if asked == nil {
		return s
	}
	reaches := askedIn(*asked, sid)
	for _, whole := range []Situations{AnySituation, PassedOnly, FailedOnly} {
		if need := reaches & whole; need != 0 && s&need == need {
			s |= whole
		}
	}
	return s
}

// askedIn returns the situations in which the service is asked about a client.
func askedIn(a policy.AuthorisationPolicy, sid uint32) Situations {
	var s Situations
	for _, passed := range []bool{false, true} {
		for _, rom := range []bool{false, true} {
			if a.Answer(sid, passed, rom) == policy.Ask {
				s |= situation(passed, rom)
			}
		}
	}
	return s
}

// simplified leaves out SIDs that their class has already, and names those of the
// classes that aren't in the set.
func (s *partition) simplified(c Clients) Clients {
	c.SIDs = sortedSet(c.SIDs)
	for _, sid := range s.listed {
		if _, in := slices.BinarySearch(c.SIDs, sid); !in && c.Classes.Has(sid) {
			c.ExceptSIDs = append(c.ExceptSIDs, sid)
		}
	}
	c.SIDs = slices.DeleteFunc(c.SIDs, c.Classes.Has)
	return c
}
