package compiler

import (
	"ups/diag"
	"ups/policy"
)

// lawAuthorisation: the authorisation policy is one that there is.
func lawAuthorisation(f *policy.File) []diag.Diagnostic {
	if f.Header == nil || f.Header.AuthorisationPolicy <= policy.NeverCheck {
		return nil
	}
	return []diag.Diagnostic{broken(f.Header.Places.Field("authorisationpolicy"), "authorisationpolicy",
		"one of EAlwaysCheck, ECheckPostManufacture, ECheckUnprotectedSids, ECheckIfFailed, ENeverCheck",
		"authorisationpolicy is 0 to 4, and this is %d, which would never ask", f.Header.AuthorisationPolicy)}
}
