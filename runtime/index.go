package runtime

import (
	"fmt"

	"ups/internal/wildcard"
	"ups/policy"
)

// index finds the policy that decides. It always agrees with policy.File.Decide.
type index struct {
	policies []policy.Policy
}

func newIndex(policies []policy.Policy) *index { return &index{policies: policies} }

// onStack is how many units of a destination are converted without
// allocation.
const onStack = 256

func (x *index) decide(sid uint32, passed bool, destination string) (int, error) {
	var buffer [onStack]uint16
	units, err := wildcard.AppendUTF16(buffer[:0], destination)
	if err != nil {
		return -1, fmt.Errorf("destination: %w", err)
	}
	return x.decideUTF16(sid, passed, units), nil
}

func (x *index) decideUTF16(sid uint32, passed bool, destination []uint16) int {
	f := policy.File{Policies: x.policies}
	return f.Decide(policy.Request{SID: sid, Passed: passed, Destination: destination})
}
