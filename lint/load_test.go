package lint_test

import (
	"io/fs"
	"path"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"ups/compiler"
	"ups/grammar"
	"ups/internal/rsc"
	"ups/lint"
	"ups/policy"
)

// file is one source of a test.
type file struct {
	name string
	text []byte
}

// input compiles a source for lint, as the command does.
func input(f file) *lint.Input {
	r := compiler.Compile(f.name, f.text, compiler.Options{Options: grammar.Options{Files: noFiles{}}})
	return &lint.Input{Path: f.name, File: r.File, Tree: r.Tree, Diagnostics: r.Diagnostics}
}

// compiled returns the same list as it is read from the compiled file.
func compiled(t *testing.T, in *lint.Input) *lint.Input {
	t.Helper()
	return &lint.Input{Path: strings.TrimSuffix(in.Path, ".rss") + ".rsc", File: decoded(t, in)}
}

// inputs makes the inputs of an example or a fixture: older versions go to
// those that they are of.
func inputs(files []file) []*lint.Input {
	old := map[string]file{}
	for _, f := range files {
		if rest, ok := strings.CutPrefix(f.name, "old/"); ok {
			old[rest] = f
		}
	}
	var out []*lint.Input
	for _, f := range files {
		if strings.HasPrefix(f.name, "old/") {
			continue
		}
		in := input(f)
		if o, ok := old[f.name]; ok {
			in.Against = input(o).File
		}
		out = append(out, in)
	}
	return out
}

// unpack returns the files of an example.
func unpack(example string) []file {
	if !strings.HasPrefix(example, "-- ") {
		return []file{{"ups_20020001_20020011.rss", []byte(example)}}
	}
	var out []file
	for _, f := range txtar.Parse([]byte(example)).Files {
		out = append(out, file{path.Clean(f.Name), f.Data})
	}
	return out
}

// runAll runs all rules over the files together.
func runAll(ins []*lint.Input, cfg *lint.Config) []lint.Finding {
	var lists []*lint.Checked
	for _, in := range ins {
		lists = append(lists, lint.Check(in, cfg))
	}
	return lint.Finish(lists)
}

// of keeps the findings of a rule.
func of(rule string, fs []lint.Finding) []lint.Finding {
	var out []lint.Finding
	for _, f := range fs {
		if f.Code == rule {
			out = append(out, f)
		}
	}
	return out
}

// decoded takes a list through its compiled form, which has no positions.
func decoded(t *testing.T, in *lint.Input) *policy.File {
	t.Helper()
	b, err := rsc.Encode(in.File)
	if err != nil {
		t.Fatal(err)
	}
	f, err := rsc.Decode(b)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// noFiles holds no files: sources include only what comes with the tool.
type noFiles struct{}

func (noFiles) ReadFile(string, int64) ([]byte, error) { return nil, fs.ErrNotExist }

// everything is the configuration that shows all findings.
var everything = &lint.Config{Profile: lint.ProfileAll}
