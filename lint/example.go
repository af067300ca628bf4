package lint

// example makes a whole source of some policies, for Bad and Good of a rule.
func example(policies string) string {
	return exampleWith("authorisationpolicy = EAlwaysCheck;", policies)
}

// exampleWith is example with other fields in the header.
func exampleWith(header, policies string) string {
	return `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { ` + header + ` dialogcreator = 0x20012001; };
	policies =
		{
		` + policies + `
		};
	}
`
}

// versions makes an example of two versions of one source.
func versions(before, after string) string {
	const name = "ups_20020001_20020011.rss"
	return "-- old/" + name + " --\n" + before + "-- " + name + " --\n" + after
}
