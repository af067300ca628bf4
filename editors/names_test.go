// Package editors tests what editors are given for policy sources: highlighting
// and snippets. What needs an editor has the build tag editors (make editors).
package editors

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ups/grammar"
)

// known is the names that the built-in headers declare.
type known struct{ structs, fields, constants []string }

func builtin(t *testing.T) (k known) {
	t.Helper()
	tree := grammar.Parse("a.rss", []byte("#include <ups/policies.rh>\n"), grammar.Options{})
	for _, s := range tree.Statements {
		switch s := s.(type) {
		case *grammar.StructDecl:
			k.structs = append(k.structs, s.Name.Text)
			for _, m := range s.Members {
				k.fields = append(k.fields, m.Name.Text)
			}
		case *grammar.Enum:
			for _, e := range s.Enumerators {
				k.constants = append(k.constants, e.Name.Text)
			}
		}
	}
	for _, name := range tree.Macros {
		if strings.HasPrefix(name, "K") {
			k.constants = append(k.constants, name)
		}
	}
	if len(k.structs) != 3 || len(k.constants) < 30 {
		t.Fatalf("the headers declare %d structs and %d constants", len(k.structs), len(k.constants))
	}
	return known{sorted(k.structs), sorted(k.fields), sorted(k.constants)}
}

func sorted(names []string) []string {
	slices.Sort(names)
	return slices.Compact(names)
}

func same(t *testing.T, where, what string, got, want []string) {
	t.Helper()
	if got := sorted(got); !slices.Equal(got, want) {
		t.Errorf("%s: %s %q, want %q", where, what, got, want)
	}
}

// TestVimNames checks that the syntax file knows the names of the headers.
func TestVimNames(t *testing.T) {
	const name = "vim/syntax/upspolicy.vim"
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]string{}
	for _, m := range regexp.MustCompile(`(?m)^syntax keyword (\w+) (.*)$`).FindAllStringSubmatch(string(text), -1) {
		got[m[1]] = append(got[m[1]], strings.Fields(m[2])...)
	}
	want := builtin(t)
	same(t, name, "structs", got["upspolicyStruct"], want.structs)
	same(t, name, "fields", got["upspolicyField"], want.fields)
	same(t, name, "constants", got["upspolicyBuiltin"], want.constants)
}

// TestVSCodeNames checks that the TextMate grammar does.
func TestVSCodeNames(t *testing.T) {
	const name = "vscode/syntaxes/upspolicy.tmLanguage.json"
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var grammar struct {
		Repository map[string]struct{ Patterns []struct{ Match string } }
	}
	if err := json.Unmarshal(text, &grammar); err != nil {
		t.Fatal(err)
	}
	names := func(rule string, i int) []string {
		m := regexp.MustCompile(`\(\?:([A-Za-z0-9_|]+)\)`).FindStringSubmatch(grammar.Repository[rule].Patterns[i].Match)
		if m == nil {
			t.Fatalf("%s: rule %s has no names", name, rule)
		}
		return strings.Split(m[1], "|")
	}
	want := builtin(t)
	same(t, name, "structs", names("name", 0), want.structs)
	same(t, name, "fields", names("name", 1), want.fields)
	same(t, name, "constants", names("constant", 0), want.constants)
}
