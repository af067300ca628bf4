package compiler

import (
	"fmt"

	"ups/policy"
)

// kind is what a field holds.
type kind uint8

const (
	byteField kind = iota
	wordField
	longField
	linkField   // a number, or the name of a resource
	textField   // length in a byte, up to 255 UTF-16 units
	listField   // of LONG
	structField // of another struct
	structList
)

// declarations says how a field of a kind is declared in a STRUCT: the types
// that have the same layout.
var declarations = map[kind][]string{
	byteField:   {"BYTE"},
	wordField:   {"WORD", "LINK"},
	longField:   {"LONG", "LLINK"},
	linkField:   {"LLINK", "LONG"},
	textField:   {"LTEXT", "LTEXT16"},
	listField:   {"LONG", "LLINK"},
	structField: {"STRUCT"},
	structList:  {"STRUCT"},
}

// bits returns the width of a number.
func (k kind) bits() int {
	switch k {
	case byteField:
		return 8
	case wordField:
		return 16
	}
	return 32
}

// structure is a STRUCT of policies.rh: its fields in the order of their layout
// (docs/compiled-format.md), and their defaults.
type structure[T any] struct {
	name     string
	defaults T
	fields   []field[T]
}

// field is a field of struct T: how it is declared, and where it is in the
// model. Of number, text and list, the one of its kind is set.
type field[T any] struct {
	name   string
	kind   kind
	domain domain // what its numbers stand for
	always bool   // a source has it even where it is the default
	number func(*T) number
	text   func(*T) *policy.Text
	list   func(*T) *[]uint32
}

// number is the place of a number in the model.
type number interface {
	get() uint32
	set(uint32)
	source() string // the value as a source has it
}

// ref is a number of type N. Words are written in decimal, constants by their
// names, and ids in hexadecimal.
type ref[N ~uint8 | ~uint16 | ~uint32] struct{ at *N }

func (r ref[N]) get() uint32  { return uint32(*r.at) }
func (r ref[N]) set(v uint32) { *r.at = N(v) }

func (r ref[N]) source() string {
	if id, ok := any(*r.at).(uint32); ok {
		return fmt.Sprintf("0x%08x", id)
	}
	return fmt.Sprint(*r.at)
}

func at[N ~uint8 | ~uint16 | ~uint32](n *N) number { return ref[N]{n} }

// implementation is the domain of fields that name a plug-in.
var implementation = domain{id: "the UID of an implementation"}

// The three structs of a policy file.
var (
	fileStruct = structure[policy.File]{"POLICIES", policy.File{Version: policy.FormatVersion}, []field[policy.File]{
		{name: "version", kind: wordField, number: func(f *policy.File) number { return at(&f.Version) }},
		{name: "reserved", kind: linkField, number: func(f *policy.File) number { return at(&f.Reserved) }},
		{name: "header", kind: structField},
		{name: "policies", kind: structList},
	}}
	headerStruct = structure[policy.Header]{"POLICY_HEADER", policy.Header{AuthorisationPolicy: policy.CheckPostManufacture}, []field[policy.Header]{
		{name: "majorversion", kind: wordField, number: func(h *policy.Header) number { return at(&h.MajorVersion) }},
		{name: "minorversion", kind: wordField, number: func(h *policy.Header) number { return at(&h.MinorVersion) }},
		{name: "authorisationpolicy", kind: byteField, domain: domain{family: authorisationFamily}, always: true,
			number: func(h *policy.Header) number { return at(&h.AuthorisationPolicy) }},
		{name: "policyevaluator", kind: longField, domain: implementation, number: func(h *policy.Header) number { return at(&h.PolicyEvaluator) }},
		{name: "dialogcreator", kind: longField, domain: implementation, number: func(h *policy.Header) number { return at(&h.DialogCreator) }},
	}}
	policyStruct = structure[policy.Policy]{"POLICY", policy.Default(), []field[policy.Policy]{
		{name: "sid_classes", kind: longField, domain: domain{family: classFamily}, number: func(p *policy.Policy) number { return at(&p.SIDClasses) }},
		{name: "sid_list", kind: listField, list: func(p *policy.Policy) *[]uint32 { return &p.SIDs }},
		{name: "systemserversecurity", kind: byteField, domain: domain{family: securityFamily}, number: func(p *policy.Policy) number { return at(&p.Security) }},
		{name: "destination", kind: textField, text: func(p *policy.Policy) *policy.Text { return &p.Destination }},
		{name: "options", kind: longField, domain: domain{family: optionFamily}, always: true, number: func(p *policy.Policy) number { return at(&p.Options) }},
		{name: "policyevaluator", kind: longField, domain: implementation, number: func(p *policy.Policy) number { return at(&p.PolicyEvaluator) }},
		{name: "dialogcreator", kind: longField, domain: implementation, number: func(p *policy.Policy) number { return at(&p.DialogCreator) }},
		{name: "flags", kind: wordField, number: func(p *policy.Policy) number { return at(&p.Flags) }},
		{name: "reservedWord", kind: wordField, number: func(p *policy.Policy) number { return at(&p.ReservedWord) }},
		{name: "reservedLink", kind: linkField, number: func(p *policy.Policy) number { return at(&p.ReservedLink) }},
	}}
)

// names returns the names of the fields.
func (s structure[T]) names() []string {
	out := make([]string, len(s.fields))
	for i, f := range s.fields {
		out[i] = f.name
	}
	return out
}
