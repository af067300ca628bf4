package lint_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ups/lint"
)

// TestFixtures runs each rule over the sources in testdata/<rule>. A source,
// or a folder of sources that make one run, is called bad* or good*; what the
// rule finds must stand on the lines that say so:
//
//	// want "rule"          here
//	// want-file "rule"     in the file, at no line
//
// Nothing else may be found by that rule.
func TestFixtures(t *testing.T) {
	for _, r := range lint.Rules() {
		t.Run(r.ID, func(t *testing.T) {
			for _, kind := range []string{"bad", "good"} {
				paths, _ := filepath.Glob(filepath.Join("testdata", r.ID, kind+"*"))
				if len(paths) == 0 {
					t.Errorf("no %s fixture", kind)
				}
				for _, p := range paths {
					fixture(t, r.ID, p, kind == "bad")
				}
			}
		})
	}
}

func fixture(t *testing.T, rule, path string, bad bool) {
	t.Helper()
	files := readFixture(t, path)
	want := wanted(rule, files)
	if bad != (len(want) > 0) {
		t.Errorf("%s: %d findings are wanted", path, len(want))
	}
	ins := inputs(files)
	for _, in := range ins {
		if in.File == nil {
			t.Fatalf("%s: %v", path, in.Diagnostics)
		}
	}
	var got []string
	for _, f := range of(rule, runAll(ins, everything)) {
		got = append(got, fmt.Sprintf("%s:%d", f.Span.Start.Filename, f.Span.Start.Line))
	}
	slices.Sort(got)
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("%s (-want +got):\n%s", path, d)
	}
}

// readFixture reads a source, or all below a folder, in order.
func readFixture(t *testing.T, path string) []file {
	t.Helper()
	var files []file
	err := filepath.WalkDir(path, func(p string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(p)
		name, _ := filepath.Rel(path, p)
		if p == path {
			name = filepath.Base(path)
		}
		files = append(files, file{filepath.ToSlash(name), text})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

var want = regexp.MustCompile(`// want(-file)? "([a-z0-9-]+)"`)

// marks returns the expectations of a file: its name, the line, and the rule.
func marks(f file) []string {
	var out []string
	for i, line := range strings.Split(string(f.text), "\n") {
		for _, m := range want.FindAllStringSubmatch(line, -1) {
			at := i + 1
			if m[1] != "" {
				at = 0
			}
			out = append(out, fmt.Sprintf("%s:%d %s", f.name, at, m[2]))
		}
	}
	return out
}

// wanted returns the places where findings of a rule are wanted, sorted.
func wanted(rule string, files []file) []string {
	var out []string
	for _, f := range files {
		for _, mark := range marks(f) {
			if at, ok := strings.CutSuffix(mark, " "+rule); ok {
				out = append(out, at)
			}
		}
	}
	slices.Sort(out)
	return out
}

// TestFixturesAreOfRules shows that no folder of fixtures is left unused.
func TestFixturesAreOfRules(t *testing.T) {
	dirs, err := filepath.Glob("testdata/*/bad*")
	if err != nil || len(dirs) < len(lint.Rules()) {
		t.Fatalf("%d fixtures, %v", len(dirs), err)
	}
	for _, d := range dirs {
		if rule := filepath.Base(filepath.Dir(d)); lint.RuleByID(rule) == nil {
			t.Errorf("%s: there is no rule %s", d, rule)
		}
	}
}
