package compiler

import (
	"fmt"
	"slices"

	"ups/grammar"
	"ups/policy"
)

// layouts holds the structs that a source declares. Those of a policy file
// must have the layout that the device reads; what the declarations may choose
// is the defaults.
type layouts struct {
	declared map[string]grammar.Node
	file     policy.File   // the defaults of POLICIES
	header   policy.Header // the defaults of POLICY_HEADER
	policy   policy.Policy // the defaults of POLICY
}

func newLayouts() layouts { return layouts{declared: map[string]grammar.Node{}} }

func (l layouts) known(name string) bool {
	_, ok := l.declared[name]
	return ok
}

// structDecl takes in a STRUCT statement.
func (b *builder) structDecl(s *grammar.StructDecl) {
	if b.layouts.known(s.Name.Text) {
		b.fail(s.Name.Node, "struct-twice", "a header that is included twice needs a guard: #ifndef NAME, #define NAME, … #endif",
			"the struct %s is declared twice", s.Name.Text)
		return
	}
	b.layouts.declared[s.Name.Text] = s.Node
	switch s.Name.Text {
	case fileStruct.name:
		declare(b, s, fileStruct, &b.layouts.file)
	case headerStruct.name:
		declare(b, s, headerStruct, &b.layouts.header)
	case policyStruct.name:
		declare(b, s, policyStruct, &b.layouts.policy)
	}
}

// declare compares a declaration with the layout that the device reads, and
// takes its defaults.
func declare[T any](b *builder, s *grammar.StructDecl, device structure[T], defaults *T) {
	if after := s.Name.Last + 1; s.Len != "" {
		b.fail(grammar.Node{First: after, Last: after}, "struct-layout", "remove it", "%s has no length before its fields, as the device reads it", s.Name.Text)
		return
	}
	for i, f := range device.fields {
		if i >= len(s.Members) {
			b.fail(s.Name.Node, "struct-layout", "", "%s must go on with %s, as the device reads it", s.Name.Text, declaration(f))
			return
		}
		if !sameLayout(s.Members[i], f.kind, f.name) {
			b.fail(s.Members[i].Node, "struct-layout", "use <ups/policies.rh> that comes with the tool",
				"field %d of %s must be %s, as the device reads it", i+1, s.Name.Text, declaration(f))
			return
		}
		if d := s.Members[i].Default; d != nil {
			set(b, f, defaults, d)
		}
	}
	if len(s.Members) > len(device.fields) {
		b.fail(s.Members[len(device.fields)].Node, "struct-layout", "", "%s has no field %s, as the device reads it",
			s.Name.Text, s.Members[len(device.fields)].Name.Text)
	}
}

func sameLayout(m grammar.Member, k kind, name string) bool {
	list := k == listField || k == structList
	return m.Name.Text == name && !m.Len && m.Array == list && m.Size == nil && slices.Contains(declarations[k], m.Type)
}

// declaration shows how a field is declared.
func declaration[T any](f field[T]) string {
	brackets := ""
	if f.kind == listField || f.kind == structList {
		brackets = "[]"
	}
	return fmt.Sprintf("%s %s%s", declarations[f.kind][0], f.name, brackets)
}
