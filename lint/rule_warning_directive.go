package lint

var warningDirectiveRule = &Rule{
	ID:        "warning-directive",
	Name:      "#warning",
	Category:  Suspicion,
	Summary:   "A source says #warning.",
	Rationale: `Somebody left a note for whoever compiles this.`,
	Bad:       "#warning the numbers are out of date\n" + example(`POLICY { options = KYes|KNo; }`),
	Good:      "// the numbers are of 2009\n" + example(`POLICY { options = KYes|KNo; }`),
	Run:       fromCompiler,
}
