package lint

var uidTwiceRule = &Rule{
	ID:        "uid-twice",
	Name:      "UID statement twice",
	Category:  Suspicion,
	Summary:   "UID2 or UID3 is given twice.",
	Rationale: `The last counts.`,
	Bad:       "UID3 0x20030002\n" + example(`POLICY { options = KYes|KNo; }`),
	Good:      example(`POLICY { options = KYes|KNo; }`),
	Run:       fromCompiler,
}
