package compiler

import (
	"ups/diag"
	"ups/policy"
)

// lawOptions: options has the bits of the six buttons and no others.
func lawOptions(f *policy.File) []diag.Diagnostic {
	var out []diag.Diagnostic
	for _, p := range f.Policies {
		if unknown := p.Options &^ policy.AllOptions; unknown != 0 {
			out = append(out, broken(p.Places.Field("options"), "options",
				"combine KYes, KNo, KSessionYes, KAlways, KNever and KSessionNo with |",
				"no option has the bits %#x: all six together are %#x", uint32(unknown), uint32(policy.AllOptions)))
		}
	}
	return out
}
