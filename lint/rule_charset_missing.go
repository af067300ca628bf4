package lint

var charsetMissingRule = &Rule{
	ID:       "charset-missing",
	Name:     "UTF-8 without CHARACTER_SET",
	Category: Suspicion,
	Summary:  "A string has bytes of UTF-8, but the source doesn't say so.",
	Rationale: `Without CHARACTER_SET UTF8 the bytes are read as CP1252: ü becomes two other characters, and the policy
never matches what it names (docs/language.md, Tokens).`,
	Bad:  example(`POLICY { destination = "*.zürich.example"; options = KYes|KNo; }`),
	Good: "CHARACTER_SET UTF8\n" + example(`POLICY { destination = "*.zürich.example"; options = KYes|KNo; }`),
	Run:  fromCompiler,
}
