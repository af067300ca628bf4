package policy

import (
	"testing"

	"ups/diag"
)

// The values that policy files hold, from the platform's headers.
func TestConstantsOfThePlatform(t *testing.T) {
	for name, pair := range map[string][2]uint32{
		"KUidUpsPolicyResourceFile": {ResourceFileUID, 0x102836B3},
		"the format's version":      {FormatVersion, 1},
		"KProtectedSids":            {uint32(ProtectedSIDs), 0xFF},
		"KUnprotectedSids":          {uint32(UnprotectedSIDs), 0xFF00},
		"KAllSids":                  {uint32(AllSIDs), 0xFFFF},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s is 0x%X, want 0x%X", name, pair[0], pair[1])
		}
	}
}

// Each SID is in the class of its top four bits, at both ends of the class.
func TestClassesOfSIDs(t *testing.T) {
	for class := range uint32(16) {
		for _, sid := range []uint32{class << 28, class<<28 | 0x0FFFFFFF} {
			for bit := range 32 {
				if got, want := SIDClasses(1<<bit).Has(sid), uint32(bit) == class; got != want {
					t.Errorf("SID 0x%08X in the class of bit %d: %t", sid, bit, got)
				}
			}
			if got, want := Protected(sid), class < 8; got != want {
				t.Errorf("SID 0x%08X is protected: %t", sid, got)
			}
			if ProtectedSIDs.Has(sid) != Protected(sid) || UnprotectedSIDs.Has(sid) == Protected(sid) || !AllSIDs.Has(sid) {
				t.Errorf("SID 0x%08X is in the wrong classes of policies.rh", sid)
			}
		}
	}
}

// A list of SIDs stands in for the classes, an empty one doesn't.
func TestHasSID(t *testing.T) {
	for _, test := range []struct {
		p    Policy
		sid  uint32
		want bool
	}{
		{Policy{SIDClasses: ProtectedSIDs}, 1, true},
		{Policy{SIDClasses: ProtectedSIDs}, 0x80000000, false},
		{Policy{SIDClasses: AllSIDs, SIDs: []uint32{}}, 1, true},
		{Policy{SIDClasses: AllSIDs, SIDs: []uint32{2}}, 1, false},
		{Policy{SIDs: []uint32{2, 1}}, 1, true},
		{Policy{SIDs: []uint32{0x80000001}}, 0x80000001, true},
		{Policy{}, 1, false},
	} {
		if got := test.p.HasSID(test.sid); got != test.want {
			t.Errorf("%v, classes %v: has SID 0x%08X: %t", test.p.SIDs, test.p.SIDClasses, test.sid, got)
		}
	}
}

func TestSecurityHolds(t *testing.T) {
	for _, test := range []struct {
		s              Security
		passed, failed bool
	}{
		{PassedOrFailed, true, true},
		{Passed, true, false},
		{Failed, false, true},
		{3, false, false}, // which no device accepts
		{255, false, false},
	} {
		if p, f := test.s.Holds(true), test.s.Holds(false); p != test.passed || f != test.failed {
			t.Errorf("security %d: passed %t, failed %t", test.s, p, f)
		}
	}
}

// The first policy decides of which all three parts hold.
func TestDecide(t *testing.T) {
	f := File{Policies: []Policy{
		{SIDs: []uint32{1}, Destination: NewText("*"), Security: Passed},
		{SIDClasses: AllSIDs, Destination: NewText("a"), Security: Passed},
		{SIDClasses: AllSIDs, Destination: NewText("*")},
		{SIDClasses: AllSIDs, Destination: NewText("*")},
	}}
	for _, test := range []struct {
		r    Request
		want int
	}{
		{Request{1, true, NewText("b")}, 0},
		{Request{2, true, NewText("A")}, 1},
		{Request{2, true, NewText("b")}, 2},
		{Request{1, false, NewText("a")}, 2},
	} {
		if got := f.Decide(test.r); got != test.want {
			t.Errorf("%+v: policy %d, want %d", test.r, got, test.want)
		}
	}
	f.Policies = f.Policies[:2]
	if got := f.Decide(Request{2, false, NewText("b")}); got != -1 {
		t.Errorf("policy %d, want none", got)
	}
}

// Of a field given twice the last counts; one that isn't given is the whole.
func TestPlacesOfFields(t *testing.T) {
	at := func(n int) (p diag.Place) {
		p.Span.Start.Line = n
		return p
	}
	p := Places{Whole: at(1), Fields: []FieldPlace{{"flags", at(2)}, {"options", at(3)}, {"flags", at(4)}}}
	for name, want := range map[string]int{"flags": 4, "options": 3, "destination": 1} {
		if got := p.Field(name).Span; got != at(want).Span {
			t.Errorf("%s is at %+v, want line %d", name, got, want)
		}
		if got := p.Has(name); got != (want > 1) {
			t.Errorf("%s is given: %t", name, got)
		}
	}
}
