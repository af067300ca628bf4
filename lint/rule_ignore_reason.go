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
