package lint

// ignoreUnusedRule is reported where ignores are applied.
var ignoreUnusedRule = &Rule{
	ID:       "ignore-unused",
	Name:     "Nothing to ignore",
	Category: Suspicion,
	Fixable:  true,
	Summary:  "A comment ups:ignore ignores nothing: its rule finds nothing there, or it stands on no policy.",
	Rationale: `What it was for has gone, and the comment would hide the next mistake of its kind. It belongs before
a policy, in it, or behind it on its last line; for the whole file, above the list of policies.
A finding of this rule can't be ignored.`,
	Bad: example(`// ups:ignore silent-reject this number is charged
		POLICY { options = KYes|KNo; }`),
	Good: example(`// ups:ignore silent-reject this number is charged
		POLICY { options = 0; }`),
}
