package main

import (
	"strings"
	"testing"

	"ups/policy"
)

// TestDumpJSONIdentity has the ways in which a file has UIDs, and one without a
// header.
func TestDumpJSONIdentity(t *testing.T) {
	tests := []struct {
		file policy.File
		want string // somewhere in the document
	}{
		{policy.File{UID3: 0xABC}, `"UID3":"0x00000abc","NAME":null`},
		{policy.File{NoUID3: true}, `"UID3":null,"NAME":null`},
		{policy.File{NoUID3: true, UID3: 28}, `"UID3":null,"NAME":28`},
		{policy.File{}, `"header":null,"policies":[]`},
		{policy.File{Header: &policy.Header{}, Policies: []policy.Policy{{}}}, `"sid_list":[]`},
	}
	for _, tt := range tests {
		b, err := dumpJSON(&tt.file)
		compact := strings.NewReplacer(" ", "", "\n", "").Replace(string(b))
		if err != nil || !strings.Contains(compact, tt.want) {
			t.Errorf("no %s in %s, %v", tt.want, b, err)
		}
	}
}
