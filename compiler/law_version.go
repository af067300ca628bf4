package compiler

import (
	"ups/diag"
	"ups/policy"
)

// lawVersion: the device knows one format version.
func lawVersion(f *policy.File) []diag.Diagnostic {
	if f.Version == policy.FormatVersion {
		return nil
	}
	return []diag.Diagnostic{broken(f.Places.Field("version"), "version", "leave version out; your own is majorversion, in the header",
		"the format version must be %d, and this is %d", policy.FormatVersion, f.Version)}
}
