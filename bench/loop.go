package main

import (
	"slices"

	"ups/policy"
)

// prepared is what a loop needs of a policy, close together.
type prepared struct {
	sids        []uint32
	classes     policy.SIDClasses
	security    policy.Security
	destination *glob
}

func prepare(p policy.Policy) prepared {
	return prepared{p.SIDs, p.SIDClasses, p.Security, newGlob(p.Destination.String())}
}

func (p *prepared) matches(sid uint32, passed bool, destination []byte) bool {
	if len(p.sids) == 0 {
		return p.classes.Has(sid) && p.security.Holds(passed) && p.destination.match(destination)
	}
	return slices.Contains(p.sids, sid) && p.security.Holds(passed) && p.destination.match(destination)
}

// newLoop tries one policy after the other, with all that can be prepared done.
func newLoop(f *policy.File) (engine, error) {
	var list []prepared
	for _, p := range f.Policies {
		list = append(list, prepare(p))
	}
	return func(r request) (int, error) {
		var buffer [64]byte
		destination := appendFolded(buffer[:0], r.destination)
		for i := range list {
			if list[i].matches(r.sid, r.passed, destination) {
				return i, nil
			}
		}
		return -1, nil
	}, nil
}
