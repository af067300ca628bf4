package lint

// ignoreReasonRule is reported where ignores are read.
var ignoreReasonRule = &Rule{
	ID:       "ignore-reason",
	Name:     "Ignored without a reason",
	Category: Suspicion,
	Summary:  "A comment ups:ignore gives no reason.",
	Rationale: `Whoever reads the policies next must be able to judge whether what is ignored is still all right.
Without a reason the comment ignores nothing. A finding of this rule can't be ignored.`,
	Bad: example(`POLICY { options = 0; } // ups:ignore silent-reject`),
	Good: example(`// ups:ignore silent-reject this number is charged, and nobody may call it
		POLICY { options = 0; }`),
}

// ignoreUnknownRule is reported where ignores are read.
var ignoreUnknownRule = &Rule{
	ID:        "ignore-unknown",
	Name:      "An unknown rule is ignored",
	Category:  Suspicion,
	Summary:   "A comment ups:ignore names a rule that there isn't.",
	Rationale: `The comment does nothing; ups lint --list has the rules. A finding of this rule can't be ignored.`,
	Bad: example(`// ups:ignore silent-rejct this number is charged
		POLICY { options = 0; }`),
	Good: example(`// ups:ignore silent-reject this number is charged
		POLICY { options = 0; }`),
}

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
