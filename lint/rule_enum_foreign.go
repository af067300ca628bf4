package lint

import "ups/diag"

var enumForeignRule = &Rule{
	ID:       "enum-foreign",
	Name:     "Constant of another enumeration",
	Severity: diag.Warning,
	Summary:  "A field is given a constant of an enumeration that isn't its own.",
	Rationale: `The value is taken all the same: ENeverCheck as a systemserversecurity is 4, which a device refuses, and
EAlwaysCheck is 0, which it takes.`,
	Bad:  example(`POLICY { systemserversecurity = EAlwaysCheck; options = KYes|KNo; }`),
	Good: example(`POLICY { systemserversecurity = ESystemServerSecurityPassedOrFailed; options = KYes|KNo; }`),
	Run:  fromCompiler,
}
