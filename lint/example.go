package lint

// example makes a whole source of some policies, for Bad and Good of a rule.
func example(policies string) string {
	return `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

RESOURCE POLICIES list
	{
	header = POLICY_HEADER { authorisationpolicy = EAlwaysCheck; dialogcreator = 0x20012001; };
	policies =
		{
		` + policies + `
		};
	}
`
}
