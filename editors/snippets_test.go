package editors

import (
	"encoding/json"
	"os"
	"regexp"
	"strings"
	"testing"

	"ups/compiler"
	"ups/grammar/format"
)

type snippet struct {
	Prefix, Description string
	Body                []string
}

// placeholder is what a snippet leaves to its user: a text, or a choice.
var placeholder = regexp.MustCompile(`\$\{\d+(?::([^}]*)|\|([^,|]*)[^}]*\|)\}|\$\d+`)

// insert returns what a snippet inserts if nothing is changed.
func (s snippet) insert() string {
	return placeholder.ReplaceAllString(strings.Join(s.Body, "\n"), "$1$2")
}

func snippets(t *testing.T) map[string]snippet {
	t.Helper()
	text, err := os.ReadFile("vscode/snippets/upspolicy.json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]snippet
	if err := json.Unmarshal(text, &all); err != nil || len(all) != 7 {
		t.Fatalf("%d snippets, %v, want 7", len(all), err)
	}
	return all
}

// around is a source that a snippet is inserted into.
func around(s snippet) string {
	switch s.Prefix {
	case "policies":
		return s.insert()
	case "header":
		return s.insert() + "\n" + strings.Replace(whole, "\t\tHERE\n", "", 1)
	}
	return strings.Replace(whole, "\t\tHERE", "\t\t"+strings.ReplaceAll(s.insert(), "\n", "\n\t\t"), 1)
}

const whole = `#include <ups/policies.rh>

UID2 KUidUpsPolicyResourceFile
UID3 0x20030001

RESOURCE POLICIES x
	{
	header = POLICY_HEADER { dialogcreator = 0x20012001; };
	policies =
		{
		HERE
		POLICY { options = KYes|KNo; }
		};
	}
`

// TestSnippetsCompile checks that what snippets insert compiles, and is laid out
// as ups fmt does.
func TestSnippetsCompile(t *testing.T) {
	for name, s := range snippets(t) {
		source := around(s)
		if r := compiler.Compile("a.rss", []byte(source), compiler.Options{}); r.Failed() {
			t.Errorf("%s: %v\n%s", name, r.Diagnostics, source)
		}
		if r, err := format.Source(source); err != nil || r.Text != source {
			t.Errorf("%s: %v; ups fmt makes of it\n%s", name, err, r.Text)
		}
		if s.Description == "" || s.Prefix == "" {
			t.Errorf("%s has no description, or no prefix", name)
		}
	}
}
