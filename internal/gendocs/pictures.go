package main

import (
	"fmt"

	"ups/compiler"
	"ups/policy"
)

// picture is a policy list and requests that it decides.
type picture struct {
	name, title string
	policies    string // of the source
	requests    []request
}

type request struct {
	sid         uint32
	passed      bool
	destination string
}

var pictures = []picture{
	{
		name: "first-match", title: "The first policy that matches decides",
		policies: `POLICY { destination = "112"; options = KYes; },
POLICY { destination = "+4490*"; options = KYes|KNo; },
POLICY { sid_list = {0x20010001}; options = KYes; },
POLICY { options = KYes|KNo|KAlways; }`,
		requests: []request{
			{0x20010002, true, "112"}, {0x20010001, true, "+44901"}, {0x20010001, true, "+4412"}, {0x20010002, true, "+4412"},
		},
	},
	{
		name: "conditions", title: "A policy matches if its client, its check and its destination do",
		policies: `POLICY { sid_classes = KProtectedSids; systemserversecurity = ESystemServerSecurityPassed; destination = "+44*"; options = KYes; },
POLICY { options = KYes|KNo; }`,
		requests: []request{
			{0x20010001, true, "+4412"}, {0xA0010001, true, "+4412"}, {0x20010001, false, "+4412"}, {0x20010001, true, "+1202"},
		},
	},
	{
		name: "shadowed", title: "After a more general policy nothing gets to a more specific one",
		policies: `POLICY { destination = "+44*"; options = KYes|KNo; },
POLICY { destination = "+4490*"; options = KNo; },
POLICY { options = KYes|KNo; }`,
		requests: []request{{0x20010001, true, "+4412"}, {0x20010001, true, "+44901"}, {0x20010001, true, "+1202"}},
	},
}

// file compiles the list.
func (p *picture) file() (*policy.File, error) {
	source := "#include <ups/policies.rh>\nUID2 KUidUpsPolicyResourceFile\nUID3 1\nRESOURCE POLICIES p\n{\n" +
		"header = POLICY_HEADER { dialogcreator = 1; };\npolicies = {\n" + p.policies + "\n};\n}\n"
	r := compiler.Compile(p.name+".rss", []byte(source), compiler.Options{})
	if r.Failed() {
		return nil, fmt.Errorf("%s: %v", p.name, r.Diagnostics)
	}
	return r.File, nil
}
