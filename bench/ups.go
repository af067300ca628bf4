package main

import (
	"hash/maphash"
	"slices"

	"ups/policy"
	"ups/runtime"
)

// newFloor is no engine. It reads the request and no more: a hash of the
// destination and one look-up by SID.
func newFloor(f *policy.File) (engine, error) {
	seed, bySID := maphash.MakeSeed(), map[uint32]int{}
	for i, p := range slices.Backward(f.Policies) {
		for _, sid := range p.SIDs {
			bySID[sid] = i
		}
	}
	return func(r request) (int, error) { return bySID[r.sid] ^ int(maphash.String(seed, r.destination)), nil }, nil
}

func newUPS(f *policy.File) (engine, error) {
	l, err := runtime.NewList(f)
	if err != nil {
		return nil, err
	}
	return func(r request) (int, error) { return l.Decide(r.sid, r.passed, r.destination) }, nil
}

// newDefinition follows docs/matching.md to the letter.
func newDefinition(f *policy.File) (engine, error) {
	return func(r request) (int, error) { return expected(f, r), nil }, nil
}
