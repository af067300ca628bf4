package report

import "ups/diag"

// Finding is a diagnostic of lint, with what is known beyond its place.
type Finding struct {
	diag.Diagnostic
	Path        string   // of the policy list; the span may be in a file that it includes
	Category    string   // "defect", "suspicion" or "opinion"; "" for what the compiler says
	Policy      int      // number of the policy that it is about, from 1; 0 for the file
	Also        []int    // numbers of other policies that it is about
	Culprits    []int    // numbers of the policies that cause it
	Witness     *Witness // a request that shows it; may be nil
	Fails       bool     // it fails the run
	Fingerprint string   // stays the same while the policy is moved
}

// Witness is a request.
type Witness struct {
	SID         uint32
	Passed      bool // whether the system server's own check passed
	Destination string
}

// Rule is what a report says of the rule behind findings.
type Rule struct {
	ID, Name, Summary string
	Help              string // for people, in Markdown
	Severity          diag.Severity
}

// Diagnostics returns the diagnostics of findings.
func Diagnostics(fs []Finding) []diag.Diagnostic {
	out := make([]diag.Diagnostic, len(fs))
	for i, f := range fs {
		out[i] = f.Diagnostic
	}
	return out
}
