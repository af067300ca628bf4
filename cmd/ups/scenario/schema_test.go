package scenario

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

const docs = "../../../docs"

func schemaOf(t testing.TB) *jsonschema.Schema {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(docs, "scenario.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	c := jsonschema.NewCompiler()
	if err := c.AddResource("scenario.json", doc); err != nil {
		t.Fatal(err)
	}
	s, err := c.Compile("scenario.json")
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// generic returns a node as JSON readers see it: keys are texts as written.
func generic(t testing.TB, n *yaml.Node) any {
	switch n.Kind {
	case yaml.DocumentNode:
		return generic(t, n.Content[0])
	case yaml.MappingNode:
		m := map[string]any{}
		for i := 0; i < len(n.Content); i += 2 {
			m[n.Content[i].Value] = generic(t, n.Content[i+1])
		}
		return m
	case yaml.SequenceNode:
		list := []any{}
		for _, item := range n.Content {
			list = append(list, generic(t, item))
		}
		return list
	}
	var v any
	if err := n.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func validate(t testing.TB, s *jsonschema.Schema, text []byte) error {
	var doc yaml.Node
	if err := yaml.Unmarshal(text, &doc); err != nil || doc.Kind == 0 {
		return fmt.Errorf("not YAML: %v", err)
	}
	return s.Validate(generic(t, &doc))
}

// The schema takes what the parser takes: the scenario files of the tests, the
// examples, and those in the docs.
func TestSchemaTakesScenarios(t *testing.T) {
	s := schemaOf(t)
	found, err := Find([]string{"testdata", "../../../examples/handset"})
	if err != nil || len(found.Files) < goldens+1 {
		t.Fatalf("%d files, %v", len(found.Files), err)
	}
	texts := map[string][]byte{}
	for _, path := range found.Files {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		texts[path] = text
	}
	for i, text := range docExamples(t) {
		texts[fmt.Sprintf("example %d of the docs", i+1)] = []byte(text)
	}
	for name, text := range texts {
		if err := validate(t, s, text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if _, err := Parse(name, text); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// formless are mistakes that a schema doesn't find: those in names, and what
// YAML reads as a number.
const formless = 16

// The schema refuses the mistakes that the parser does, but for some that it
// can't express.
func TestSchemaRefusesMistakes(t *testing.T) {
	s := schemaOf(t)
	taken := 0
	for _, text := range fuzzSeeds(t)[:len(mistakes)+len(stepMistakes)] {
		if validate(t, s, []byte(text)) == nil {
			taken++
			t.Logf("taken:\n%s", text)
		}
	}
	if taken != formless {
		t.Errorf("the schema takes %d of the mistakes, want %d", taken, formless)
	}
}

// The schema knows each thing that can be expected, each step, and no other.
func TestSchemaKnowsAllKeys(t *testing.T) {
	s := schemaOf(t)
	const step = "scenarios: [ { name: x, steps: [ { request: x, client: a, expect: { %s: %s } } ] } ]"
	for _, v := range expectationTests {
		for _, value := range append(v.wrong, v.right) {
			if err := validate(t, s, fmt.Appendf(nil, step, v.what, value)); err != nil {
				t.Errorf("%s: %s: %v", v.what, value, err)
			}
		}
		if validate(t, s, fmt.Appendf(nil, step, v.what, "{}")) == nil || validate(t, s, fmt.Appendf(nil, step, v.what+"s", v.right)) == nil {
			t.Errorf("%s: nonsense is taken", v.what)
		}
	}
	text, err := os.ReadFile(filepath.Join(docs, "scenario.schema.json"))
	if err != nil {
		t.Fatal(err)
	}
	for _, verb := range names((&parser{File: &File{}}).verbs()) {
		if !strings.Contains(string(text), `"`+verb+`": {`) {
			t.Errorf("the schema has no step %q", verb)
		}
	}
	for _, name := range errorNames() {
		if !strings.Contains(string(text), `"`+name+`"`) {
			t.Errorf("the schema has no error %q", name)
		}
	}
}

// The examples of the docs pass, with the policies of the handset.
func TestDocExamplesPass(t *testing.T) {
	const handset = "../../../examples/handset"
	entries, err := os.ReadDir(handset)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	for _, e := range entries {
		if IsFile(e.Name()) {
			continue
		}
		text, err := os.ReadFile(filepath.Join(handset, e.Name()))
		if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, e.Name()), string(text))
	}
	for i, text := range docExamples(t) {
		path := filepath.Join(dir, fmt.Sprintf("%d%s", i, suffix))
		write(t, path, text)
		if r := Run(t.Context(), path, Options{}); r.Err != nil || r.Failed() > 0 || len(r.Scenarios) == 0 {
			t.Errorf("example %d: %v, %+v", i+1, r.Err, r.Scenarios)
		}
	}
}

// The example of the handset passes, and leaves out no policy.
func TestHandset(t *testing.T) {
	r := Run(t.Context(), "../../../examples/handset/handset.scenario.yaml", Options{})
	if hit, policies := r.Coverage.Total(); r.Err != nil || r.Failed() > 0 || hit != policies || policies != 23 {
		t.Errorf("%v, %d failed, %d of %d policies are hit", r.Err, r.Failed(), hit, policies)
	}
}

// docExamples returns the scenario files in the docs.
func docExamples(t testing.TB) []string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(docs, "scenarios.md"))
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, block := range strings.Split(string(text), "```yaml\n")[1:] {
		block, _, _ = strings.Cut(block, "```")
		if strings.Contains(block, "scenarios:") {
			all = append(all, block)
		}
	}
	if len(all) < 2 {
		t.Fatalf("%d scenario files in the docs", len(all))
	}
	return all
}
