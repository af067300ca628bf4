package compiler_test

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"ups/compiler"
	"ups/grammar"
	"ups/internal/readfile"
)

// memory is a file system of texts.
type memory map[string]string

func (m memory) ReadFile(name string, limit int64) ([]byte, error) {
	text, ok := m[name]
	if !ok {
		return nil, fmt.Errorf("%s: %w", name, fs.ErrNotExist)
	}
	return readfile.All(name, strings.NewReader(text), limit)
}

// A header of one's own may choose other defaults than policies.rh, and
// declare other structs beside, but no other layout (docs/language.md,
// Statements).
func TestOwnHeader(t *testing.T) {
	ours, err := os.ReadFile("../grammar/include/ups/policies.rh")
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct{ name, old, new, want string }{
		{"as it is", "", "", ""},
		{"another default", "LONG options = KYes|KNo", "LONG options = KNever", ""},
		{"no default", "WORD flags = 0", "WORD flags", ""},
		{"LTEXT in 16 bits", "LTEXT dest", "LTEXT16 dest", ""},
		{"a wider field", "WORD flags", "LONG flags", "field 8 of POLICY must be WORD flags, as the device reads it"},
		{"a field less", "WORD flags = 0;", "", "field 8 of POLICY must be WORD flags, as the device reads it"},
		{"a field less at the end", "STRUCT policies[];", "", "POLICIES must go on with STRUCT policies[], as the device reads it"},
		{"a field more", "STRUCT policies[];", "STRUCT policies[]; WORD more;", "POLICIES has no field more, as the device reads it"},
		{"no list", "sid_list[]", "sid_list", "field 2 of POLICY must be LONG sid_list[], as the device reads it"},
		{"a list of so many", "sid_list[]", "sid_list[4]", "field 2 of POLICY must be LONG sid_list[], as the device reads it"},
		{"a list without its length", "LONG sid_list", "LEN BYTE LONG sid_list", "field 2 of POLICY must be LONG sid_list[], as the device reads it"},
		{"a length before the fields", "STRUCT POLICY\n", "STRUCT POLICY WORD\n", "POLICY has no length before its fields, as the device reads it"},
		{"a default that doesn't fit", "WORD flags = 0", "WORD flags = 65536", "flags is 16 bits, -32768 to 65535, and this is 65536"},
		{"other structs", "STRUCT POLICIES", `STRUCT OTHER BYTE { BUF<4> a; BUF b(3); LONG c[4]; LEN BYTE WORD d[] = {1,2}; DOUBLE e = -1.5; LTEXT f(20) = ""; STRUCT g; SRLINK h; }
			STRUCT POLICIES`, ""},
	}
	for _, test := range tests {
		header := strings.Replace(string(ours), test.old, test.new, 1)
		opt := compiler.Options{Options: grammar.Options{IncludeDirs: []string{"own"}, Files: memory{"own/ups/policies.rh": header}}}
		src := head + "RESOURCE POLICIES p { header = POLICY_HEADER { dialogcreator = 1; }; policies = { POLICY { } }; }\n"
		got := ""
		for _, d := range compiler.Compile("a.rss", []byte(src), opt).Diagnostics {
			got += d.Message
		}
		if got != test.want {
			t.Errorf("%s: %q, want %q", test.name, got, test.want)
		}
	}
}

// What the source leaves out is as the header has it.
func TestDefaultsOfOwnHeader(t *testing.T) {
	ours, err := os.ReadFile("../grammar/include/ups/policies.rh")
	if err != nil {
		t.Fatal(err)
	}
	header := strings.NewReplacer("KYes|KNo", "KNever", `"*"`, `"+44*"`, "sid_list[]", "sid_list[] = { 7, 8 }").Replace(string(ours))
	opt := compiler.Options{Options: grammar.Options{IncludeDirs: []string{"own"}, Files: memory{"own/ups/policies.rh": header}}}
	const policies = "RESOURCE POLICIES p { header = POLICY_HEADER { dialogcreator = 1; }; policies = { POLICY { %s } }; }\n"
	got := compiler.Compile("a.rss", fmt.Appendf(nil, head+policies, ""), opt)
	want := compiler.Compile("a.rss", fmt.Appendf(nil, head+policies, `options = KNever; destination = "+44*"; sid_list = { 7, 8 };`), compiler.Options{})
	if got.Bytes == nil || string(got.Bytes) != string(want.Bytes) {
		t.Errorf("%x (%v), want %x", got.Bytes, got.Diagnostics, want.Bytes)
	}
}
