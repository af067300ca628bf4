// Package policy is the model that all rooms speak: what a policy file says,
// without the form in which it was written. What stands above it makes a
// File (the compiler from a source, the codec from a compiled file), what
// stands below reads it (the encoder, the analyses, the runtime).
package policy

import (
	"unicode/utf16"

	"ups/diag"
)

// Identities that the platform fixes (policies.rh).
const (
	// ResourceFileUID is the UID2 of every policy file
	// (KUidUpsPolicyResourceFile).
	ResourceFileUID = 0x102836B3
	// FormatVersion is the only value of POLICIES.version.
	FormatVersion = 1
)

// File is a policy list: all policies of one service of one system server.
type File struct {
	UID2 uint32 // ResourceFileUID in a file that a device accepts; 0 if the source gives none
	// UID3 is the file's own identity. If NoUID3 is set it is instead the
	// offset of the source's NAME (20 bits), or 0.
	UID3   uint32
	NoUID3 bool // the source gave no UID3

	Version  uint16  // FormatVersion in a file that a device accepts
	Reserved uint32  // POLICIES.reserved, 0
	Header   *Header // nil if the source gave none, which a device refuses
	Policies []Policy

	Span diag.Span // of the resource; zero if it was read from a compiled file
}

// Header is what a policy file says of all its policies (POLICY_HEADER).
type Header struct {
	MajorVersion, MinorVersion uint16
	AuthorisationPolicy        AuthorisationPolicy
	PolicyEvaluator            uint32 // implementation UID; 0 is the default evaluator
	DialogCreator              uint32 // implementation UID; never 0 in a file that a device accepts

	Spans Spans
}

// Policy is one entry of the list (POLICY). Its number is its place in
// File.Policies, from 1 where it is shown to people.
type Policy struct {
	SIDClasses SIDClasses // ignored if SIDs isn't empty
	SIDs       []uint32
	Security   Security
	// Destination is the wildcard pattern, up to 255 UTF-16 units. It may
	// hold unpaired surrogates.
	Destination     Text
	Options         Options
	PolicyEvaluator uint32 // 0: the header's
	DialogCreator   uint32 // 0: the header's
	Flags           uint16 // for the evaluator alone
	ReservedWord    uint16
	ReservedLink    uint32

	Spans Spans
}

// Spans says where a struct stands in its source. It is zero for what was
// read from a compiled file, and no decision depends on it.
type Spans struct {
	Whole  diag.Span
	Fields map[string]diag.Span // the value of each field that is given, by its name in the source
}

// Field gives the place of a field's value, or of the whole struct where the
// field isn't given.
func (s Spans) Field(name string) diag.Span {
	if span, ok := s.Fields[name]; ok {
		return span
	}
	return s.Whole
}

// Text is a string of UTF-16 units, as the device holds it.
type Text []uint16

// NewText gives the UTF-16 form of s. Bytes that aren't valid UTF-8 become
// U+FFFD; who must not lose them checks utf8.ValidString first.
func NewText(s string) Text { return utf16.Encode([]rune(s)) }

// String gives the UTF-8 form. Unpaired surrogates become U+FFFD.
func (t Text) String() string { return string(utf16.Decode(t)) }
