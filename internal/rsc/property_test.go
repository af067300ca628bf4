package rsc

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"ups/policy"
)

// units come from every part of the plane that SCSU treats in its own way.
func drawUnit(t *rapid.T) uint16 {
	part := rapid.SampledFrom([][2]uint16{
		{'a', 'z'}, {0x0000, 0x001F}, {0x0020, 0x007F}, {0x0080, 0x02FF}, {0x0370, 0x06FF},
		{0x0900, 0x097F}, {0x2000, 0x21FF}, {0x3000, 0x30FF}, {0x3400, 0xD7FF},
		{0xD800, 0xDBFF}, {0xDC00, 0xDFFF}, {0xE000, 0xF2FF}, {0xFF00, 0xFFFF}, {0x0000, 0xFFFF},
	}).Draw(t, "part")
	return rapid.Uint16Range(part[0], part[1]).Draw(t, "unit")
}

func drawDestination(t *rapid.T) policy.Text {
	switch rapid.IntRange(0, 9).Draw(t, "kind of destination") {
	case 0:
		return nil
	case 1:
		return policy.NewText("*")
	case 2:
		return policy.NewText(strings.Repeat("x", maxDestination))
	case 3, 4, 5:
		return policy.NewText(rapid.StringMatching(`[a-zа-я*?]{0,8}`).Draw(t, "pattern"))
	}
	return rapid.SliceOfN(rapid.Custom(drawUnit), 0, 40).Draw(t, "units")
}

func drawPolicy(t *rapid.T) policy.Policy {
	return policy.Policy{
		SIDClasses:      policy.SIDClasses(rapid.Uint32().Draw(t, "sid_classes")),
		SIDs:            rapid.SliceOfN(rapid.Uint32(), 0, 12).Draw(t, "sid_list"),
		Security:        policy.Security(rapid.Uint8().Draw(t, "systemserversecurity")),
		Destination:     drawDestination(t),
		Options:         policy.Options(rapid.Uint32().Draw(t, "options")),
		PolicyEvaluator: rapid.Uint32().Draw(t, "policyevaluator"),
		DialogCreator:   rapid.Uint32().Draw(t, "dialogcreator"),
		Flags:           rapid.Uint16().Draw(t, "flags"),
		ReservedWord:    rapid.Uint16().Draw(t, "reservedWord"),
		ReservedLink:    rapid.Uint32().Draw(t, "reservedLink"),
	}
}

// drawFile makes any File that fits: its fields take all values, also those
// that a device refuses.
func drawFile(t *rapid.T) *policy.File {
	return &policy.File{
		UID2:     rapid.Uint32().Draw(t, "UID2"),
		UID3:     rapid.Uint32().Draw(t, "UID3"),
		NoUID3:   rapid.Bool().Draw(t, "NoUID3"),
		Version:  rapid.Uint16().Draw(t, "version"),
		Reserved: rapid.Uint32().Draw(t, "reserved"),
		Header: &policy.Header{
			MajorVersion:        rapid.Uint16().Draw(t, "majorversion"),
			MinorVersion:        rapid.Uint16().Draw(t, "minorversion"),
			AuthorisationPolicy: policy.AuthorisationPolicy(rapid.Uint8().Draw(t, "authorisationpolicy")),
			PolicyEvaluator:     rapid.Uint32().Draw(t, "header.policyevaluator"),
			DialogCreator:       rapid.Uint32().Draw(t, "header.dialogcreator"),
		},
		Policies: rapid.SliceOfN(rapid.Custom(drawPolicy), 0, 20).Draw(t, "policies"),
	}
}

func TestDecodeOfEncode(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := drawFile(t)
		b, err := Encode(want)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Decode(b)
		if err != nil {
			t.Fatalf("%v\n%x", err, b)
		}
		if diff := cmp.Diff(want, got, same); diff != "" {
			t.Fatal(diff)
		}
	})
}

// What is appended to one list must not show in the next.
func TestDecodedListsAreApart(t *testing.T) {
	f := uniformFile(2, policy.NewText("ab"))
	f.Policies[0].SIDs = []uint32{1}
	f.Policies[1].SIDs = []uint32{2}
	b, err := Encode(f)
	if err != nil {
		t.Fatal(err)
	}
	got, err := Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	first := &got.Policies[0]
	first.SIDs = append(first.SIDs, 9)
	first.Destination = append(first.Destination, 'x')
	if diff := cmp.Diff(f.Policies[1], got.Policies[1], same); diff != "" {
		t.Error(diff)
	}
	clear(b)
	if got.Policies[1].Destination.String() != "ab" {
		t.Error("the file shares memory with the bytes that it was read from")
	}
}
