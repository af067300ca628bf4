package lint

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
