package index

import (
	"slices"

	"ups/internal/wildcard"
	"ups/policy"
)

// New makes the index. It takes time and memory in proportion to the
// length of the patterns and the lists of SIDs.
func New(policies []policy.Policy) *Index {
	x := &Index{policies: policies}
	x.gather()
	fileAll(x)
	return x
}

// gather gives the index its patterns, in the order of their first policies.
// Policies with equal patterns share one. `?*` and `*?` aren't equal, nor are
// `*` and `**`: of irregular texts they may match others.
func (x *Index) gather() {
	known := make(map[string]int32, len(x.policies)) // places in the lists
	var codes [][]byte                               // of each pattern
	var places [][]int32                             // of its policies
	for i := range x.policies {
		c, name, ok := x.codesOf(x.policies[i].Destination)
		if !ok {
			x.addIrregular(int32(i))
			continue
		}
		at, ok := known[string(name)]
		if !ok {
			at = int32(len(codes))
			known[string(name)] = at
			codes, places = append(codes, c), append(places, nil)
			if slices.ContainsFunc(x.policies[i].Destination, isForeign) {
				x.foreign = append(x.foreign, at)
			}
		}
		places[at] = append(places[at], int32(i))
	}
	x.patterns = make([]pattern, len(codes))
	for i := range codes {
		x.patterns[i] = newPattern(codes[i])
		x.patterns[i].owners = newOwners(x.policies, places[i])
	}
}

// addIrregular adds a policy with a pattern that isn't regular.
func (x *Index) addIrregular(place int32) {
	p := &irregular{newOwners(x.policies, []int32{place}), wildcard.Prepare(x.policies[place].Destination)}
	x.irregular = append(x.irregular, p)
	if p.MayMatchASCII() {
		x.forASCII = append(x.forASCII, p)
	}
}

// codesOf gives the codes of a pattern and a name, which no pattern has that
// could match other texts; false if it isn't regular.
func (x *Index) codesOf(destination []uint16) (codes, name []byte, ok bool) {
	if !slices.ContainsFunc(destination, isForeign) {
		for _, u := range destination {
			name = append(name, foldByte(byte(u)))
		}
		return asciiCodes(destination), name, true
	}
	codes, ok = x.letters().pattern(destination)
	for _, u := range destination {
		name = append(name, byte(u>>8), byte(u), codeStar) // which is not ASCII
	}
	return codes, name, ok
}

func isForeign(u uint16) bool { return u >= firstForeign }

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
