package lsp

import (
	"regexp"
	"strings"

	"ups/compiler"
)

// Templates of what is completed, in the one layout (docs/fmt.md). ${1:x} is a place to
// fill in.
const (
	policySnippet = `POLICY
	{
	destination = "${1:*}";
	options = ${2:KYes|KNo};
	}`
	headerSnippet = `POLICY_HEADER
	{
	majorversion = ${1:1};
	minorversion = ${2:0};
	authorisationpolicy = ${3:ECheckPostManufacture};
	dialogcreator = ${4:0x10283694};
	}`
	resourceSnippet = `RESOURCE POLICIES ${1:r_policies}
	{
	header = POLICY_HEADER
		{
		majorversion = ${2:1};
		minorversion = ${3:0};
		authorisationpolicy = ${4:ECheckPostManufacture};
		dialogcreator = ${5:0x10283694};
		};
	policies =
		{
		POLICY
			{
			destination = "${6:*}";
			options = ${7:KYes|KNo};
			}
		};
	}`
	sourceSnippet = `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 ${8:0x00000000}

` + resourceSnippet + "\n"
)

// fieldSnippets are templates of the values of fields.
var fieldSnippets = map[compiler.ValueKind]string{
	compiler.NumberKind:     "${1:0}",
	compiler.ConstantsKind:  "$1",
	compiler.FlagsKind:      "$1",
	compiler.IDKind:         "${1:0x}",
	compiler.IDListKind:     "{ $1 }",
	compiler.TextKind:       `"$1"`,
	compiler.StructKind:     "$1",
	compiler.StructListKind: "{ $1 }",
}

var placeholder = regexp.MustCompile(`\$\{\d+:([^}]*)\}|\$\d+`)

// plainSnippet returns a template with what stands in its places.
func plainSnippet(s string) string { return placeholder.ReplaceAllString(s, "$1") }

// quoted writes a text as a string of a source.
func quoted(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(s) + `"`
}
