package config

import (
	"encoding/json"
	"fmt"
	"go/ast"
	goparser "go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

const schemaFile = "../../../../docs/serve.schema.json"

// taken reports whether the schema takes a text, as an editor would that reads it,
// and whether the parser does.
func taken(t *testing.T, s *jsonschema.Schema, text string) (schema, parser bool) {
	t.Helper()
	_, err := Parse("/etc/ups/serve.yaml", []byte(text), fakeAccounts{})
	var doc yaml.Node
	if err := yaml.Unmarshal([]byte(text), &doc); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return s.Validate(value(t, doc.Content[0])) == nil, err == nil
}

// value returns a node as JSON has it, where keys are texts as they are written.
func value(t *testing.T, n *yaml.Node) (v any) {
	t.Helper()
	switch n.Kind {
	case yaml.MappingNode:
		object := map[string]any{}
		for i := 0; i < len(n.Content); i += 2 {
			object[n.Content[i].Value] = value(t, n.Content[i+1])
		}
		return object
	case yaml.SequenceNode:
		list := []any{}
		for _, item := range n.Content {
			list = append(list, value(t, item))
		}
		return list
	}
	if err := n.Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

func compileSchema(t *testing.T) *jsonschema.Schema {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

const (
	listening = "policies: {rom: rom}\ndecisions: d\nidentities: []\nlisten: [{"
	tls       = "tcp: ':1', certificate: c, key: k, clients: l"
	known     = minimal2 + "plug-ins: {creators: {0x1: attached}}\nidentities: [{name: a, "
)

// TestSchemaTakesExamples checks that who is understood follows the schema.
func TestSchemaTakesExamples(t *testing.T) {
	s := compileSchema(t)
	shipped := distributed(t, "serve.yaml")
	for _, text := range []string{
		minimal, full, shipped, uncommented(shipped),
		listening + tls + "}]", listening + "unix: s, mode: 0777}]", listening + "unix: s, mode: '0600', group: 5}]",
		known + "uid: 1, attach: {creators: [0x1]}}]", known + "gid: ups, status: true}]", known + "certificate: {dns: a}}]", known + "certificate: {authority: c}}]",
		known + "uid: 1, unit: a.scope, executable: /a}]", known + "uid: 1, sid: 0x1, capabilities: [AllFiles, ProtServ]}]",
		minimal + "idle: never", minimal + "idle: 1m30s", minimal + "stop: 0.5s", minimal + "log: {mask: []}", minimal + "limits: {}",
		minimal + "plug-ins: {creators: {0x1: panel, 0x0: desktop}}\npanel: {listen: '127.0.0.1:0', password-file: p}", minimal + "panel: {listen: '[::1]:80'}", minimal + "panel: {listen: '[::1]:80', names: {clients: {0x1: a}, servers: {}}}",
		minimal + "metrics: {listen: 'unix:m.sock'}", minimal + "metrics: {listen: '[::1]:9464'}", minimal + "decision-log: {file: '-', mask: []}",
		minimal + "traces: {endpoint: 'http://localhost:4318/v1/traces'}", minimal + "traces: {endpoint: 'http://[::1]:4318/', sample: 0.01}",
	} {
		if schema, parser := taken(t, s, text); !schema || !parser {
			t.Errorf("%s\nthe schema takes it: %v, the parser: %v", text, schema, parser)
		}
	}
}

// TestSchemaRefusesMistakes checks that who follows the schema is understood.
func TestSchemaRefusesMistakes(t *testing.T) {
	s := compileSchema(t)
	for _, text := range []string{
		"x", "{}", "policies: {rom: rom}\ndecisions: d\nlisten: []\nidentities: []", minimal + "more: 1", minimal + "panel: {}",
		"policies: {system: s}\ndecisions: d\nlisten: [{unix: s}]\nidentities: []",
		minimal + "idle: 0s", minimal + "idle: soon", minimal + "stop: 2", minimal + "stop: never", minimal + "stop: -1s",
		minimal + "limits: {sessions: 0}", minimal + "limits: {message-bytes: 16777217}", minimal + "limits: {message-bytes: 65535}", minimal + "limits: {rate: 1.5}",
		minimal + "deadlines: {display: 0ms}", minimal + "log: {level: loud}", minimal + "log: {mask: all}",
		minimal + "plug-ins: {evaluators: {0x00: destination}}", minimal + "plug-ins: {evaluators: {0x1: terminal}}", minimal + "plug-ins: {creators: {5: attached}}",
		minimal + "answers: [{uses: 0}]", minimal + "answers: [{after: 0d}]", minimal + "answers: [{after: -1d}]", minimal + "answers: [{age: 1}]",
		minimal + "answers: [{server: 0x0, uses: 1}]", minimal + "answers: [{service: 0x1, uses: 1}]", minimal + "answers: {uses: 1}",
		minimal + "panel: {listen: '0.0.0.0:80'}", minimal + "panel: {listen: 127.0.0.1}", minimal + "panel: {password-file: p}", minimal + "panel: {listen: '[::1]:80', names: {clients: {1: a}}}", minimal + "panel: {listen: '[::1]:80', names: {servers: {0x1: ''}}}", minimal + "panel: {listen: '[::1]:80', names: {client: {}}}",
		minimal + "metrics: {}", minimal + "metrics: {listen: ':9464'}", minimal + "metrics: {listen: '192.0.2.1:9464'}", minimal + "metrics: {listen: 'unix:'}",
		minimal + "metrics: {listen: 'unix:@a'}", minimal + "metrics: {listen: 'unix:" + long + "'}", minimal + "metrics: {listen: unix}",
		minimal + "decision-log: {}", minimal + "decision-log: {mask: [client]}", minimal + "decision-log: {file: d, mask: [all]}", minimal + "decision-log: d",
		listening + "}]", listening + "unix: '@a'}]", listening + "unix: s, " + tls + "}]", listening + "unix: s, key: k}]", listening + "tcp: ':1'}]",
		listening + tls + ", mode: 0600}]", listening + "unix: s, mode: 888}]", listening + "unix: s, mode: 01777}]", listening + "unix: " + long + "}]",
		known + "uid: 1}, {uid: 2}]", known + "sid: 0x1}]", known + "unit: a.service}]", known + "executable: /a}]",
		known + "uid: 1, unit: a}]", known + "uid: 1, certificate: {dns: a}}]", known + "certificate: {}}]", known + "certificate: {fingerprint: ab}}]",
		known + "uid: 4294967295}]", known + "uid: 1, capabilities: [ProtServ]}]", known + "uid: 1, capabilities: [All]}]", known + "uid: 1, status: maybe}]", known + "uid: 1, reload: maybe}]",
	} {
		if schema, parser := taken(t, s, text); schema || parser {
			t.Errorf("%s\nthe schema takes it: %v, the parser: %v", text, schema, parser)
		}
	}
}

// TestSchemaDiffersFromParser lists what a schema can't say, and what it leaves out
// because nobody should write it.
func TestSchemaDiffersFromParser(t *testing.T) {
	s := compileSchema(t)
	for text, parser := range map[string]bool{
		minimal + "stop: 25h":                            false, // an order of times
		minimal + "answers: [{after: 1ms}]":              false,
		known + "uid: nobody-here}]":                     false, // the accounts of the machine
		known + "uid: 1, attach: {creators: [0x2]}}]":    false, // what stands elsewhere in the file
		known + "uid: 1}, {name: a, uid: 2}]":            false,
		minimal + "plug-ins: {creators: {0x1: panel}}":   false,
		known + "uid: 1, sid: 5}]":                       false, // 0x5 and 5 are one number to a schema
		minimal + "limits: {sessions: '1', rate: '0x1'}": true,  // a number in quotes
	} {
		inSchema, inParser := taken(t, s, text)
		if inParser != parser || inSchema == inParser {
			t.Errorf("%s\nthe schema takes it: %v, the parser: %v", text, inSchema, inParser)
		}
	}
}

// TestSchemaKeys checks that the schema has the keys that the parser has: each mapping
// of the parser's source is among those of the schema, and each key of the schema is
// in the source.
func TestSchemaKeys(t *testing.T) {
	inSource, inSchema := sourceKeys(t), schemaKeys(t)
	for at, keys := range inSource {
		if !slices.ContainsFunc(inSchema, func(has []string) bool { return containsAll(has, keys) }) {
			t.Errorf("%s: no object of docs/serve.schema.json has all the keys %v: add what is missing, with a title", at, keys)
		}
	}
	all := slices.Concat(slices.Collect(maps.Values(inSource))...)
	for _, keys := range inSchema {
		if !containsAll(all, keys) {
			t.Errorf("of the keys %v of docs/serve.schema.json the parser doesn't have all", keys)
		}
	}
	if len(inSource) < 10 || len(inSchema) < 10 {
		t.Errorf("%d mappings in the source and %d in the schema: not all are found", len(inSource), len(inSchema))
	}
}

func containsAll(set, of []string) bool {
	return !slices.ContainsFunc(of, func(s string) bool { return !slices.Contains(set, s) })
}

// sourceKeys returns the keys of each map in the source of the parser, by its place.
func sourceKeys(t *testing.T) map[string][]string {
	t.Helper()
	names, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	all, files := map[string][]string{}, token.NewFileSet()
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		f, err := goparser.ParseFile(files, name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(f, func(n ast.Node) bool {
			if lit, is := n.(*ast.CompositeLit); is {
				if keys := literalKeys(lit); len(keys) > 0 {
					all[files.Position(lit.Pos()).String()] = keys
				}
			}
			return true
		})
	}
	return all
}

// literalKeys returns the keys of a literal that are texts.
func literalKeys(lit *ast.CompositeLit) (keys []string) {
	for _, e := range lit.Elts {
		if pair, is := e.(*ast.KeyValueExpr); is {
			if key, is := pair.Key.(*ast.BasicLit); is && key.Kind == token.STRING {
				name, _ := strconv.Unquote(key.Value) // the Go parser has taken it
				keys = append(keys, name)
			}
		}
	}
	return keys
}

// schemaKeys returns the keys of each object of the schema that may have no others.
func schemaKeys(t *testing.T) (all [][]string) {
	t.Helper()
	text, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	var root any
	if err := json.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	var walk func(at string, v any)
	walk = func(at string, v any) {
		object, _ := v.(map[string]any)
		properties, _ := object["properties"].(map[string]any)
		if object["additionalProperties"] == false {
			all = append(all, slices.Sorted(maps.Keys(properties)))
			for name, property := range properties {
				if p, is := property.(map[string]any); !is || p["title"] == nil {
					t.Errorf("%s.%s has no title", at, name)
				}
			}
		}
		for name, v := range object {
			walk(at+"."+name, v)
		}
	}
	walk("", root)
	return all
}

// TestSchemaNames checks the closed sets that the parser has as such.
func TestSchemaNames(t *testing.T) {
	text, err := os.ReadFile(schemaFile)
	if err != nil {
		t.Fatal(err)
	}
	var schema struct {
		Defs struct {
			Identity struct {
				Properties struct {
					Capabilities struct{ Items struct{ Enum []string } }
				}
			}
		} `json:"$defs"`
	}
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	if got := schema.Defs.Identity.Properties.Capabilities.Items.Enum; fmt.Sprint(got) != fmt.Sprint(capabilityNames) {
		t.Errorf("capabilities %v, want %v", got, capabilityNames)
	}
}
