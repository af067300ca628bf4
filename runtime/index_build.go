package runtime

import (
	"ups/policy"
)

// newIndex makes the index. It takes time and memory in proportion to the
// length of the patterns and the lists of SIDs.
func newIndex(policies []policy.Policy) *index {
	x := &index{policies: policies}
	x.gather()
	fileAll(x)
	return x
}

// gather gives the index its patterns, in the order of their first policies.
// Policies with equal patterns share one.
func (x *index) gather() {
	places := make(map[string]int32, len(x.policies)) // of the patterns in lists
	var lists [][]int32                               // of the policies of each pattern
	var codes []string
	for i := range x.policies {
		c, ok := x.codesOf(x.policies[i].Destination)
		if !ok {
			x.irregular = append(x.irregular, newOwners(x.policies, []int32{int32(i)}))
			continue
		}
		at, known := places[string(c)]
		if !known {
			at = int32(len(lists))
			codes, lists = append(codes, string(c)), append(lists, nil)
			places[codes[at]] = at
		}
		lists[at] = append(lists[at], int32(i))
	}
	x.patterns = make([]pattern, len(lists))
	for i, list := range lists {
		x.patterns[i] = newPattern([]byte(codes[i]))
		x.patterns[i].owners = newOwners(x.policies, list)
	}
}

// codesOf gives the codes of a pattern; false if it isn't regular.
func (x *index) codesOf(destination []uint16) ([]byte, bool) {
	for _, u := range destination {
		if u >= firstForeign {
			return x.letters().pattern(destination)
		}
	}
	return asciiCodes(destination), true
}

// asciiCodes gives the codes of an ASCII pattern. Of a run of wildcards the
// star comes last.
func asciiCodes(pattern []uint16) []byte {
	codes, star := make([]byte, 0, len(pattern)), false
	for _, u := range pattern {
		switch {
		case u == '*':
			star = true
			continue
		case u == '?':
			codes = append(codes, codeAny)
			continue
		case star:
			codes, star = append(codes, codeStar), false
		}
		codes = append(codes, foldByte(byte(u)))
	}
	if star {
		codes = append(codes, codeStar)
	}
	return codes
}
