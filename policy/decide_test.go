package policy

import "testing"

func TestSIDClassesHas(t *testing.T) {
	for class := range uint32(16) {
		only := SIDClasses(1) << class
		for other := range uint32(16) {
			for _, low := range []uint32{0, 1, 0x0FFFFFFF} {
				sid := other<<28 | low
				if got, want := only.Has(sid), class == other; got != want {
					t.Errorf("class %X has %#08x: %v", class, sid, got)
				}
			}
		}
	}
	for _, c := range []struct {
		classes SIDClasses
		sid     uint32
		want    bool
	}{
		{ProtectedSIDs, 0, true}, {ProtectedSIDs, 0x7FFFFFFF, true}, {ProtectedSIDs, 0x80000000, false},
		{UnprotectedSIDs, 0x7FFFFFFF, false}, {UnprotectedSIDs, 0x80000000, true}, {UnprotectedSIDs, 0xFFFFFFFF, true},
		{AllSIDs, 0, true}, {AllSIDs, 0xFFFFFFFF, true},
		{0, 0, false}, {0xFFFF0000, 0, false}, {0xFFFF0000, 0xFFFFFFFF, false},
	} {
		if got := c.classes.Has(c.sid); got != c.want {
			t.Errorf("%#x has %#08x: %v", uint32(c.classes), c.sid, got)
		}
	}
}

func TestHasSID(t *testing.T) {
	for _, c := range []struct {
		name    string
		classes SIDClasses
		sids    []uint32
		sid     uint32
		want    bool
	}{
		{"the class alone", ProtectedSIDs, nil, 0x10000001, true},
		{"not the class", ProtectedSIDs, nil, 0x80000001, false},
		{"an empty list is none", ProtectedSIDs, []uint32{}, 0x10000001, true},
		{"the first of a list", 0, []uint32{1, 2, 3}, 1, true},
		{"the last of a list", 0, []uint32{1, 2, 3}, 3, true},
		{"a list stands in for the classes", AllSIDs, []uint32{1, 2, 3}, 4, false},
		{"whatever its class", ProtectedSIDs, []uint32{0x80000001}, 0x80000001, true},
	} {
		p := Policy{SIDClasses: c.classes, SIDs: c.sids}
		if got := p.HasSID(c.sid); got != c.want {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

func TestHolds(t *testing.T) {
	for _, c := range []struct {
		security       Security
		passed, failed bool
	}{
		{PassedOrFailed, true, true},
		{Failed, false, true},
		{Passed, true, false},
		{3, false, false}, // no device takes such a file: nothing holds
		{255, false, false},
	} {
		if c.security.Holds(true) != c.passed || c.security.Holds(false) != c.failed {
			t.Errorf("%d holds for passed: %v, for failed: %v", c.security, c.security.Holds(true), c.security.Holds(false))
		}
	}
}
