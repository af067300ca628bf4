package main

import (
	"hash/maphash"
	"slices"

	"ups/policy"
	ups "ups/runtime"
)

// newFloor reads the request, and no more: a hash over the destination and one
// look-up by SID. It gives the place of the first policy that names the SID.
func newFloor(f *policy.File) (engine, error) {
	seed, bySID := maphash.MakeSeed(), map[uint32]int{}
	for i, p := range slices.Backward(f.Policies) {
		for _, sid := range p.SIDs {
			bySID[sid] = i
		}
	}
	return func(r request) (decider, error) {
		return func() (int, error) { return bySID[r.sid] ^ int(maphash.String(seed, r.destination)), nil }, nil
	}, nil
}

func newUPS(f *policy.File) (engine, error) {
	l, err := ups.NewList(f)
	if err != nil {
		return nil, err
	}
	return func(r request) (decider, error) {
		return func() (int, error) { return l.Decide(r.sid, r.passed, r.destination) }, nil
	}, nil
}

// newLaw is the reference, which follows docs/matching.md to the letter.
func newLaw(f *policy.File) (engine, error) {
	return func(r request) (decider, error) {
		asked := policy.Request{SID: r.sid, Passed: r.passed, Destination: policy.NewText(r.destination)}
		return func() (int, error) { return f.Decide(asked), nil }, nil
	}, nil
}

// entry is what a loop needs of a policy, close together.
type entry struct {
	sids        []uint32
	classes     policy.SIDClasses
	security    policy.Security
	destination *like
}

func (e *entry) matches(sid uint32, passed bool, destination string) bool {
	if len(e.sids) == 0 {
		return e.classes.Has(sid) && e.security.Holds(passed) && e.destination.match(destination)
	}
	return slices.Contains(e.sids, sid) && e.security.Holds(passed) && e.destination.match(destination)
}

// newLoop tries one policy after the other, with all that can be prepared done.
func newLoop(f *policy.File) (engine, error) {
	var entries []entry
	for _, p := range f.Policies {
		l := newLike(p.Destination.String())
		entries = append(entries, entry{p.SIDs, p.SIDClasses, p.Security, &l})
	}
	return func(r request) (decider, error) {
		destination := fold(r.destination)
		return func() (int, error) {
			for i := range entries {
				if entries[i].matches(r.sid, r.passed, destination) {
					return i, nil
				}
			}
			return -1, nil
		}, nil
	}, nil
}
