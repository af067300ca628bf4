package compiler_test

import (
	"strings"
	"testing"

	"ups/compiler"
	"ups/diag"
	"ups/policy"
)

// Policies that a device refuses are bounded in a compiled file as in a source.
func TestCheckIsBounded(t *testing.T) {
	f := &policy.File{UID2: policy.ResourceFileUID, Version: policy.FormatVersion, Header: &policy.Header{DialogCreator: 1}}
	f.Policies = make([]policy.Policy, diag.MaxDiagnostics+7)
	for i := range f.Policies {
		f.Policies[i].Options = 0x40
	}
	ds := compiler.Check(f).All()
	if ds[6].Message != "policy 7: no option has the bits 0x40: all six together are 0x3f" {
		t.Errorf("%q", ds[6].Message)
	}
	if last := ds[len(ds)-1]; len(ds) != diag.MaxDiagnostics || !strings.HasPrefix(last.Message, "8 more like this are not shown") {
		t.Errorf("%d, the last %q", len(ds), last.Message)
	}
}
