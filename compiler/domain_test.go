package compiler_test

import (
	"fmt"
	"strings"
	"testing"

	"ups/compiler"
)

// A constant of the wrong kind is found by the macros that it came out of, and
// an id by its digits; neither is refused.
func TestDoubtfulNumbers(t *testing.T) {
	tests := []struct{ before, header, policy, want string }{
		{"", "authorisationpolicy = KYes;", "", "KYes is an option, and authorisationpolicy takes an authorisation policy"},
		{"", "", "sid_classes = KYes;", "KYes is an option, and sid_classes takes a class of SIDs"},
		{"", "", "sid_classes = KSidClass0|KAllSids;", ""},
		{"", "", "flags = KProtectedSids;", "KProtectedSids is a class of SIDs, and flags takes a plain number"},
		{"", "", "flags = EAlwaysCheck;", "EAlwaysCheck is an authorisation policy, and flags takes a plain number"},
		{"", "", "options = KYes|KSidClass1;", "KSidClass1 is a class of SIDs, and options takes an option"},
		{"", "", "options = KSession|KSessionNo;", ""},
		{"", "", "systemserversecurity = KNo;", "KNo is an option, and systemserversecurity takes a result of the system server's check"},
		{"", "", "policyevaluator = KUidUpsPolicyEvaluatorInterface;", "KUidUpsPolicyEvaluatorInterface is the UID of an interface, and policyevaluator takes the UID of an implementation"},
		{"", "", "sid_list = { 0x10000001, KUidUpsPolicyResourceFile };", "KUidUpsPolicyResourceFile is the UID2 of policy files, and sid_list takes SIDs"},
		{"#define OURS KYes|KNo\n", "", "sid_classes = OURS;", "KYes is an option, and sid_classes takes a class of SIDs"},
		{"#define OURS(x) ((x)+1)\n", "", "flags = OURS(-KSession);", "KSession is an option, and flags takes a plain number"},
		{"#define KSession KUidUpsPolicyResourceFile\n#undef KSession\n#define KSession 4\n", "", "options = KSession;", ""},
		{"enum TOwn { EOwn };\n", "", "flags = EOwn;", ""},
		{"enum TOwn { EOwn }\n", "authorisationpolicy = EOwn;", "", "EOwn is a constant of TOwn, and authorisationpolicy takes an authorisation policy"},
		{"enum { EOwn }\n", "authorisationpolicy = EOwn;", "", "EOwn is a constant of another enumeration, and authorisationpolicy takes an authorisation policy"},
		{"", "", "sid_list = { 0x010000310 };", "an id has 8 hexadecimal digits, and 0x010000310 has 9"},
		{"", "policyevaluator = (0x100003);", "", "an id has 8 hexadecimal digits, and 0x100003 has 6"},
		{"enum { EOwn = 0x1000a00 }\n", "", "sid_list = { EOwn };", "an id has 8 hexadecimal digits, and 0x1000a00 has 7"},
		{"#define OWN 0x1000a00\n", "", "sid_list = { OWN, OWN };", "an id has 8 hexadecimal digits, and 0x1000a00 has 7"},
		{"", "", "sid_list = { 0x0, 0x000000000, 7, 0x1000a00+1 }; flags = 0x1; policyevaluator = 0x00000001;", ""},
	}
	for _, test := range tests {
		src := fmt.Appendf(nil, "%s%sRESOURCE POLICIES p { header = POLICY_HEADER { %s dialogcreator = 1; }; policies = { POLICY { %s } }; }\n",
			head, test.before, test.header, test.policy)
		r := compiler.Compile("a.rss", src, compiler.Options{})
		var got []string
		for _, d := range r.Diagnostics {
			if d.Code == "enum-foreign" || d.Code == "id-digits" {
				got = append(got, d.Message)
			}
		}
		if s := strings.Join(got, "; "); s != test.want || r.Failed() {
			t.Errorf("%s%s: %q, want %q (%v)", test.header, test.policy, s, test.want, r.Diagnostics)
		}
	}
}

// Where a device would refuse the value as well, that is said alone.
func TestOneMistakeForARefusedConstantOfAnotherField(t *testing.T) {
	src := head + "RESOURCE POLICIES p { header = POLICY_HEADER { authorisationpolicy = KAlways; dialogcreator = 1; }; policies = { POLICY { options = KAllSids; } }; }\n"
	for noCheck, want := range map[bool]string{false: "authorisationpolicy options", true: "enum-foreign enum-foreign"} {
		var got []string
		for _, d := range compiler.Compile("a.rss", []byte(src), compiler.Options{NoCheck: noCheck}).Diagnostics {
			got = append(got, d.Code)
		}
		if s := strings.Join(got, " "); s != want {
			t.Errorf("NoCheck %v: %s, want %s", noCheck, s, want)
		}
	}
}
