package compiler

import (
	"ups/diag"
	"ups/policy"
)

// lawSecurity: a policy is for a check that passed, that failed, or both.
func lawSecurity(f *policy.File) []diag.Diagnostic {
	var out []diag.Diagnostic
	for _, p := range f.Policies {
		if p.Security > policy.Passed {
			out = append(out, broken(p.Places.Field("systemserversecurity"), "systemserversecurity",
				"one of ESystemServerSecurityPassedOrFailed, ESystemServerSecurityFailed, ESystemServerSecurityPassed",
				"systemserversecurity is 0, 1 or 2, and this is %d", p.Security))
		}
	}
	return out
}
