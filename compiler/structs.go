package compiler

import (
	"slices"

	"ups/diag"
	"ups/grammar"
	"ups/policy"
)

// policies fills the file from the policy resource.
func (b *builder) policies(s *grammar.Resource) {
	uids := b.file
	*b.file = policy.File{
		UID2: uids.UID2, UID3: uids.UID3, NoUID3: uids.NoUID3,
		Version: b.layouts.file.Version, Reserved: b.layouts.file.Reserved,
		Places: uids.Places,
	}
	b.file.Places.Whole = b.tracer.Place(s.Struct.Node)
	if s.Name != nil {
		b.file.Places.Whole = b.tracer.Place(s.Name.Node)
	}
	for _, f := range s.Fields {
		switch f.Name.Text {
		case "header":
			b.header(f)
		case "policies":
			b.policyList(f)
		default:
			assign(b, fileStruct, b.file, &b.file.Places, f)
		}
	}
	if !b.file.Places.Has("policies") && !b.failed() {
		b.warn(s.Struct.Node, "policies-missing", "policies = { POLICY { … } };", "no policies: every request falls to the default policy")
	}
}

// header fills the header from its field.
func (b *builder) header(f *grammar.Field) {
	b.note(&b.file.Places, f)
	s := b.structValue(f.Value, headerStruct.name, "header")
	if s == nil {
		return
	}
	h := b.layouts.header
	h.Places.Whole = b.tracer.Place(s.Name.Node)
	for _, f := range s.Fields {
		assign(b, headerStruct, &h, &h.Places, f)
	}
	b.file.Header = &h
}

// policyList fills the policies from their field.
func (b *builder) policyList(f *grammar.Field) {
	b.note(&b.file.Places, f)
	l, ok := f.Value.(*grammar.ListValue)
	if !ok {
		b.fail(f.Value.Range(), "list-wanted", "policies = { POLICY { … }, POLICY { … } };", "policies is a list of POLICY between braces")
		return
	}
	b.file.Policies = make([]policy.Policy, 0, len(l.Items))
	for _, item := range l.Items {
		if s := b.structValue(item, policyStruct.name, "policies"); s != nil {
			b.file.Policies = append(b.file.Policies, b.policy(s))
		}
	}
}

func (b *builder) policy(s *grammar.StructValue) policy.Policy {
	p := b.layouts.policy
	p.Places.Whole = b.tracer.Place(s.Name.Node)
	p.Places.Fields = make([]policy.FieldPlace, 0, len(s.Fields))
	for _, f := range s.Fields {
		assign(b, policyStruct, &p, &p.Places, f)
	}
	return p
}

// structValue returns a value as the struct that a field must hold, or nil.
func (b *builder) structValue(v grammar.Value, want, field string) *grammar.StructValue {
	s, ok := v.(*grammar.StructValue)
	switch {
	case !ok:
		b.fail(v.Range(), "struct-wanted", want+" { … }", "%s must be a %s", field, want)
	case !b.layouts.known(s.Name.Text):
		b.unknownStruct(s.Name, want)
	case s.Name.Text != want:
		b.fail(s.Name.Node, "struct-wrong", "did you mean "+want+"?", "%s must be a %s, not a %s", field, want, s.Name.Text)
	default:
		return s
	}
	return nil
}

// assign sets a field of struct T to its value.
func assign[T any](b *builder, s structure[T], into *T, places *policy.Places, f *grammar.Field) {
	i := slices.IndexFunc(s.fields, func(known field[T]) bool { return known.name == f.Name.Text })
	if i < 0 {
		b.fail(f.Name.Node, "field-unknown", fieldHint(f.Name.Text, s.names()), "%s has no field %s", s.name, f.Name.Text)
		return
	}
	b.note(places, f)
	if v := set(b, s.fields[i], into, f.Value); v != 0 && isReserved(f.Name.Text) {
		b.warn(f.Node, "reserved-set", "leave it out", "%s is reserved: it should be 0", f.Name.Text)
	}
}

func isReserved(name string) bool {
	return name == "reserved" || name == "reservedWord" || name == "reservedLink"
}

// note keeps the place of a field, and reports one that is given twice.
func (b *builder) note(places *policy.Places, f *grammar.Field) {
	if places.Has(f.Name.Text) {
		b.report(f.Name.Node, diag.Diagnostic{
			Code:     "field-twice",
			Severity: diag.Warning,
			Message:  f.Name.Text + " is given twice: this one, the last, counts",
			Hint:     "remove the other",
			Related:  []diag.Related{{Span: places.Field(f.Name.Text).Span, Message: "given here before"}},
		})
	}
	b.place(places, f.Name.Text, f.Value.Range())
}

// set turns a value into what a field holds, and stores it. It returns the
// value of a number, 0 after an error or for any other kind of field.
func set[T any](b *builder, f field[T], into *T, v grammar.Value) uint32 {
	switch f.kind {
	case textField:
		if t, ok := b.text(f.name, v); ok {
			*f.text(into) = t
		}
	case listField:
		if l, ok := b.list(f.name, v); ok {
			*f.list(into) = l
		}
	case structField, structList:
		b.fail(v.Range(), "struct-wanted", "", "%s can't have a default", f.name)
	default:
		if n, ok := b.number(f.name, f.kind, f.domain, v); ok {
			f.number(into).set(n)
			return n
		}
	}
	return 0
}
