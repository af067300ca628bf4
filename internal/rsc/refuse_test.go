package rsc

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ups/policy"
)

// sample is a small file with a string that is stored compressed, one that is
// stored plain with padding, an empty one, and SIDs.
func sample() *policy.File {
	return &policy.File{
		UID2: policy.ResourceFileUID, UID3: 0x01100001, Version: 1,
		Header: &policy.Header{AuthorisationPolicy: policy.CheckPostManufacture, DialogCreator: 0x10283694},
		Policies: []policy.Policy{
			{SIDs: []uint32{0x80000001, 2}, Destination: policy.NewText("*.example.com"), Options: policy.Yes},
			{SIDClasses: policy.AllSIDs, Destination: policy.NewText("*"), Options: policy.Yes | policy.No},
			{SIDClasses: policy.ProtectedSIDs, Options: policy.No},
		},
	}
}

func encoded(tb testing.TB, f *policy.File) []byte {
	tb.Helper()
	b, err := Encode(f)
	if err != nil {
		tb.Fatal(err)
	}
	return b
}

// chained makes a file of a chain that is given, which expands to size bytes.
func chained(tb testing.TB, size int, chain ...[]byte) []byte {
	tb.Helper()
	b := encoded(tb, sample())[:offsetResource]
	b[offsetBits] = bitCompressed
	little.PutUint16(b[offsetLargest:], uint16(size))
	b = append(b, bytes.Join(chain, nil)...)
	return append(b, offsetResource, 0, byte(len(b)), byte(len(b)>>8))
}

// plainSample is the plain layout of a file without policies.
func plainSample(tb testing.TB) []byte {
	return resourceOf(encoded(tb, uniformFile(0, nil)))
}

func TestDecodeRefuses(t *testing.T) {
	plain := plainSample(t)
	edit := func(f *policy.File, change func(b []byte) []byte) []byte { return change(encoded(t, f)) }
	set := func(f *policy.File, at int, to ...byte) []byte {
		b := encoded(t, f)
		copy(b[at:], to)
		return b
	}
	short := uniformFile(1, policy.NewText("*")) // plain, with padding
	tests := map[string]struct {
		in     []byte
		want   error
		offset int
		text   string
	}{
		"nothing":           {nil, ErrTruncated, 0, "UIDs"},
		"UIDs alone":        {encoded(t, short)[:16], ErrTruncated, 16, "resource index"},
		"UID1":              {set(short, 0, 0x6C), ErrFormat, 0, "UID1: "},
		"checksum":          {set(short, 12, 0), ErrFormat, 12, "UID checksum"},
		"flags":             {set(short, 16, 2), ErrFormat, 16, "flags"},
		"largest":           {set(short, 17, 1), ErrFormat, 17, "size of the largest resource"},
		"second bit":        {set(short, 19, 2), ErrFormat, 19, "compression bits"},
		"compressed or not": {set(short, 19, 1), ErrFormat, 24, "an empty string"},
		"trailing byte":     {edit(short, func(b []byte) []byte { return append(b, 0) }), ErrFormat, 75, "resource index"},
		"last byte missing": {edit(short, func(b []byte) []byte { return b[:len(b)-1] }), ErrFormat, 73, "resource index"},
		"two resources": {edit(short, func(b []byte) []byte {
			return append(b[:len(b)-4], 20, 0, 30, 0, byte(len(b)-4), 0)
		}), ErrFormat, 76, "2 resources"},
		"resource elsewhere": {set(short, 72, 21), ErrFormat, 72, "can't start at 21"},
		"padding":            {set(short, 49, 0xAA), ErrFormat, 49, "policy 1: padding of destination: "},
		"one policy more":    {set(short, 39, 2), ErrTruncated, 41, "policies"},
		"one policy less":    {set(short, 39, 0), ErrFormat, 41, "31 bytes too many"},
		"one SID more":       {set(short, 45, 1), ErrTruncated, 69, "policy 1: reservedLink"},
		"many SIDs":          {set(short, 45, 0xFF, 0xFF), ErrTruncated, 47, "policy 1: sid_list"},
		"long destination":   {set(short, 48, 0xFF), ErrTruncated, 50, "policy 1: destination"},
		"no chain":           {chained(t, 21), ErrTruncated, 20, "compressed run"},
		"half a length":      {chained(t, 21, []byte{0, 0x80}), ErrTruncated, 21, "run of other bytes"},
		"overlong length":    {chained(t, 21, []byte{0, 0x80, 21}, plain), ErrFormat, 21, "length 21 takes two bytes"},
		"run past the end":   {chained(t, 21, []byte{0, 22}, plain), ErrTruncated, 21, "run of other bytes"},
		"chain too long":     {chained(t, 20, []byte{0, 21}, plain), ErrFormat, 21, "more than 20 bytes"},
		"chain too short":    {chained(t, 22, []byte{0, 21}, plain), ErrFormat, 17, "21 bytes"},
		"string too long":    {chained(t, 23, []byte{0, 21}, plain, []byte{1, 'a'}), ErrFormat, 44, "too many units"},
		"empty other run":    {chained(t, 24, []byte{0, 21}, plain, []byte{1, 'a', 0}), ErrFormat, 45, "empty at the end"},
		"empty string":       {chained(t, 21, []byte{0, 21}, plain, []byte{0}), ErrFormat, 44, "an empty string"},
		"tags alone":         {chained(t, 21, []byte{0, 21}, plain, []byte{1, 0x11}), ErrFormat, 44, "an empty string"},
		"reserved tag":       {chained(t, 24, []byte{0, 21}, plain, []byte{1, 0x0C}), ErrFormat, 44, "tag 0x0C"},
		"expanded offset":    {chained(t, 24, []byte{0, 21}, plain, []byte{1, 'a'}), ErrFormat, 21, "3 bytes too many"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			f, err := Decode(test.in)
			var at *Error
			if f != nil || !errors.As(err, &at) || !errors.Is(err, test.want) {
				t.Fatalf("error %v, want %v", err, test.want)
			}
			if at.Offset != test.offset || !strings.Contains(err.Error(), test.text) {
				t.Errorf("%v; want offset %d, and %q", err, test.offset, test.text)
			}
			if at.Expanded != (name == "expanded offset") {
				t.Errorf("Expanded is %v", at.Expanded)
			}
		})
	}
}

// Other encoders may choose other runs and other SCSU.
func TestDecodeOtherEncodings(t *testing.T) {
	want := uniformFile(1, policy.NewText("ab"))
	want.UID3 = sample().UID3
	plain, _ := layOut(want)
	// The head up to the destination's length byte, and what is after it.
	head, tail := plain[:29], plain[len(plain)-20:]
	size := len(plain)
	for name, b := range map[string][]byte{
		"one other run":     chained(t, size, []byte{0, byte(size)}, plain),
		"quoted":            chained(t, size, []byte{0, 29}, head, []byte{6, 0x0E, 0, 'a', 0x0E, 0, 'b', 20}, tail),
		"Unicode mode":      chained(t, size, []byte{0, 29}, head, []byte{5, 0x0F, 0, 'a', 0, 'b', 20}, tail),
		"needless window":   chained(t, size, []byte{0, 29}, head, []byte{4, 0x18, 0x50, 'a', 'b', 20}, tail),
		"two runs":          chained(t, size, []byte{0, 29}, head, []byte{1, 'a', 0, 1, 'b', 20}, tail),
		"as Encode does it": encoded(t, want),
		// Version and half of reserved are 1, 0 as units.
		"a run that isn't text": chained(t, size, []byte{3, 1, 1, 0, 25}, plain[4:29], []byte{2, 'a', 'b', 20}, tail),
	} {
		if got, err := Decode(b); err != nil || !cmp.Equal(want, got, same) {
			t.Errorf("%s: %v, read as %+v", name, err, got)
		}
	}
}

func TestEncodeRefuses(t *testing.T) {
	sids := uniformFile(2, nil)
	sids.Policies[1].SIDs = make([]uint32, 0x10000)
	for name, test := range map[string]struct {
		f    *policy.File
		want LimitError
		text string
	}{
		"policies": {&policy.File{Policies: make([]policy.Policy, 0x10000)}, LimitError{0, "policies", 0x10000, 0xFFFF},
			"policies: too long: 65536, and 65535 at most"},
		"SIDs": {sids, LimitError{2, "sid_list", 0x10000, 0xFFFF},
			"policy 2: sid_list: too long: 65536, and 65535 at most"},
		"destination": {uniformFile(1, make(policy.Text, 256)), LimitError{1, "destination", 256, 255},
			"policy 1: destination: too long: 256, and 255 at most"},
	} {
		_, err := Encode(test.f)
		var limit *LimitError
		if !errors.As(err, &limit) || *limit != test.want || !errors.Is(err, ErrLimit) || err.Error() != test.text {
			t.Errorf("%s: %v, want %+v", name, err, test.want)
		}
	}
}

func TestEncodeTooBig(t *testing.T) {
	for _, test := range []struct{ policies, sids, over int }{
		{2339, 0, 0}, {2339, 1, 2}, {2340, 0, 26}, {4000, 0, 46506},
	} {
		f := uniformFile(test.policies, nil)
		f.Policies[0].SIDs = make([]uint32, test.sids)
		b, err := Encode(f)
		var big *TooBigError
		switch {
		case test.over == 0 && (err != nil || len(b) != 65537):
			t.Errorf("%+v: %d bytes, %v", test, len(b), err)
		case test.over > 0 && (!errors.As(err, &big) || big.Over != test.over || big.Expanded || !errors.Is(err, ErrTooBig)):
			t.Errorf("%+v: %v", test, err)
		case test.over > 0 && !strings.HasSuffix(err.Error(), fmt.Sprintf(" too big: %d bytes over the limit", test.over)):
			t.Errorf("%+v: %q doesn't say by how much", test, err)
		}
	}
}

// Compressed strings may fit the offsets where the resource doesn't fit the
// field for its uncompressed size.
func TestEncodeTooBigWhenUncompressed(t *testing.T) {
	f := uniformFile(200, policy.NewText(strings.Repeat("x", 255)))
	_, err := Encode(f)
	var big *TooBigError
	if !errors.As(err, &big) || *big != (TooBigError{Over: 42087, Expanded: true}) {
		t.Fatalf("%v", err)
	}
	const text = "compiled policy file too big: its resource is 42087 bytes over the limit when uncompressed"
	if err.Error() != text {
		t.Errorf("%q, want %q", err, text)
	}
}
