package compiler_test

import (
	"bytes"
	"flag"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"ups/compiler"
	"ups/grammar"
	"ups/lint/report"
)

var update = flag.Bool("update", false, "write testdata/mistakes.txtar anew")

// TestMistakes holds what is said of typical mistakes: each NAME.rss is
// followed by NAME.txt.
func TestMistakes(t *testing.T) {
	const name = "testdata/mistakes.txtar"
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	archive := txtar.Parse(text)
	want := &txtar.Archive{Comment: archive.Comment}
	for _, f := range archive.Files {
		if strings.HasSuffix(f.Name, ".rss") {
			said := txtar.File{Name: strings.TrimSuffix(f.Name, "rss") + "txt", Data: diagnose(t, f)}
			want.Files = append(want.Files, f, said)
		}
	}
	if len(want.Files) < 2*100 {
		t.Errorf("only %d mistakes", len(want.Files)/2)
	}
	if *update {
		if err := os.WriteFile(name, txtar.Format(want), 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	if d := cmp.Diff(string(txtar.Format(want)), string(text)); d != "" {
		t.Errorf("write it anew with -update, and read it: (-now +file)\n%s", d)
	}
}

// diagnose compiles a source that has a mistake, and returns its diagnostics.
func diagnose(t *testing.T, f txtar.File) []byte {
	t.Helper()
	r := compiler.Compile(f.Name, f.Data, compiler.Options{Options: grammar.Options{Files: nothing{}}})
	if len(r.Diagnostics) == 0 {
		t.Errorf("%s: nothing is said", f.Name)
	}
	var b bytes.Buffer
	err := report.Text(&b, r.Diagnostics, report.Options{Source: func(string) []byte { return f.Data }})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
