package policy

import (
	"fmt"
	"slices"
	"testing"
)

// sound is a file that a device accepts, with each field at its highest value.
func sound() *File {
	return &File{
		UID2: ResourceFileUID, Version: FormatVersion,
		Header:   &Header{AuthorisationPolicy: 255, DialogCreator: 1},
		Policies: []Policy{{Security: Passed, Options: AllOptions, SIDClasses: 0xFFFFFFFF}, {}},
	}
}

func TestSoundFileHasNoViolations(t *testing.T) {
	for _, security := range []Security{PassedOrFailed, Failed, Passed} {
		f := sound()
		f.Policies[1].Security = security
		if got := f.Violations(); len(got) > 0 {
			t.Errorf("%v", got)
		}
	}
}

// Each field just beyond what a device accepts.
func TestViolations(t *testing.T) {
	for _, test := range []struct {
		spoil func(*File)
		want  Violation
	}{
		{func(f *File) { f.UID2 = 0x102836B2 },
			Violation{Code: "uid2", Field: "UID2", Value: 0x102836B2, Message: "UID2 is 0x102836B2, and a policy file has 0x102836B3"}},
		{func(f *File) { f.UID2 = 0 },
			Violation{Code: "uid2", Field: "UID2", Message: "UID2 is 0x00000000, and a policy file has 0x102836B3"}},
		{func(f *File) { f.Version = 0 },
			Violation{Code: "version", Field: "version", Message: "format version 0, and 1 is the only one"}},
		{func(f *File) { f.Version = 2 },
			Violation{Code: "version", Field: "version", Value: 2, Message: "format version 2, and 1 is the only one"}},
		{func(f *File) { f.Header = nil },
			Violation{Code: "header-missing", Field: "header", Message: "no header"}},
		{func(f *File) { f.Header.DialogCreator = 0 },
			Violation{Code: "dialogcreator", Field: "dialogcreator", Message: "the header's dialog creator is 0"}},
		{func(f *File) { f.Policies[0].Security = 3 },
			Violation{Code: "systemserversecurity", Policy: 1, Field: "systemserversecurity", Value: 3,
				Message: "systemserversecurity is 3, and 2 is the highest"}},
		{func(f *File) { f.Policies[1].Options = 0x40 },
			Violation{Code: "options", Policy: 2, Field: "options", Value: 0x40, Message: "no option has the bits 0x40"}},
		{func(f *File) { f.Policies[1].Options = 0x8000003F },
			Violation{Code: "options", Policy: 2, Field: "options", Value: 0x8000003F, Message: "no option has the bits 0x80000000"}},
	} {
		f := sound()
		test.spoil(f)
		got := f.Violations()
		if len(got) != 1 {
			t.Errorf("%s: %v", test.want.Message, got)
			continue
		}
		places := got[0].Places
		if got[0].Places = nil; got[0] != test.want {
			t.Errorf("%+v, want %+v", got[0], test.want)
		}
		if want := placesOf(f, test.want); places != want {
			t.Errorf("%s: the places are of another struct", test.want.Code)
		}
	}
}

func placesOf(f *File, v Violation) *Places {
	switch {
	case v.Policy > 0:
		return &f.Policies[v.Policy-1].Places
	case v.Code == "dialogcreator":
		return &f.Header.Places
	}
	return &f.Places
}

// The file comes first, then the policies in their order.
func TestOrderOfViolations(t *testing.T) {
	f := &File{Policies: []Policy{{Options: 0x40, Security: 3}, {Security: 1}, {Security: 4}}}
	var got []string
	for _, v := range f.Violations() {
		got = append(got, fmt.Sprintf("%d %s", v.Policy, v.Code))
	}
	want := []string{"0 uid2", "0 version", "0 header-missing", "1 systemserversecurity", "1 options", "3 systemserversecurity"}
	if !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
