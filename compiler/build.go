package compiler

import (
	"fmt"
	"maps"
	"slices"

	"ups/diag"
	"ups/grammar"
	"ups/policy"
)

// builder makes the model of a tree, statement by statement.
type builder struct {
	tree      *grammar.Tree
	tracer    *grammar.Tracer
	found     *diag.List // what is wrong
	file      *policy.File
	constants map[string]constant
	layouts   layouts
	charset   charset
	offset    uint32 // that NAME gives, 20 bits
	resource  *grammar.Resource
	utf8Seen  bool // undeclared UTF-8 was reported
	idsSeen   seenIDs
	domain    domain // of the field whose value is worked out
	suggested int    // names that were looked at for suggestions
	noHeaders bool   // missing headers were reported
	damaged   bool   // parts could not be read: what seems missing may be there
}

// constant is an enumerator.
type constant struct {
	value   int64
	enum    string       // the name of its enumeration
	written grammar.Expr // its value as written; nil if none is
	node    grammar.Node
}

// Build makes the model of a tree, and reports what is wrong beyond the tree's
// own diagnostics. If an error is among either, the model is not to be used.
func Build(tree *grammar.Tree) (*policy.File, []Resource, *diag.List) {
	b := newBuilder(tree)
	if tree.Incomplete {
		return b.file, nil, b.found
	}
	for _, s := range tree.Statements {
		b.statement(s)
	}
	b.finish()
	return b.file, b.resources(), b.found
}

func newBuilder(tree *grammar.Tree) *builder {
	return &builder{
		tree:      tree,
		tracer:    tree.Tracer(),
		found:     &diag.List{},
		file:      &policy.File{NoUID3: true},
		constants: map[string]constant{},
		layouts:   newLayouts(),
		charset:   cp1252,
		idsSeen:   seenIDs{},
		damaged:   tree.Diagnostics.Failed(),
	}
}

func (b *builder) statement(s grammar.Statement) {
	switch s := s.(type) {
	case *grammar.UID:
		b.uid(s)
	case *grammar.NameStatement:
		b.name(s)
	case *grammar.CharacterSet:
		b.characterSet(s)
	case *grammar.Enum:
		b.enum(s)
	case *grammar.StructDecl:
		b.structDecl(s)
	case *grammar.Resource:
		b.resourceStatement(s)
	}
}

// report adds a diagnostic about a node.
func (b *builder) report(n grammar.Node, d diag.Diagnostic) {
	if !b.tree.Reported(n) {
		b.found.Add(d.At(b.tracer.Place(n)))
	}
}

// fail reports an error about a node.
func (b *builder) fail(n grammar.Node, code, hint, format string, args ...any) {
	b.report(n, diag.Diagnostic{
		Code: code, Severity: diag.Error, Message: fmt.Sprintf(format, args...), Hint: hint,
	})
}

// warn reports something valid that is probably not what was meant.
func (b *builder) warn(n grammar.Node, code, hint, format string, args ...any) {
	b.report(n, diag.Diagnostic{
		Code: code, Severity: diag.Warning, Message: fmt.Sprintf(format, args...), Hint: hint,
	})
}

// uidDomains is what the two UID statements take.
var uidDomains = map[string]domain{"UID2": {family: fileFamily}, "UID3": {id: "the UID that was allocated for the file"}}

func (b *builder) uid(s *grammar.UID) {
	name := s.Keyword
	v, ok := b.long(s.Value)
	if ok {
		b.doubt(name, uidDomains[name], s.Value)
	}
	if b.file.Places.Has(name) {
		b.warn(s.Node, "uid-twice", "remove one of them", "%s is given twice: this one counts", name)
	}
	b.place(&b.file.Places, name, s.Value.Range())
	if name == "UID2" {
		b.file.UID2 = v
		return
	}
	if ok && v == 0 {
		b.fail(s.Value.Range(), "uid3-zero", "give the UID that was allocated for this file", "UID3 must not be zero")
	}
	b.file.UID3, b.file.NoUID3 = v, false
}

// name works out the offset of NAME: a base-27 number of its letters, A = 1.
// After the resource it would come too late for links that name it.
func (b *builder) name(s *grammar.NameStatement) {
	if b.resource != nil {
		b.fail(s.Name.Node, "name-late", "write it before the resource", "NAME must stand before the resource, whose id begins with it")
		return
	}
	letters := s.Name.Text
	b.offset = 0
	for _, c := range []byte(letters) {
		upper := c &^ 0x20
		if upper < 'A' || upper > 'Z' || len(letters) > 4 {
			b.fail(s.Name.Node, "name-letters", "", "NAME takes one to four letters")
			return
		}
		b.offset = b.offset*27 + uint32(upper-'A'+1)
	}
}

func (b *builder) enum(s *grammar.Enum) {
	enum := ""
	if s.Name != nil {
		enum = s.Name.Text
	}
	next := int64(0)
	for _, e := range s.Enumerators {
		if e.Value != nil {
			v, ok := b.eval(e.Value)
			if !ok {
				v = next
			}
			next = v
		}
		if !fits(next) {
			b.fail(e.Node, "out-of-range", "", "%s is one more than fits in 32 bits", e.Name.Text)
			return
		}
		b.define(e, constant{value: next, enum: enum, written: e.Value, node: e.Name.Node})
		next++
	}
}

func (b *builder) define(e grammar.Enumerator, c constant) {
	if old, ok := b.constants[e.Name.Text]; ok {
		b.report(c.node, diag.Diagnostic{
			Code:     "constant-twice",
			Severity: diag.Error,
			Message:  fmt.Sprintf("the constant %s is defined twice", e.Name.Text),
			Hint:     "a header that is included twice needs a guard: #ifndef NAME, #define NAME, … #endif",
			Related:  []diag.Related{{Span: b.tree.Span(old.node), Message: "defined here before"}},
		})
		return
	}
	b.constants[e.Name.Text] = c
}

// resourceStatement takes in the one policy resource.
func (b *builder) resourceStatement(s *grammar.Resource) {
	switch {
	case s.Struct.Text != "POLICIES" && b.layouts.known(s.Struct.Text):
		b.fail(s.Struct.Node, "resource-struct", "", "a policy source has one resource, of struct POLICIES, and none of %s", s.Struct.Text)
	case s.Struct.Text != "POLICIES" || !b.layouts.known("POLICIES"):
		b.unknownStruct(s.Struct, "POLICIES")
	case b.resource != nil:
		b.report(s.Struct.Node, diag.Diagnostic{
			Code:     "resource-twice",
			Severity: diag.Error,
			Message:  "a second policy resource: a policy source has exactly one",
			Hint:     "each service has its own policy file; put all policies of one service into one list",
			Related:  []diag.Related{{Span: b.tree.Span(b.resource.Node), Message: "the first"}},
		})
	default:
		b.resource = s
		b.policies(s)
	}
}

// unknownStruct reports a struct that isn't declared.
func (b *builder) unknownStruct(name grammar.Ident, meant string) {
	if !b.layouts.known(meant) && b.noHeaders {
		return
	}
	hint := diag.DidYouMean(name.Text, []string{meant})
	if hint == "" {
		hint = diag.DidYouMean(name.Text, slices.Sorted(maps.Keys(b.layouts.declared)))
	}
	if !b.layouts.known(meant) {
		hint = "the source must begin with #include <ups/policies.rh>"
	}
	b.fail(name.Node, "struct-unknown", hint, "%s is not a STRUCT", name.Text)
}

// finish checks the source as a whole.
func (b *builder) finish() {
	if b.file.NoUID3 {
		b.file.UID3 = b.offset
	}
	if b.resource == nil {
		b.noResource()
		return
	}
	if b.file.NoUID3 && !b.damaged {
		b.warn(b.resource.Struct.Node, "uid3-missing", "UID3 0x…, with the UID that was allocated for this file",
			"no UID3: the file has no identity of its own")
	}
}

// failed reports whether a mistake was found, which may be why something is
// missing.
func (b *builder) failed() bool { return b.damaged || b.found.Failed() }

// noResource reports a source without policies, unless a mistake is the cause.
func (b *builder) noResource() {
	if b.failed() {
		return
	}
	last := grammar.Node{First: len(b.tree.Tokens) - 1, Last: len(b.tree.Tokens) - 1}
	if n := len(b.tree.Statements); n > 0 {
		last = b.tree.Statements[n-1].Range()
		last.First = last.Last
	}
	b.fail(last, "resource-missing", "RESOURCE POLICIES name { header = POLICY_HEADER { … }; policies = { POLICY { … } }; }",
		"no policy resource: a policy source has exactly one RESOURCE POLICIES")
}

// place notes where a field's value stands.
func (b *builder) place(p *policy.Places, name string, n grammar.Node) {
	p.Fields = append(p.Fields, policy.FieldPlace{Name: name, Place: b.tracer.Place(n)})
}
