package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"

	"ups/compiler"
	"ups/grammar"
)

// example is a row of the table of fields in docs/language.md that has one.
var example = regexp.MustCompile("(?m)^\\| (?:`(\\w+)`)? ?\\| `(\\w+)` \\|.*\\| `(\\w+ = .*;)` \\|")

// TestDocumentedFields compiles the example of each field of the built-in
// structs, and finds every constant, in docs/language.md.
func TestDocumentedFields(t *testing.T) {
	page := read(t, "../../docs/language.md")
	examples, in := map[string]string{}, ""
	for _, m := range example.FindAllStringSubmatch(page, -1) {
		if m[1] != "" {
			in = m[1]
		}
		examples[in+"."+m[2]] = strings.ReplaceAll(m[3], `\|`, "|")
	}
	tree := grammar.Parse("a.rss", []byte("#include <ups/policies.rh>\n"), grammar.Options{})
	fields, constants := 0, append([]string(nil), tree.Macros...)
	for _, s := range tree.Statements {
		switch s := s.(type) {
		case *grammar.StructDecl:
			for _, m := range s.Members {
				fields++
				compileExample(t, s.Name.Text, m.Name.Text, examples[s.Name.Text+"."+m.Name.Text])
			}
		case *grammar.Enum:
			for _, e := range s.Enumerators {
				constants = append(constants, e.Name.Text)
			}
		}
	}
	if fields != len(examples) || fields < 18 {
		t.Errorf("there are %d fields, and examples of %d", fields, len(examples))
	}
	for _, name := range constants {
		switch {
		case strings.HasPrefix(name, "_"), strings.HasSuffix(name, "_RH"), strings.HasSuffix(name, "_HRH"), strings.HasPrefix(name, "KSidClass"):
			continue
		}
		if !strings.Contains(page, "`"+name+"`") {
			t.Errorf("docs/language.md doesn't name %s", name)
		}
	}
}

func compileExample(t *testing.T, in, field, example string) {
	t.Helper()
	source := "#include <ups/policies.rh>\nUID2 KUidUpsPolicyResourceFile\nUID3 1\nRESOURCE POLICIES p\n{\n%s\n}\n"
	body := map[string]string{
		"POLICIES":      "header = POLICY_HEADER { dialogcreator = 1; };\n%s",
		"POLICY_HEADER": "header = POLICY_HEADER { dialogcreator = 1; %s };",
		"POLICY":        "header = POLICY_HEADER { dialogcreator = 1; };\npolicies = { POLICY { %s } };",
	}[in]
	if example == "" || body == "" {
		t.Errorf("docs/language.md has no example of %s in %s", field, in)
		return
	}
	r := compiler.Compile("a.rss", fmt.Appendf(nil, source, fmt.Sprintf(body, example)), compiler.Options{})
	if r.Failed() {
		t.Errorf("%s, %s: %v", in, example, r.Diagnostics)
	}
}
