package compiler_test

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"ups/compiler"
	"ups/policy"
)

const onePolicy = "RESOURCE POLICIES p { header = POLICY_HEADER { dialogcreator = 1; }; policies = { POLICY { %s } }; }\n"

// Numbers at both ends of 32 bits, at every step of an expression.
func TestEndsOf32Bits(t *testing.T) {
	for _, test := range []struct {
		expr string
		want uint32 // of policyevaluator
		code string
	}{
		{"-2147483648", 0x80000000, ""},
		{"-2147483647-1", 0x80000000, ""},
		{"-2147483649", 0, "out-of-range"},
		{"-2147483648-1+1", 0, "out-of-range"},
		{"4294967295", 0xFFFFFFFF, ""},
		{"4294967295+1-1", 0, "out-of-range"},
		{"4294967296", 0, "out-of-range"},
		{"-1", 0xFFFFFFFF, ""},
	} {
		r := compiler.Compile("a.rss", fmt.Appendf(nil, head+onePolicy, "policyevaluator = "+test.expr+";"), compiler.Options{})
		if test.code != "" {
			if len(r.Diagnostics) != 1 || r.Diagnostics[0].Code != test.code {
				t.Errorf("%s: %v, want %s", test.expr, r.Diagnostics, test.code)
			}
			continue
		}
		if r.Failed() || r.File.Policies[0].PolicyEvaluator != test.want {
			t.Errorf("%s: %v, want %#x", test.expr, r.Diagnostics, test.want)
		}
	}
}

// Bytes that aren't of the character set are refused, and U+FFFD itself, which
// decoders put in their place, isn't.
func TestBytesOutsideOfTheCharacterSet(t *testing.T) {
	for _, test := range []struct{ set, text, want string }{
		{"UTF8", "\xFF", "the byte 0xff is not UTF-8, which CHARACTER_SET says the source is in"},
		{"UTF8", "a\xC3", "the byte 0xc3 is not UTF-8, which CHARACTER_SET says the source is in"},
		{"UTF8", "\uFFFD", ""},
		{"UTF8", "\u00E9", ""},
		{"ASCII", "\xE9", "the byte 0xe9 is not ASCII, which CHARACTER_SET says the source is in"},
		{"ISOLATIN1", "\x81", ""},
		{"CP1252", "\x81", "the byte 0x81 stands for no character in CP1252"},
	} {
		src := "CHARACTER_SET " + test.set + "\n" + head + strings.Replace(onePolicy, "%s", `destination = "`+test.text+`";`, 1)
		got := ""
		for _, d := range compiler.Compile("a.rss", []byte(src), compiler.Options{}).Diagnostics {
			got += d.Message
		}
		if got != test.want {
			t.Errorf("%s, %q: %q, want %q", test.set, test.text, got, test.want)
		}
	}
}

// An offset that no NAME gives is said to be one, and no source is written.
func TestSourceOfAnOffsetOutOfRange(t *testing.T) {
	for _, test := range []struct {
		offset uint32
		name   string // "" for none
	}{
		{1, "A"}, {26, "Z"}, {27 + 1, "AA"}, {26*27*27*27 + 26*27*27 + 26*27 + 26, "ZZZZ"},
		{27, ""}, {27 * 27, ""}, {27*27*27*27 + 27*27*27 + 27*27 + 27 + 1, ""}, {0xFFFFFFFF, ""},
	} {
		f := &policy.File{UID2: policy.ResourceFileUID, NoUID3: true, UID3: test.offset, Version: 1, Header: &policy.Header{DialogCreator: 1}}
		src, err := compiler.Source(f)
		if test.name == "" {
			if !errors.Is(err, compiler.ErrNoSource) || src != nil {
				t.Errorf("%#x: %v, %q", test.offset, err, src)
			}
		} else if err != nil || !strings.Contains(string(src), "\nNAME "+test.name+"\n") {
			t.Errorf("%#x: %v, %s", test.offset, err, src)
		}
	}
	if src, err := compiler.Source(&policy.File{}); !errors.Is(err, compiler.ErrNoSource) || src != nil {
		t.Errorf("a UID3 of 0: %v, %q", err, src)
	}
}

// Code points in angle brackets go from 0 to the last there is.
func TestEndsOfCodePoints(t *testing.T) {
	const source = "#include <ups/policies.rh>\nUID2 KUidUpsPolicyResourceFile\nUID3 1\nRESOURCE POLICIES p {\n" +
		"header = POLICY_HEADER { dialogcreator = 1; }; policies = { POLICY { destination = \"a\" <%s>; } }; }\n"
	for code, want := range map[string][]uint16{
		"0": {'a', 0}, "0xFFFF": {'a', 0xFFFF}, "0x10000": {'a', 0xD800, 0xDC00}, "0x10FFFF": {'a', 0xDBFF, 0xDFFF},
		"-1": nil, "0x110000": nil,
	} {
		r := compiler.Compile("x.rss", fmt.Appendf(nil, source, code), compiler.Options{})
		switch {
		case want == nil && !r.Failed():
			t.Errorf("%s: not refused", code)
		case want != nil && (r.Failed() || !slices.Equal(r.File.Policies[0].Destination, want)):
			t.Errorf("%s: %v", code, errorsOf(r.Diagnostics))
		}
	}
}

// A destination may end in an unpaired surrogate, which its source keeps.
func TestSourceOfUnpairedSurrogate(t *testing.T) {
	for _, destination := range [][]uint16{{0xD800}, {'a', 0xD800}, {0xDC00, 0xD800}, {0xD800, 'a'}, {0xD83D, 0xDE00, 0xD83D}} {
		f := &policy.File{
			UID2: policy.ResourceFileUID, UID3: 1, Version: policy.FormatVersion, Header: &policy.Header{DialogCreator: 1},
			Policies: []policy.Policy{{SIDClasses: policy.AllSIDs, Destination: destination, Options: policy.Yes}},
		}
		source, err := compiler.Source(f)
		if err != nil {
			t.Fatal(err)
		}
		if r := compiler.Compile("x.rss", source, compiler.Options{}); r.Failed() || !slices.Equal(r.File.Policies[0].Destination, destination) {
			t.Errorf("%x: %v\n%s", destination, errorsOf(r.Diagnostics), source)
		}
	}
}
