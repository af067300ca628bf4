package compiler_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"ups/compiler"
)

// The warnings about sources of the corpus that are valid (docs/language.md,
// Statements). All other accepted sources have none.
var corpusWarnings = map[string][]string{
	"auth-from-wrong-enum.rss":    {"enum-foreign"},
	"charset-default-cp1252.rss":  {"charset-missing"},
	"enum-next.rss":               {"semicolon-unneeded"},
	"enum-of-another-type.rss":    {"enum-foreign"},
	"extra-semicolon-end.rss":     {"semicolon-unneeded"},
	"field-twice.rss":             {"field-twice"},
	"leading-zero-is-decimal.rss": {"leading-zero"},
	"or-binds-tightest-div.rss":   {"or-precedence"},
	"or-binds-tightest-mul.rss":   {"or-precedence"},
	"or-binds-tightest-plus.rss":  {"or-precedence"},
	"policies-missing.rss":        {"policies-missing"},
	"reserved-link-by-name.rss":   {"reserved-set"},
	"reserved-set.rss":            {"reserved-set", "reserved-set"},
	"sid-expressions.rss":         {"enum-foreign"}, // the UID2 of policy files as a SID
	"string-surrogate-half.rss":   {"surrogate-half"},
	"uid3-missing-named.rss":      {"uid3-missing"},
	"uid3-missing.rss":            {"uid3-missing"},
	"uid3-twice.rss":              {"uid-twice"},
}

func TestWarnings(t *testing.T) {
	for _, path := range sources(t, "accept", 72) {
		var got []string
		for _, d := range compileFile(t, path, compiler.Options{}).Diagnostics {
			got = append(got, d.Code)
		}
		slices.Sort(got)
		if want := corpusWarnings[filepath.Base(path)]; !slices.Equal(got, want) {
			t.Errorf("%s: warnings %v, want %v", path, got, want)
		}
	}
}

// The warning about | beside another operator shows how the expression is read.
func TestPrecedenceIsShown(t *testing.T) {
	for options, want := range map[string]string{
		"1|2+4":   "(1|2) + 4",
		"1+2|4":   "1 + (2|4)",
		"2*1|2-1": "2 * (1|2)",
	} {
		src := "#include <ups/policies.rh>\nUID2 KUidUpsPolicyResourceFile\nUID3 1\n" + fmt.Sprintf(onePolicy, "flags = "+options+";")
		r := compiler.Compile("x.rss", []byte(src), compiler.Options{})
		if len(r.Diagnostics) == 0 || !strings.HasSuffix(r.Diagnostics[0].Message, "this is read as "+want) {
			t.Errorf("%s: %v", options, r.Diagnostics)
		}
	}
}
