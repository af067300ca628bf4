// Package lint finds what is wrong with a policy list although it compiles:
// above all, policies that stand in the wrong place. It claims nothing that it
// can't show, by a request or by the policies that cause it.
package lint

// Rule is one thing that is looked for. The docs, `ups explain` and the
// reports all read the literal.
type Rule struct {
	ID        string   // stable, in lower case with hyphens
	Name      string   // a few words, for lists
	Category  Category // of its findings, unless one of them is of another
	Summary   string   // one sentence: what is found
	Rationale string   // why it matters, with what requires it
	// Bad and Good are whole sources: Bad is found, Good is not. Where names
	// of files count, or an older version, it is an archive with a line
	// "-- name --" before each; old/name is the older version of name.
	Bad, Good string
	Run       func(*Pass) // looks at one list; nil if RunAll is set
	// Fixable says that findings carry edits that keep every decision, where
	// what they are about is written plainly.
	Fixable bool
	// Against says that the rule compares with an older version, and so runs
	// only where there is one.
	Against bool
	// RunAll looks at all lists of a run together, of which it gets no more
	// than Path and File.
	RunAll func(*ProjectPass)
}

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
