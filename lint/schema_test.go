package lint_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
	"pgregory.net/rapid"

	"ups/grammar"
	"ups/lint"
)

const schemaFile = "../docs/ups.schema.json"

// rulesKey begins the part of the schema that is made from the rules, the last
// of it.
const rulesKey = "\n    \"rules\": {"

type schemaRules struct {
	Title       string                `json:"title"`
	Description string                `json:"description"`
	Type        []string              `json:"type"`
	Properties  map[string]schemaRule `json:"properties"`
	Additional  bool                  `json:"additionalProperties"`
}

type schemaRule struct {
	Title       string `json:"title"`
	Description string `json:"description"`
	Ref         string `json:"$ref"`
}

// ruleSchema returns the part of the schema that is made from the rules.
func ruleSchema(t *testing.T) string {
	t.Helper()
	of := schemaRules{
		Title: "Rules", Description: "Severities by the id of a rule, in place of those of the categories. ups lint --list lists the rules, and ups explain RULE explains one.",
		Type: []string{"object", "null"}, Properties: map[string]schemaRule{},
	}
	for _, r := range lint.Rules() {
		of.Properties[r.ID] = schemaRule{
			Title:       r.Name,
			Description: fmt.Sprintf("%s Category: %s (%s).", r.Summary, r.Category, r.Category.Severity()),
			Ref:         "#/$defs/setting",
		}
	}
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("    ", "  ")
	if err := e.Encode(of); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSuffix(rulesKey, "{") + b.String() + "  }\n}\n"
}

// TestSchemaRules checks that the schema has the rules that there are.
func TestSchemaRules(t *testing.T) {
	text, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	before, _, found := strings.Cut(string(text), rulesKey)
	if !found {
		t.Fatalf("%s has no rules at its end", schemaFile)
	}
	want := before + ruleSchema(t)
	if *update {
		if err := os.WriteFile(schemaFile, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
	} else if string(text) != want {
		t.Errorf("%s isn't up to date: write it anew with -update", schemaFile)
	}
}

// TestSchemaNames checks the other closed sets of the schema.
func TestSchemaNames(t *testing.T) {
	text, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Properties struct {
			Lint struct {
				Properties struct {
					Profile struct{ Enum []string }
				}
			}
		}
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	if got := schema.Properties.Lint.Properties.Profile.Enum; fmt.Sprint(got) != fmt.Sprint(lint.ProfileNames()) {
		t.Errorf("profiles %v, want %v", got, lint.ProfileNames())
	}
}

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// taken reports whether the schema takes a text, as an editor would that reads
// it, and whether the parser does.
func taken(s *jsonschema.Schema, dir, text string) (schema, parser bool) {
	_, err := lint.ParseConfig(grammar.Disk{}, filepath.Join(dir, lint.ConfigName), []byte(text))
	var v any
	invalid := yaml.Unmarshal([]byte(text), &v)
	return invalid == nil && s.Validate(v) == nil, err == nil
}

// schemaTests are configurations that the schema and the parser must agree on.
var schemaTests = map[bool][]string{
	true: {
		"", "# nothing\n", "{}", "~", "lint:\n", "lint: {}", "lint:\n  rules:\n",
		"include: []", "include: [inc]", "include: [., inc]", "include: [2024]",
		"define: {}", "define: {A: 1, _b2: x y, C: , D: '', E: 1.5, F: true}",
		"exclude: []", `exclude: [vendor/**, "a[b-c]?", '[^x]', '[^^]', '[x^]', '\[', 'a]']`,
		"lint: {profile: all}", "lint: {profile: defects}", "lint: {profile: recommended}",
		"lint: {fail-level: info}", "lint: {fail-level: warning}", "lint: {fail-level: error}",
		"lint: {rules: {catch-all: off, order: info, uncovered: warning, uid-twice: error}}",
		"lint: {include: [a], exclude: [b]}", "lint: {budget: 1}", "lint: {budget: 1073741824}",
	},
	false: {
		"x", "[lint]", "lint: [x]", "lint: x", "lnt:\n", "profile: all", "rules: {}",
		"include: inc", "include:\n", "include: {a: b}", "include: [[inc]]", "include: ['']",
		"define: [A]", "define: A", "define:\n", "define: {1A: 1}", "define: {A-B: 1}", "define: {A: [1]}", "define: {A: {B: 1}}", `define: {A: "1\n2"}`,
		"exclude: old", "exclude:\n", "exclude: [{a: b}]", "exclude: ['']", "exclude: ['a[b']", "exclude: ['[]']", "exclude: ['[^]']", "exclude: ['[b-]']", `exclude: ['a\']`,
		"lint: {profile: al}", "lint: {profile: [all]}", "lint: {profile: }", "lint: {profile: 1}",
		"lint: {fail-level: off}", "lint: {fail-level: true}",
		"lint: {rules: [catch-all]}", "lint: {rules: {catch-al: off}}", "lint: {rules: {catch-all: of}}", "lint: {rules: {catch-all: }}", "lint: {rules: {catch-all: [off]}}",
		"lint: {include: a}", "lint: {exclude: ['[']}",
		"lint: {budget: 0}", "lint: {budget: -1}", "lint: {budget: 1.5}", "lint: {budget: many}", "lint: {budget: [1]}", "lint: {budget: }",
		"lint: {", "lint: {define: {}}",
	},
}

// TestSchemaAgreesWithParser checks that who follows the schema is understood.
func TestSchemaAgreesWithParser(t *testing.T) {
	s, dir := compileSchema(t), t.TempDir()
	for _, name := range []string{"inc", "2024"} {
		if err := os.Mkdir(filepath.Join(dir, name), 0o777); err != nil {
			t.Fatal(err)
		}
	}
	for want, texts := range schemaTests {
		for _, text := range texts {
			if schema, parser := taken(s, dir, text); schema != want || parser != want {
				t.Errorf("%q: the schema takes it: %v, the parser: %v, want %v", text, schema, parser, want)
			}
		}
	}
}

// TestSchemaDiffersFromParser lists what a schema can't say, and what it leaves
// out because nobody should write it.
func TestSchemaDiffersFromParser(t *testing.T) {
	s, dir := compileSchema(t), t.TempDir()
	for text, parser := range map[string]bool{
		"include: [nosuch]":         false, // a file system is no part of it
		"lint:\n---\nlint:\n":       false, // a validator sees one document
		"exclude: [~]":              true,  // a glob ~, and YAML's null
		"lint: {budget: '1'}":       true,  // a number in quotes
		"lint: {budget: 1000000.0}": false, // a whole number to a schema
	} {
		inSchema, inParser := taken(s, dir, text)
		if inParser != parser || inSchema == inParser {
			t.Errorf("%q: the schema takes it: %v, the parser: %v", text, inSchema, inParser)
		}
	}
}

// TestSchemaGlobs checks the pattern of globs against what they are parsed with.
func TestSchemaGlobs(t *testing.T) {
	s, dir := compileSchema(t), t.TempDir()
	rapid.Check(t, func(t *rapid.T) {
		glob := rapid.StringOfN(rapid.RuneFrom([]rune(`ab[]^-\*?/`)), 1, 8, -1).Draw(t, "glob")
		if schema, parser := taken(s, dir, "exclude: ['"+glob+"']"); schema != parser {
			t.Errorf("%q: the schema takes it: %v, the parser: %v", glob, schema, parser)
		}
	})
}
