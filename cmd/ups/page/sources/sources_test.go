package sources

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"ups/cmd/ups/internal/findings"
	"ups/compiler"
	"ups/lint"
	"ups/lint/report"
)

const examples = "../../../../examples"

func mustParse(t *testing.T, s Sources) *Sources {
	t.Helper()
	text, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := Parse(string(text))
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// folder reads a source and its headers.
func folder(t *testing.T, dir, name string) *Sources {
	t.Helper()
	s := Sources{Name: name, Files: map[string]string{}}
	headers, err := filepath.Glob(filepath.Join(dir, "*.rh"))
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range append(headers, filepath.Join(dir, name)) {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		s.Files[filepath.Base(path)] = string(text)
	}
	return mustParse(t, s)
}

// told is what a page is told.
type told struct {
	Found struct {
		Diagnostics []struct {
			Code string
			Span struct{ File string }
		}
	}
	Compiled []byte
	Picture  string
	Policies []any
}

func read(t *testing.T, b []byte, err error) told {
	t.Helper()
	var o told
	if err == nil {
		err = json.Unmarshal(b, &o)
	}
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// TestSameAsOnDisk holds that sources in memory compile to the bytes that they
// compile to on disk, and that lint finds the same, with its whole budget.
func TestSameAsOnDisk(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(examples, "*", "*.rss"))
	if err != nil || len(paths) < 5 {
		t.Fatalf("%d examples, %v", len(paths), err)
	}
	for _, path := range paths {
		s := folder(t, filepath.Dir(path), filepath.Base(path))
		text := []byte(s.Files[s.Name])
		t.Chdir(filepath.Dir(path)) // names are without folders
		disk := compiler.Compile(s.Name, text, compiler.Options{})
		in := &lint.Input{Path: s.Name, File: disk.File, Tree: disk.Tree, Diagnostics: disk.Diagnostics}
		var want bytes.Buffer
		if err := report.FindingsJSON(&want, findings.Reported(lint.Run(in, nil))); err != nil {
			t.Fatal(err)
		}
		b, err := s.Compile().Look()
		o := read(t, b, err)
		if strings.Contains(o.Picture, "<style") || !strings.HasPrefix(o.Picture, "<svg ") || len(o.Policies) != len(disk.File.Policies)+1 {
			t.Errorf("%s: %d policies and the picture %.80s", path, len(o.Policies), o.Picture)
		}
		if !bytes.Equal(o.Compiled, disk.Bytes) || len(o.Compiled) == 0 {
			t.Errorf("%s: other bytes than on disk", path)
		}
		var whole struct{ Found any }
		var wanted any
		if json.Unmarshal(b, &whole) != nil || json.Unmarshal(want.Bytes(), &wanted) != nil || !reflect.DeepEqual(whole.Found, wanted) {
			t.Errorf("%s: lint finds otherwise:\n%v\nwant\n%v", path, whole.Found, wanted)
		}
		t.Chdir("../../cmd/ups/page/sources")
	}
}

// TestErrors holds that a source with errors has no list, and that they are told
// where they are, in a header too.
func TestErrors(t *testing.T) {
	for text, want := range map[string]string{
		"#include \"c.rh\"\n": "include-missing a.rss",
		"#include \"b.rh\"\n": "field-unknown b.rh",
	} {
		s := mustParse(t, Sources{Name: "a.rss", Files: map[string]string{
			"a.rss": text, "b.rh": "#include <ups/policies.rh>\nUID2 KUidUpsPolicyResourceFile\nUID3 1\nRESOURCE POLICIES p { nosuch = 1; }\n",
		}})
		c := s.Compile()
		if _, err := c.File(); err == nil {
			t.Error("a source with errors has a list")
		}
		b, err := c.JSON()
		compiled := read(t, b, err)
		b, err = c.Look()
		for name, o := range map[string]told{"compile": compiled, "look": read(t, b, err)} {
			d := o.Found.Diagnostics
			if o.Compiled != nil || len(d) == 0 || d[0].Code+" "+d[0].Span.File != want {
				t.Errorf("%s: %+v, want %s", name, d, want)
			}
		}
	}
}

func TestBounds(t *testing.T) {
	many := map[string]string{"a": ""}
	for i := range MaxFiles {
		many[fmt.Sprint(i)] = ""
	}
	for name, s := range map[string]Sources{
		"no file":     {Name: "a"},
		"other file":  {Name: "a", Files: map[string]string{"b": ""}},
		"folder":      {Name: "a/b", Files: map[string]string{"a/b": ""}},
		"parent":      {Name: "..", Files: map[string]string{"..": ""}},
		"hidden":      {Name: ".a", Files: map[string]string{".a": ""}},
		"markup":      {Name: "<b>", Files: map[string]string{"<b>": ""}},
		"long name":   {Name: strings.Repeat("a", 65), Files: map[string]string{strings.Repeat("a", 65): ""}},
		"many files":  {Name: "a", Files: many},
		"large":       {Name: "a", Files: map[string]string{"a": strings.Repeat(" ", MaxText+1)}},
		"large parts": {Name: "a", Files: map[string]string{"a": strings.Repeat(" ", MaxText/2), "b": strings.Repeat(" ", MaxText/2+1)}},
	} {
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := Parse(string(text)); err == nil {
			t.Errorf("%s: taken", name)
		}
	}
	if _, err := Parse("{"); err == nil {
		t.Error("what isn't JSON is taken")
	}
	delete(many, "0")
	mustParse(t, Sources{Name: "a", Files: many})
	mustParse(t, Sources{Name: "a", Files: map[string]string{"a": strings.Repeat(" ", MaxText)}})
}
