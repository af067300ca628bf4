package lint_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"ups/diag"
	"ups/grammar"
	"ups/lint"
)

func TestParseConfig(t *testing.T) {
	failLevel := diag.Error
	tests := []struct {
		name, text string
		want       *lint.Config
	}{
		{"empty", "", &lint.Config{}},
		{"comment", "# nothing yet\n", &lint.Config{}},
		{"no rules", "lint:\n  rules:\n", &lint.Config{}},
		{"profile", "lint:\n  profile: all\n", &lint.Config{Profile: lint.ProfileAll}},
		{"all", `
lint:
  fail-level: error
  budget: 1000
  rules:
    silent-reject: off
    catch-all: error
    session-no: info
  include: ["policies/**"]
  exclude:
    - vendor
    - "*/old_?.rss"
`, &lint.Config{
			FailLevel: &failLevel, Budget: 1000,
			Rules: map[string]lint.Setting{
				"silent-reject": {Off: true},
				"catch-all":     {Severity: diag.Error},
				"session-no":    {Severity: diag.Info},
			},
			Include: []string{"policies/**"}, Exclude: []string{"vendor", "*/old_?.rss"},
		}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			tt.want.Path = "/src/.ups.yaml"
			if tt.want.Rules == nil {
				tt.want.Rules = map[string]lint.Setting{}
			}
			got, err := lint.ParseConfig(grammar.Disk{}, "/src/.ups.yaml", []byte(tt.text))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(tt.want, got); d != "" {
				t.Errorf("-want +got:\n%s", d)
			}
		})
	}
}

func TestParseConfigRefuses(t *testing.T) {
	tests := []struct{ text, want, hint string }{
		{"lnt:\n", ".ups.yaml:1: unknown key lnt", "did you mean lint?"},
		{"lint:\n  ruels: {}\n", ".ups.yaml:2: unknown key ruels", "did you mean rules?"},
		{"lint:\n  rules:\n    silent-rejct: off\n", ".ups.yaml:3: unknown key silent-rejct", "did you mean silent-reject?"},
		{"lint:\n  rules:\n    catch-all: wraning\n", ".ups.yaml:3: catch-all can't be \"wraning\": it is one of info, warning, error, off", "did you mean warning?"},
		{"lint:\n  rules:\n    catch-all: [off]\n", ".ups.yaml:3: catch-all can't be a list or a mapping: it is one of info, warning, error, off", ""},
		{"lint:\n  profile: reccommended\n", ".ups.yaml:2: profile can't be \"reccommended\": it is one of defects, recommended, all", "did you mean recommended?"},
		{"lint:\n  profile: [all]\n", ".ups.yaml:2: profile can't be a list or a mapping: it is one of defects, recommended, all", ""},
		{"lint:\n  fail-level: off\n", ".ups.yaml:2: fail-level can't be \"off\": it is one of info, warning, error", ""},
		{"profile: all\n", ".ups.yaml:1: unknown key profile", "it stands below lint"},
		{"catch-all: off\n", ".ups.yaml:1: unknown key catch-all", "rules stand below lint and rules"},
		{"lint:\n  severities: x\n", ".ups.yaml:2: unknown key severities", "the keys here are profile, fail-level, rules, include, exclude, budget"},
		{"lint:\n  rules:\n    everything: off\n", ".ups.yaml:3: unknown key everything", "ups lint --list lists the rules"},
		{"lint:\n  budget: many\n", ".ups.yaml:2: budget is a number of steps, from 1", ""},
		{"lint:\n  budget: 0\n", ".ups.yaml:2: budget is a number of steps, from 1", ""},
		{"lint:\n  exclude: vendor\n", ".ups.yaml:2: exclude is a list of globs, such as [vendor/**, old]", ""},
		{"lint:\n  exclude: [[a]]\n", ".ups.yaml:2: want a glob, such as vendor/**", ""},
		{"lint:\n  exclude: ['a[b']\n", ".ups.yaml:2: a[b is not a glob: a [ in it is not closed", ""},
		{"lint:\n  include: [a]\n  include: [b]\n", ".ups.yaml:3: include is given twice", ""},
		{"lint:\n---\nlnt:\n", ".ups.yaml:2: a second document: a configuration is one", ""},
		{"- lint\n", ".ups.yaml:1: want keys and values", ""},
		{"lint: {\n", "", ""},
	}
	for _, tt := range tests {
		_, err := lint.ParseConfig(grammar.Disk{}, ".ups.yaml", []byte(tt.text))
		e := (*lint.ConfigError)(nil)
		if !errors.As(err, &e) {
			t.Errorf("%q: got %v", tt.text, err)
			continue
		}
		if tt.want != "" && (e.Error() != tt.want || e.Hint != tt.hint) {
			t.Errorf("%q: got %q, hint %q, want %q, hint %q", tt.text, e, e.Hint, tt.want, tt.hint)
		}
	}
}

func TestFindConfig(t *testing.T) {
	root := t.TempDir()
	deep := filepath.Join(root, "a", "b")
	if err := os.MkdirAll(deep, 0o777); err != nil {
		t.Fatal(err)
	}
	put := func(name, text string) {
		if err := os.WriteFile(filepath.Join(root, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	put(".ups.yaml", "lint: {budget: 1}\n")
	for _, step := range []struct {
		name, text string
		budget     int
	}{
		{"", "", 1},
		{"a/.ups.yaml", "lint: {budget: 2}\n", 2},
		{"a/b/.ups.yaml", "lint: {budget: 3}\n", 3},
	} {
		if step.name != "" {
			put(step.name, step.text)
		}
		c, err := lint.FindConfig(grammar.Disk{}, deep)
		if err != nil || c.Budget != step.budget {
			t.Errorf("with %s: %+v, %v", step.name, c, err)
		}
	}
	put("a/b/.ups.yaml", "lint: {bugdet: 3}\n")
	if _, err := lint.FindConfig(grammar.Disk{}, deep); err == nil {
		t.Error("a mistake is passed over")
	}
}

// TestFindConfigReadsFilesOnly finds what isn't a configuration: it is refused
// at once, and not taken for absent.
func TestFindConfigReadsFilesOnly(t *testing.T) {
	makers := map[string]func(name string) error{
		"not a regular file":    func(name string) error { return syscall.Mkfifo(name, 0o666) },
		"a directory":           func(name string) error { return os.Mkdir(name, 0o777) },
		"a device":              func(name string) error { return os.Symlink("/dev/zero", name) },
		"larger than the 1 MiB": func(name string) error { return os.WriteFile(name, make([]byte, lint.MaxConfig+1), 0o666) },
	}
	for want, make := range makers {
		dir := t.TempDir()
		if err := make(filepath.Join(dir, lint.ConfigName)); err != nil {
			t.Fatal(err)
		}
		if c, err := lint.FindConfig(grammar.Disk{}, dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, %v", want, c, err)
		}
	}
}

func TestCovers(t *testing.T) {
	tests := []struct {
		include, exclude []string
		path             string
		want             bool
	}{
		{nil, nil, "a.rss", true},
		{nil, []string{"a.rss"}, "a.rss", false},
		{nil, []string{"a.rss"}, "x/a.rss", true},
		{nil, []string{"**/a.rss"}, "x/y/a.rss", false},
		{nil, []string{"**/a.rss"}, "a.rss", false},
		{nil, []string{"vendor"}, "vendor/x/a.rss", false},
		{nil, []string{"vendor/"}, "vendor/x/a.rss", false},
		{nil, []string{"vendor"}, "vendors/a.rss", true},
		{nil, []string{"vendor"}, "x/vendor/a.rss", true},
		{nil, []string{"**/old/**/*.rss"}, "x/old/y/z/a.rss", false},
		{nil, []string{"**/old/**/*.rss"}, "x/older/a.rss", true},
		{nil, []string{"*.rss"}, "x/a.rss", true},
		{nil, []string{"?.rss"}, "ab.rss", true},
		{[]string{"p"}, nil, "p/a.rss", true},
		{[]string{"p"}, nil, "q/a.rss", false},
		{[]string{"p", "q"}, []string{"q/x"}, "q/x/a.rss", false},
		{[]string{"p", "q"}, []string{"q/x"}, "q/y/a.rss", true},
	}
	for _, tt := range tests {
		c := &lint.Config{Path: filepath.FromSlash("/src/.ups.yaml"), Include: tt.include, Exclude: tt.exclude}
		if got := c.Covers(filepath.FromSlash("/src/" + tt.path)); got != tt.want {
			t.Errorf("include %q, exclude %q: %s: got %v", tt.include, tt.exclude, tt.path, got)
		}
	}
	if !(&lint.Config{}).Covers("anything") {
		t.Error("without a configuration something is left out")
	}
}

// FuzzParseConfig checks that any text is read, or refused with the path.
func FuzzParseConfig(f *testing.F) {
	for _, seed := range configSeeds {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c, err := lint.ParseConfig(grammar.Disk{}, "c", []byte(text))
		e := (*lint.ConfigError)(nil)
		switch {
		case err == nil && c == nil, err != nil && !errors.As(err, &e):
			t.Fatalf("%v, %v", c, err)
		}
		if c != nil {
			c.Covers("/x/y.rss")
		}
	})
}

var configSeeds = []string{
	"", "lint:\n  fail-level: error\n  rules: {catch-all: off}\n", "lint: {exclude: ['**/a', 'b[0-9]']}\n",
	"a: &a [*a]\n", "lint: !!null\n", "? [x]\n: y\n", "lint:\n  rules: &r {catch-all: off}\n  budget: *r\n",
}

func TestConfigSeeds(t *testing.T) {
	if n := len(configSeeds); n != 7 {
		t.Errorf("%d seeds", n)
	}
}

// TestParseConfigForAllCommands reads what isn't of lint alone.
func TestParseConfigForAllCommands(t *testing.T) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "inc"), 0o777); err != nil {
		t.Fatal(err)
	}
	parse := func(text string) (*lint.Config, error) {
		return lint.ParseConfig(grammar.Disk{}, filepath.Join(dir, ".ups.yaml"), []byte(text))
	}
	c, err := parse("include: [inc, ., " + dir + "]\ndefine: {A: 1, B: , C: ''}\nexclude: [old]\n")
	if err != nil {
		t.Fatal(err)
	}
	want := []grammar.Define{{Name: "A", Value: "1"}, {Name: "B"}, {Name: "C", Value: " "}}
	if d := cmp.Diff(want, c.Defines); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if d := cmp.Diff([]string{filepath.Join(dir, "inc"), dir, dir}, c.IncludeDirs); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	for path, excluded := range map[string]bool{"old/a.rss": true, "new/a.rss": false} {
		path = filepath.Join(dir, path)
		if c.Excludes(path) != excluded || c.Covers(path) == excluded {
			t.Errorf("%s: excluded %v, covered %v", path, c.Excludes(path), c.Covers(path))
		}
	}
	for text, want := range map[string]string{
		"define: [A]\n":               ":1: define has names and values, such as {KDebug: 1}",
		"define:\n  1A: x\n":          `:2: "1A" is not the name of a macro: it has letters, digits and _, and no digit in front`,
		"define:\n  A: 1\n  A: 2\n":   ":3: A is given twice",
		"define:\n  A: [1]\n":         ":2: the value of A is one line of text",
		"define:\n  A: \"1\\n2\"\n":   ":2: the value of A is one line of text",
		"include: inc\n":              ":1: include is a list of folders, such as [include, ../common]",
		"include:\n- inc\n- [inc]\n":  ":3: include is a list of folders, such as [include, ../common]",
		"include:\n- inc\n- nosuch\n": ":3: nosuch is not a folder",
		"exclude: old\n":              ":1: exclude is a list of globs, such as [vendor/**, old]",
		"exclud: [old]\n":             ":1: unknown key exclud",
	} {
		if _, err := parse(text); err == nil || !strings.HasSuffix(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}
