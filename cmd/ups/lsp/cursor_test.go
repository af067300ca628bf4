package lsp

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestCursor finds out what a place is; ^ marks it.
func TestCursor(t *testing.T) {
	tests := []struct {
		text            string
		word, directive string
		scopes          string // structs from the outermost, and the field whose value is written
		given           string // in the innermost
	}{
		{"^", "", "", "", ""},
		{"#inc^lude <a.h>\n", "include", "include", "", ""},
		{"#^\nUID2 1", "", "#", "", ""},
		{"# ^", "", "#", "", ""},
		{"#include ^\nUID2 1", "", "include", "", ""},
		{"#include <a.h>\n^UID2 1", "UID2", "", "", ""},
		{"#include <a.h>\n^\nUID2 1", "", "", "", ""},
		{"RESOURCE POLICIES p { ^ }", "", "", "POLICIES", ""},
		{"RESOURCE POLICIES { he^ }", "he", "", "POLICIES", ""},
		{"RESOURCE POLICIES p { header = POLICY_HEADER { a = 1; ^ b = 2; }; }", "", "", "POLICIES.header POLICY_HEADER", "a b"},
		{"RESOURCE POLICIES p { policies = { ^ }; }", "", "", "POLICIES.policies list", ""},
		{"RESOURCE POLICIES p { policies = { POLICY { options = KYes|^ } }; }", "", "", "POLICIES.policies list POLICY.options", "options"},
		{"POLICY { sid_list = {1, 0x^2}; options = KNo; }", "0x2", "", "POLICY.sid_list list", ""},
		{"POLICY { sid_list = {1}; ^ options = KNo; x { y = 1; } }", "", "", "POLICY", "sid_list options"},
		{"POLICY { destination = \"+4^4\"; }", "\"+44\"", "", "POLICY.destination", "destination"},
		{"POLICY { destination = \"+44\"^; }", "", "", "POLICY.destination", "destination"},
		{"POLICY { destination = \"+4^\n options = KNo; }", "\"+4", "", "POLICY.destination", "destination options"},
		{"POLICY { } // not he^re {\n", "// not here {", "", "", ""},
		{"enum { A, B^ }", "B", "", "enum", ""},
		{"enum E { A = 1, ^ }", "", "", "enum", ""},
		{"POLICY {\n#ifdef X^\noptions = KNo;\n#endif\n}", "X", "ifdef", "POLICY", ""},
		{"POLICY {\n#ifdef X\noptions = ^KNo;\n#endif\n}", "KNo", "", "POLICY.options", "options"},
		{"} } ^", "", "", "", ""},
	}
	for _, tt := range tests {
		offset := strings.IndexByte(tt.text, '^')
		c := cursorAt(strings.Replace(tt.text, "^", "", 1), offset)
		var scopes []string
		for _, s := range c.scopes {
			name := s.of
			if name == "" {
				name = "list"
			}
			if s.value != "" {
				name += "." + s.value
			}
			scopes = append(scopes, name)
		}
		got := []string{c.word.Text, c.directive, strings.Join(scopes, " "), strings.Join(c.innermost().given, " ")}
		if d := cmp.Diff([]string{tt.word, tt.directive, tt.scopes, tt.given}, got); d != "" {
			t.Errorf("%s\n-want +got:\n%s", tt.text, d)
		}
	}
}
