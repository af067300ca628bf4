// Package findings hands what lint has found to its reports.
package findings

import (
	"ups/lint"
	"ups/lint/report"
)

// Reported returns findings as reports take them. None is marked as one that
// makes a run fail.
func Reported(all []lint.Finding) []report.Finding {
	out := make([]report.Finding, len(all))
	for i, f := range all {
		out[i] = reported(f)
	}
	return out
}

func reported(f lint.Finding) report.Finding {
	out := report.Finding{
		Diagnostic: f.Diagnostic, Path: f.Path, Policy: f.Policy, Also: f.Also, Culprits: f.Culprits, Fingerprint: f.Fingerprint,
	}
	if f.Category != 0 {
		out.Category = f.Category.String()
	}
	if w := f.Witness; w != nil {
		out.Witness = &report.Witness{SID: w.SID, Passed: w.Passed, Destination: w.Destination.String()}
	}
	return out
}
