// Package policy is the model that all other packages share: what a policy file
// says, without the form in which it was written. The compiler makes a File from
// a source, the decoder from a compiled file; the encoder, the analyses and the
// runtime read it.
package policy

import (
	"slices"
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

	Places Places // of the resource, with the statements UID2 and UID3 as fields
}

// Header is what a policy file says of all its policies (POLICY_HEADER).
type Header struct {
	MajorVersion, MinorVersion uint16
	AuthorisationPolicy        AuthorisationPolicy
	PolicyEvaluator            uint32 // implementation UID; 0 is the default evaluator
	DialogCreator              uint32 // implementation UID; never 0 in a file that a device accepts

	Places Places
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

	Places Places
}

// Places says where a struct stands in its source. It is zero for what was
// read from a compiled file, and no decision depends on it.
type Places struct {
	Whole  diag.Place
	Fields []FieldPlace // of the values that are given, in their order
}

// FieldPlace says where the value of a field stands.
type FieldPlace struct {
	Name string // as in the source
	diag.Place
}

// Field returns the place of a field's value, or of the whole struct where the
// field isn't given. Of a field given twice, the last counts.
func (p Places) Field(name string) diag.Place {
	for _, f := range slices.Backward(p.Fields) {
		if f.Name == name {
			return f.Place
		}
	}
	return p.Whole
}

// Has reports whether the field is given.
func (p Places) Has(name string) bool {
	return slices.ContainsFunc(p.Fields, func(f FieldPlace) bool { return f.Name == name })
}

// Text is a string of UTF-16 units, as the device holds it.
type Text []uint16

// NewText returns the UTF-16 form of s. Bytes that aren't valid UTF-8 become
// U+FFFD; a caller that must not lose them checks utf8.ValidString first.
func NewText(s string) Text { return utf16.Encode([]rune(s)) }

// String returns the UTF-8 form. Unpaired surrogates become U+FFFD.
func (t Text) String() string { return string(utf16.Decode(t)) }
