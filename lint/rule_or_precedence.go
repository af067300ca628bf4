package lint

var orPrecedenceRule = &Rule{
	ID:       "or-precedence",
	Name:     "| beside another operator",
	Category: Suspicion,
	Summary:  "An expression has | beside + - * or / without parentheses.",
	Rationale: `In a resource script | binds tighter than the others; in C, looser. 2*3|4 is 14 here and 6 there
(docs/language.md, Statements).`,
	Bad:  example(`POLICY { options = KYes+KNo|KSessionYes; }`),
	Good: example(`POLICY { options = KYes|KNo|KSessionYes; }`),
	Run:  fromCompiler,
}
