package compiler_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ups/compiler"
)

// known are the names of the language and its headers, by where they stand: %s
// is the place of the name in the source.
var known = []struct{ source, names string }{
	{head + `RESOURCE POLICIES p { header = POLICY_HEADER { dialogcreator = 1; }; policies = { POLICY { flags = %s; } }; }`,
		"KYes KNo KSession KSessionYes KAlways KNever KSessionNo KSidClass0 KSidClass9 KSidClassF KProtectedSids KUnprotectedSids KAllSids " +
			"EAlwaysCheck ECheckPostManufacture ECheckUnprotectedSids ECheckIfFailed ENeverCheck " +
			"ESystemServerSecurityPassedOrFailed ESystemServerSecurityFailed ESystemServerSecurityPassed " +
			"KUidUpsPolicyResourceFile KUidUpsDialogCreatorInterface KUidUpsPolicyEvaluatorInterface"},
	{head + `RESOURCE POLICIES p { header = POLICY_HEADER { dialogcreator = 1; }; policies = { POLICY { %s = 1; } }; }`,
		"sid_classes sid_list systemserversecurity destination options policyevaluator dialogcreator flags reservedWord reservedLink"},
	{head + `RESOURCE POLICIES p { header = POLICY_HEADER { dialogcreator = 1; %s = 1; }; policies = { POLICY { } }; }`,
		"majorversion minorversion authorisationpolicy policyevaluator dialogcreator"},
	{head + `RESOURCE POLICIES p { header = POLICY_HEADER { dialogcreator = 1; }; policies = { POLICY { } }; %s = 1; }`,
		"version reserved header policies"},
	{head + `RESOURCE POLICIES p { header = POLICY_HEADER { dialogcreator = 1; }; policies = { %s { } }; }`, "POLICY"},
	{head + `RESOURCE POLICIES p { header = %s { dialogcreator = 1; }; policies = { POLICY { } }; }`, "POLICY_HEADER"},
	{head + `RESOURCE %s p { header = POLICY_HEADER { dialogcreator = 1; }; policies = { POLICY { } }; }`, "POLICIES"},
	{head + `%s POLICIES p { }`, "RESOURCE"},
	{`%s 0x10000001`, "UID2 UID3"},
	{`%s ABCD`, "NAME"},
	{`%s UTF8`, "CHARACTER_SET"},
	{`%s { EMine }`, "enum STRUCT"},
	{"#%s X\n", "include define undef ifdef ifndef elif else endif error warning pragma line"},
	{"#include <%s>\n", "ups/policies.rh ups/ups.hrh"},
	{"CHARACTER_SET %s\n", "UTF8 CP1252 ISOLATIN1 ASCII"},
}

// slips returns a word with one typing mistake of each kind, and in upper and
// lower case.
func slips(word string) []string {
	var out []string
	for i := range len(word) {
		out = append(out, word[:i]+word[i+1:], word[:i]+word[i:i+1]+word[i:])
		if i+1 < len(word) {
			out = append(out, word[:i]+word[i+1:i+2]+word[i:i+1]+word[i+2:])
		}
	}
	return append(out, strings.ToUpper(word), strings.ToLower(word))
}

// Whatever name is mistyped, the hint names it, or another that is as near.
func TestNearMisses(t *testing.T) {
	tried := 0
	for _, place := range known {
		names := strings.Fields(place.names)
		for _, name := range names {
			for _, slip := range slips(name) {
				if slices.Contains(allNames(), slip) || len(slip) < 3 || strings.Contains(slip, "//") {
					continue
				}
				tried++
				r := compiler.Compile("a.rss", fmt.Appendf(nil, place.source, slip), compiler.Options{})
				if len(r.Diagnostics) != 1 {
					t.Errorf("%s: %d diagnostics: %v", slip, len(r.Diagnostics), errorsOf(r.Diagnostics))
					continue
				}
				hint := r.Diagnostics[0].Hint
				meant := strings.TrimSuffix(strings.TrimPrefix(hint, "did you mean "), "?")
				if meant == hint || !slices.Contains(allNames(), meant) {
					t.Errorf("%s: the hint is %q, want %s", slip, hint, name)
				}
			}
		}
	}
	if tried < 1500 {
		t.Errorf("only %d slips were tried", tried)
	}
}

func allNames() []string {
	var out []string
	for _, place := range known {
		out = append(out, strings.Fields(place.names)...)
	}
	return append(out, "if", "ENUM", "LOCAL", "GLOBAL", "KSidClass1", "KSidClass2")
}
