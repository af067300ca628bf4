package compiler

import (
	"fmt"
	"slices"

	"ups/grammar"
	"ups/policy"
)

// FieldInfo tells of a field of one of the structs of a policy file, for who
// writes one.
type FieldInfo struct {
	Struct, Name string
	Type         string // as docs/language.md has it, such as "LONG" or "list of POLICY"
	Default      string // as a source would have it, or in words
	Meaning      string // a line
	// Constants are those that the field takes; empty if it takes none.
	Constants []string
	// Value says of what kind the field's value is.
	Value ValueKind
}

// ValueKind is a kind of value, as it is written.
type ValueKind uint8

// The kinds of values.
const (
	NumberKind     ValueKind = iota
	ConstantsKind            // one constant, of Constants
	FlagsKind                // constants joined by |
	IDKind                   // the UID of a plug-in
	IDListKind               // SIDs between braces
	TextKind                 // a string
	StructKind               // a struct between braces
	StructListKind           // structs between braces
)

// Fields returns the fields of all structs, in the order of their layout.
func Fields() []FieldInfo {
	return slices.Concat(infos(fileStruct), infos(headerStruct), infos(policyStruct))
}

func infos[T any](s structure[T]) []FieldInfo {
	var out []FieldInfo
	for _, f := range s.fields {
		told := meanings[s.name+"."+f.name]
		info := FieldInfo{
			Struct: s.name, Name: f.name, Type: typeName(f.kind, f.name),
			Default: told.byDefault, Meaning: told.meaning, Value: valueKind(f.kind, f.domain),
		}
		if f.domain.family != nil {
			info.Constants = slices.Clone(f.domain.family.names)
		}
		out = append(out, info)
	}
	return out
}

// typeName names the type of a field.
func typeName(k kind, name string) string {
	switch k {
	case listField:
		return "list of LONG"
	case textField:
		return "LTEXT, at most 255 UTF-16 units"
	case structField:
		return headerStruct.name
	case structList:
		return "list of " + policyStruct.name
	}
	return declarations[k][0]
}

func valueKind(k kind, d domain) ValueKind {
	switch {
	case k == listField:
		return IDListKind
	case k == textField:
		return TextKind
	case k == structField:
		return StructKind
	case k == structList:
		return StructListKind
	case d.family == optionFamily, d.family == classFamily:
		return FlagsKind
	case d.family != nil:
		return ConstantsKind
	case d.id != "":
		return IDKind
	}
	return NumberKind
}

// told is what is told of a field. A test compares it with docs/language.md.
type told struct{ byDefault, meaning string }

var meanings = map[string]told{
	"POLICIES.version":  {"1", "version of the format; a device takes 1 alone"},
	"POLICIES.reserved": {"0", "nothing"},
	"POLICIES.header":   {"see the resource", "what holds for all policies"},
	"POLICIES.policies": {"empty", "the policies, in the order in which they are tried"},

	"POLICY_HEADER.majorversion":        {"0", "raised, it deletes the stored answers of the service (purge)"},
	"POLICY_HEADER.minorversion":        {"0", "for you; a device does nothing with it"},
	"POLICY_HEADER.authorisationpolicy": {"ECheckPostManufacture", "whose requests are asked about at all"},
	"POLICY_HEADER.policyevaluator":     {"0, the built-in evaluator", "plug-in that makes fingerprints, of policies that name none"},
	"POLICY_HEADER.dialogcreator":       {"none: a device requires one", "plug-in that asks the user, of policies that name none"},

	"POLICY.sid_classes":          {"KAllSids", "classes of clients; ignored where there is a sid_list"},
	"POLICY.sid_list":             {"empty", "clients, one by one"},
	"POLICY.systemserversecurity": {"ESystemServerSecurityPassedOrFailed", "result of the server's own check"},
	"POLICY.destination":          {`"*"`, "pattern of destinations"},
	"POLICY.options":              {"KYes|KNo", "what the prompt offers; with yeses or noes alone there is no prompt"},
	"POLICY.policyevaluator":      {"0, that of the header", "plug-in that makes fingerprints"},
	"POLICY.dialogcreator":        {"0, that of the header", "plug-in that asks the user"},
	"POLICY.flags":                {"0", "a number for both plug-ins, which say what it means"},
	"POLICY.reservedWord":         {"0", "nothing"},
	"POLICY.reservedLink":         {"0", "nothing"},
}

// Constant returns what a constant of the built-in headers means, in a line, or
// "" for any other name.
func Constant(name string) string {
	f := familyOf(name, "")
	if f == nil {
		return ""
	}
	if meaning := constantMeanings[name]; meaning != "" {
		return f.what + ": " + meaning
	}
	if class, is := classOf(name); is {
		return fmt.Sprintf("%s: 0x%X0000000 to 0x%XFFFFFFF", f.what, class, class)
	}
	return f.what
}

// classOf returns which class of SIDs a constant stands for.
func classOf(name string) (class int, is bool) {
	class = slices.Index(policy.SIDClassNames, name)
	return class, class >= 0
}

var constantMeanings = map[string]string{
	"KYes":        "yes, this time",
	"KNo":         "no, this time",
	"KSession":    "yes, which the system server remembers for what it takes to be a session",
	"KSessionYes": "yes, which the system server remembers for what it takes to be a session",
	"KSessionNo":  "no, which the system server remembers for what it takes to be a session",
	"KAlways":     "yes, which is stored and given from then on",
	"KNever":      "no, which is stored and given from then on",

	"KProtectedSids":   "those below 0x80000000, which only a signed program has",
	"KUnprotectedSids": "those from 0x80000000 on",
	"KAllSids":         "all of them",

	"EAlwaysCheck":          "all requests are asked about",
	"ECheckPostManufacture": "all requests are asked about but those of protected SIDs, started from drive Z, that pass the server's check",
	"ECheckUnprotectedSids": "all requests are asked about but those of protected SIDs that pass the server's check",
	"ECheckIfFailed":        "requests that fail the server's check are asked about",
	"ENeverCheck":           "no request is asked about: the server's check decides",

	"ESystemServerSecurityPassedOrFailed": "whatever the server's check said",
	"ESystemServerSecurityFailed":         "the server's check failed",
	"ESystemServerSecurityPassed":         "the server's check passed",

	"KUidUpsPolicyResourceFile": "every policy source begins with UID2 of this",
}

// Evaluate returns the value of an expression of a tree, if it has one.
func Evaluate(tree *grammar.Tree, x grammar.Expr) (value int64, ok bool) {
	b := newBuilder(tree)
	for _, s := range tree.Statements {
		if e, is := s.(*grammar.Enum); is {
			b.enum(e)
		}
	}
	return b.eval(x)
}
