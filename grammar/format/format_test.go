package format_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/rogpeppe/go-internal/txtar"

	"ups/grammar"
	"ups/grammar/format"
)

// layouts is how many golden files there are.
const layouts = 11

// TestLayout lays out what golden files have before and compares it with what
// they have after. The comment of a file is what it shows; lines of it that
// begin with "left" are what is said to stay as it is.
func TestLayout(t *testing.T) {
	files, err := filepath.Glob("testdata/layout/*.txtar")
	if err != nil || len(files) != layouts {
		t.Fatalf("%d golden files, %v, want %d", len(files), err, layouts)
	}
	for _, name := range files {
		t.Run(filepath.Base(name), func(t *testing.T) {
			a, err := txtar.ParseFile(name)
			if err != nil || len(a.Files) != 2 {
				t.Fatal(err, len(a.Files))
			}
			got, err := format.Source(string(a.Files[0].Data))
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(string(a.Files[1].Data), got.Text); d != "" {
				t.Error(d)
			}
			for _, l := range got.Left {
				if !strings.Contains(string(a.Comment), "left "+l.Reason) {
					t.Errorf("left: %+v", l)
				}
			}
			if n := strings.Count(string(a.Comment), "left "); n != len(got.Left) {
				t.Errorf("%d statements are left, want %d", len(got.Left), n)
			}
		})
	}
}

// Line ends are those of the first line, and a byte order mark stays.
func TestLineEnds(t *testing.T) {
	for source, want := range map[string]string{
		"":                          "",
		"\n\n":                      "",
		"UID2 1":                    "UID2 1\n",
		"UID2  1\r\nUID3\t2\n":      "UID2 1\r\nUID3 2\r\n",
		"UID2  1\nUID3 2\r\n":       "UID2 1\nUID3 2\n",
		"\uFEFFUID2  1\n":           "\uFEFFUID2 1\n",
		"\uFEFF\r\n":                "\uFEFF",
		"// a \\\r\n b\r\nUID2 1":   "// a \\\r\n b\r\nUID2 1\r\n",
		"#define A  1 \r\nUID2 A\n": "#define A  1\r\nUID2 A\r\n",
		"UID2 \xE9":                 "UID2 \xE9\n",
		"// c:\\ \nUID2  1":         "// c:\\ \nUID2 1\n",
		"//\\\n\nUID2  1 // a \n":   "//\\\n\nUID2 1 // a\n",
	} {
		if got, err := format.Source(source); got.Text != want || err != nil {
			t.Errorf("%q: %q, %v, want %q", source, got.Text, err, want)
		}
	}
}

// A text with mistakes, of which a formatter must make the best.
func TestBrokenText(t *testing.T) {
	for _, source := range []string{
		"{", "}", "(", ")", "= {", "enum", "RESOURCE A b {", "RESOURCE A b } {", "/* a", "\"a", "#if\n{\n#else\n}\n#endif", "#", "#if",
		"RESOURCE A { x = F({); y = 1; }", "A { }", "{ { } }", "UID2 1 }", ";;;", "-", "1 - - 1", "a / / b", "UID2 #x",
	} {
		got, err := format.Source(source)
		if unclosed := source == "/* a" || source == "\"a"; unclosed != errors.Is(err, format.ErrUnclosed) || !unclosed && err != nil {
			t.Errorf("%q: %v", source, err)
		}
		if again, err := format.Source(got.Text); again.Text != got.Text || err != nil {
			t.Errorf("%q: %q, then %q, %v", source, got.Text, again.Text, err)
		}
	}
}

// TestDeepBraces lays out what is nested as deep as anything may be, and refuses what
// would take the square of its length.
func TestDeepBraces(t *testing.T) {
	nested := func(n int) string { return strings.Repeat("{", n) + strings.Repeat("}", n) }
	if _, err := format.Source(nested(grammar.MaxNesting)); err != nil {
		t.Error(err)
	}
	if _, err := format.Source(nested(grammar.MaxNesting + 1)); !errors.Is(err, format.ErrTooDeep) {
		t.Error(err)
	}
	if _, err := format.Source(nested(500_000)); !errors.Is(err, format.ErrTooDeep) {
		t.Error(err)
	}
}

func readAll(t testing.TB, want int, patterns ...string) map[string]string {
	t.Helper()
	texts := map[string]string{}
	for _, pattern := range patterns {
		paths, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range paths {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			texts[path] = string(text)
		}
	}
	if len(texts) < want {
		t.Fatalf("%d sources, want %d at least", len(texts), want)
	}
	return texts
}
