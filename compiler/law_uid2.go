package compiler

import (
	"ups/diag"
	"ups/policy"
)

// lawUID2: UID2 says that this is a policy file.
func lawUID2(f *policy.File) []diag.Diagnostic {
	const hint = "UID2 KUidUpsPolicyResourceFile"
	if f.UID2 == policy.ResourceFileUID {
		return nil
	}
	if !f.Places.Has("UID2") {
		return []diag.Diagnostic{broken(f.Places.Whole, "uid2", hint, "no UID2: the device would not take this for a policy file")}
	}
	return []diag.Diagnostic{broken(f.Places.Field("UID2"), "uid2", hint,
		"UID2 must be KUidUpsPolicyResourceFile, 0x%08X, and this is 0x%08X", policy.ResourceFileUID, f.UID2)}
}
