package lint

var idDigitsRule = &Rule{
	ID:       "id-digits",
	Name:     "Id of other than eight digits",
	Category: Suspicion,
	Summary:  "An id is written in hexadecimal with other than eight digits.",
	Rationale: `SIDs and UIDs have eight digits, so that one which was lost or doubled shows: 0x100003 may have been meant as
0x10000003, and as a SID it is that of no application. A number in decimal, or in a constant of the headers, is not looked at.`,
	Bad:  example(`POLICY { sid_list = { 0x100003 }; options = KYes|KNo; }`),
	Good: example(`POLICY { sid_list = { 0x10000003 }; options = KYes|KNo; }`),
	Run:  fromCompiler,
}
