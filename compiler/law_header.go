package compiler

import (
	"ups/diag"
	"ups/policy"
)

// lawHeader: there is a header, and it names a dialog creator.
func lawHeader(f *policy.File) []diag.Diagnostic {
	const hint = "header = POLICY_HEADER { dialogcreator = 0x…; };"
	switch {
	case f.Header == nil:
		return []diag.Diagnostic{broken(f.Places.Whole, "header-missing", hint, "no header: a policy file must name its dialog creator")}
	case f.Header.DialogCreator != 0:
		return nil
	case f.Header.Places.Has("dialogcreator"):
		return []diag.Diagnostic{broken(f.Header.Places.Field("dialogcreator"), "dialogcreator", "give the implementation UID of a dialog creator",
			"dialogcreator must not be 0")}
	}
	return []diag.Diagnostic{broken(f.Header.Places.Whole, "dialogcreator", hint, "no dialogcreator: it is the one field that a header must give")}
}
