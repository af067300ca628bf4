package lint

var semicolonUnneededRule = &Rule{
	ID:        "semicolon-unneeded",
	Name:      "Semicolon after a statement",
	Category:  Opinion,
	Fixable:   true,
	Summary:   "A semicolon stands after a statement, where none is needed.",
	Rationale: `A statement ends by itself; only a field of a struct ends in a semicolon (docs/language.md, Statements).`,
	Bad:       example(`POLICY { options = KYes|KNo; }`) + ";\n",
	Good:      example(`POLICY { options = KYes|KNo; }`),
	Run:       fromCompiler,
}
