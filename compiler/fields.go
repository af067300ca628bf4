package compiler

import "ups/policy"

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

// bits gives the width of a number.
func (k kind) bits() int {
	switch k {
	case byteField:
		return 8
	case wordField:
		return 16
	}
	return 32
}

// field is a field of struct T: how it is declared, and where it goes in the
// model. Of number, text and list, the one of its kind is set.
type field[T any] struct {
	name   string
	kind   kind
	domain domain // what its numbers stand for
	number func(*T, uint32)
	text   func(*T, policy.Text)
	list   func(*T, []uint32)
}

// implementation is the domain of fields that name a plug-in.
var implementation = domain{id: "the UID of an implementation"}

// The fields of the three structs, in the order of their layout (docs/compiled-format.md).
var (
	fileFields = []field[policy.File]{
		{name: "version", kind: wordField, number: func(f *policy.File, v uint32) { f.Version = uint16(v) }},
		{name: "reserved", kind: linkField, number: func(f *policy.File, v uint32) { f.Reserved = v }},
		{name: "header", kind: structField},
		{name: "policies", kind: structList},
	}
	headerFields = []field[policy.Header]{
		{name: "majorversion", kind: wordField, number: func(h *policy.Header, v uint32) { h.MajorVersion = uint16(v) }},
		{name: "minorversion", kind: wordField, number: func(h *policy.Header, v uint32) { h.MinorVersion = uint16(v) }},
		{name: "authorisationpolicy", kind: byteField, domain: domain{family: authorisationFamily}, number: func(h *policy.Header, v uint32) {
			h.AuthorisationPolicy = policy.AuthorisationPolicy(v)
		}},
		{name: "policyevaluator", kind: longField, domain: implementation, number: func(h *policy.Header, v uint32) { h.PolicyEvaluator = v }},
		{name: "dialogcreator", kind: longField, domain: implementation, number: func(h *policy.Header, v uint32) { h.DialogCreator = v }},
	}
	policyFields = []field[policy.Policy]{
		{name: "sid_classes", kind: longField, domain: domain{family: classFamily}, number: func(p *policy.Policy, v uint32) { p.SIDClasses = policy.SIDClasses(v) }},
		{name: "sid_list", kind: listField, list: func(p *policy.Policy, v []uint32) { p.SIDs = v }},
		{name: "systemserversecurity", kind: byteField, domain: domain{family: securityFamily}, number: func(p *policy.Policy, v uint32) {
			p.Security = policy.Security(v)
		}},
		{name: "destination", kind: textField, text: func(p *policy.Policy, v policy.Text) { p.Destination = v }},
		{name: "options", kind: longField, domain: domain{family: optionFamily}, number: func(p *policy.Policy, v uint32) { p.Options = policy.Options(v) }},
		{name: "policyevaluator", kind: longField, domain: implementation, number: func(p *policy.Policy, v uint32) { p.PolicyEvaluator = v }},
		{name: "dialogcreator", kind: longField, domain: implementation, number: func(p *policy.Policy, v uint32) { p.DialogCreator = v }},
		{name: "flags", kind: wordField, number: func(p *policy.Policy, v uint32) { p.Flags = uint16(v) }},
		{name: "reservedWord", kind: wordField, number: func(p *policy.Policy, v uint32) { p.ReservedWord = uint16(v) }},
		{name: "reservedLink", kind: linkField, number: func(p *policy.Policy, v uint32) { p.ReservedLink = v }},
	}
)

func names[T any](fields []field[T]) []string {
	out := make([]string, len(fields))
	for i, f := range fields {
		out[i] = f.name
	}
	return out
}
