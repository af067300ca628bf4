package lint

var enumForeignRule = &Rule{
	ID:       "enum-foreign",
	Name:     "Constant of another field",
	Category: Defect,
	Summary:  "A field is given a constant that is meant for another.",
	Rationale: `The value is taken all the same: KYes as the authorisationpolicy is 1, which is ECheckPostManufacture, and as
sid_classes the class of SIDs that begin with 0.`,
	Bad:  exampleWith("authorisationpolicy = KYes;", `POLICY { options = KYes|KNo; }`),
	Good: exampleWith("authorisationpolicy = ECheckPostManufacture;", `POLICY { options = KYes|KNo; }`),
	Run:  fromCompiler,
}
