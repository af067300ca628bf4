package compiler

import (
	"fmt"

	"ups/diag"
	"ups/policy"
)

// laws are what a device holds a policy file to (docs/service.md,
// Policy files), each in a file of its own.
var laws = []func(*policy.File) []diag.Diagnostic{
	lawUID2, lawVersion, lawHeader, lawAuthorisation, lawSecurity, lawOptions,
}

// Check gives the laws of the device that a policy file breaks. All are
// errors.
func Check(f *policy.File) []diag.Diagnostic {
	var out []diag.Diagnostic
	for _, law := range laws {
		out = append(out, law(f)...)
	}
	return out
}

// broken makes the diagnostic of a broken law.
func broken(at diag.Place, code, hint, format string, args ...any) diag.Diagnostic {
	return diag.Diagnostic{
		Code: code, Severity: diag.Error, Message: fmt.Sprintf(format, args...), Hint: hint,
	}.At(at)
}
