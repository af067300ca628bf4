package main

import (
	"regexp"
	"strings"
	"testing"

	"ups/compiler"
)

var (
	fieldRow = regexp.MustCompile("(?m)^\\| (?:`(\\w+)`)? ?\\| `(\\w+)` \\| (.*?) \\| (.*?) \\| `.*` \\| (.*) \\|$")
	link     = regexp.MustCompile(`\[([^\]]+)\]\([^)]*\)`)
	unmarked = strings.NewReplacer("`", "", `\|`, "|")
)

// TestFieldsAsDocumented compares what the program tells of each field with
// docs/language.md.
func TestFieldsAsDocumented(t *testing.T) {
	plain := func(s string) string { return unmarked.Replace(link.ReplaceAllString(s, "$1")) }
	documented, in := map[string][3]string{}, ""
	for _, m := range fieldRow.FindAllStringSubmatch(read(t, "../../docs/language.md"), -1) {
		if m[1] != "" {
			in = m[1]
		}
		documented[in+"."+m[2]] = [3]string{plain(m[3]), plain(m[4]), plain(m[5])}
	}
	fields := compiler.Fields()
	if len(fields) != len(documented) || len(fields) < 18 {
		t.Errorf("%d fields are told of, and %d are documented", len(fields), len(documented))
	}
	for _, f := range fields {
		if got, want := [3]string{f.Type, f.Default, f.Meaning}, documented[f.Struct+"."+f.Name]; got != want {
			t.Errorf("%s.%s: told %q, documented %q", f.Struct, f.Name, got, want)
		}
	}
}
