package analysis

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"

	"ups/policy"
)

// SIDSet is a set of SIDs: some by class, some one by one.
type SIDSet struct {
	Classes policy.SIDClasses // the low 16 bits
	SIDs    []uint32          // sorted
}

// SIDsOf returns the SIDs that a policy is for.
func SIDsOf(p *policy.Policy) SIDSet {
	if len(p.SIDs) == 0 {
		return SIDSet{Classes: p.SIDClasses & policy.AllSIDs}
	}
	return SIDSet{SIDs: sortedSet(slices.Clone(p.SIDs))}
}

// within reports whether all of s is in t. Either is by class or one by one. A
// class is never covered by single SIDs: it has more than a file can list.
func (s SIDSet) within(t SIDSet) bool {
	if s.Classes&^t.Classes != 0 {
		return false
	}
	i := 0
	for _, sid := range s.SIDs {
		if t.Classes.Has(sid) {
			continue
		}
		for i < len(t.SIDs) && t.SIDs[i] < sid {
			i++
		}
		if i == len(t.SIDs) || t.SIDs[i] != sid {
			return false
		}
	}
	return true
}

// Common returns what is in both.
func (s SIDSet) Common(t SIDSet) SIDSet {
	out := SIDSet{Classes: s.Classes & t.Classes}
	for _, sid := range s.SIDs {
		if (SIDSet{SIDs: []uint32{sid}}).within(t) {
			out.SIDs = append(out.SIDs, sid)
		}
	}
	for _, sid := range t.SIDs {
		if s.Classes.Has(sid) {
			out.SIDs = append(out.SIDs, sid)
		}
	}
	out.SIDs = sortedSet(out.SIDs)
	return out
}

// union returns what is in either.
func (s SIDSet) union(t SIDSet) SIDSet {
	return SIDSet{s.Classes | t.Classes, sortedSet(slices.Concat(s.SIDs, t.SIDs))}
}

// Empty reports whether no SID is in the set.
func (s SIDSet) Empty() bool { return s.Classes == 0 && len(s.SIDs) == 0 }

// String names the SIDs, in words.
func (s SIDSet) String() string {
	var parts []string
	if s.Classes != 0 {
		parts = append(parts, classNames(s.Classes))
	}
	if len(s.SIDs) > 0 {
		parts = append(parts, sidNames(s.SIDs))
	}
	if len(parts) == 0 {
		return "no SID"
	}
	return strings.Join(parts, " and ")
}

func classNames(c policy.SIDClasses) string {
	switch c {
	case policy.AllSIDs:
		return "all SIDs"
	case policy.ProtectedSIDs:
		return "protected SIDs"
	case policy.UnprotectedSIDs:
		return "unprotected SIDs"
	}
	var digits []string
	for class := range 16 {
		if c>>class&1 != 0 {
			digits = append(digits, fmt.Sprintf("%X", class))
		}
	}
	if bits.OnesCount32(uint32(c)) == 1 {
		return "SIDs of class " + digits[0]
	}
	return "SIDs of classes " + strings.Join(digits, ", ")
}

// sidNames lists the first few SIDs.
func sidNames(sids []uint32) string {
	const shown = 5
	var names []string
	for _, sid := range sids[:min(shown, len(sids))] {
		names = append(names, fmt.Sprintf("0x%08X", sid))
	}
	if more := len(sids) - shown; more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	noun := "SID "
	if len(sids) > 1 {
		noun = "SIDs "
	}
	return noun + strings.Join(names, ", ")
}
