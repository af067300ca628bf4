package lint

import (
	"cmp"
	"fmt"

	"ups/diag"
	"ups/policy"
)

// Finding is what a rule has found, once.
type Finding struct {
	diag.Diagnostic
	// Category is the rule's, or a milder one; 0 for errors and warnings of
	// the compiler.
	Category Category
	// Path is that of the list. The span may be elsewhere: in a file that it
	// includes. Run fills it in.
	Path string
	// Policy is the number of the policy, from 1; 0 if it is about the file.
	Policy int
	// Also are the numbers of other policies that it is about too.
	Also []int
	// Culprits are the numbers of the policies that cause it.
	Culprits []int
	// Cause is what findings of one rule and category may have in common, so
	// that Merge makes one of them.
	Cause cause
	// Witness is a request that shows it, which policy.File.Decide has
	// confirmed; nil if the finding needs none.
	Witness *policy.Request
	// Fingerprint stays the same while the policy, or the line for a finding
	// about the file, is moved. Run fills it in.
	Fingerprint string
}

// PolicyName names a policy by its number, from 1, as messages do.
func PolicyName(number int) string { return fmt.Sprintf("policy %d", number) }

// compareFindings puts findings in the order in which a person reads them. In
// a compiled file the number of the policy is the place.
func compareFindings(a, b Finding) int {
	return cmp.Or(
		cmp.Compare(a.Span.Start.Filename, b.Span.Start.Filename),
		cmp.Compare(a.Span.Start.Offset, b.Span.Start.Offset),
		cmp.Compare(a.Policy, b.Policy),
		cmp.Compare(b.Severity, a.Severity),
		cmp.Compare(a.Code, b.Code),
	)
}
