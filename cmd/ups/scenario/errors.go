package scenario

import (
	"fmt"

	"ups/cmd/ups/internal/yamlfile"
	"ups/diag"
)

// Error is what keeps a scenario file from being run: a mistake in it, or in
// what it names.
type Error = yamlfile.Error

// SourceError is a policy source with errors.
type SourceError struct {
	Diagnostics []diag.Diagnostic
	Texts       map[string][]byte // of the files that they may name
}

// Error says how many there are.
func (e *SourceError) Error() string {
	return fmt.Sprintf("the source has errors: %d diagnostics", len(e.Diagnostics))
}
