package grammar_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ups/grammar"
)

// corpusSize is how many sources the corpus has.
const corpusSize = 72 + 200 + 11 + 48

// corpus returns the sources that the fuzz targets begin with.
func corpus(t testing.TB) [][]byte {
	paths, err := filepath.Glob("../compiler/testdata/conformance/*/*.rss")
	if err != nil || len(paths) != corpusSize {
		t.Fatalf("the corpus has %d sources, want %d (%v)", len(paths), corpusSize, err)
	}
	var out [][]byte
	for _, path := range paths {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, src)
	}
	return out
}

func seed(f *testing.F) {
	for _, src := range corpus(f) {
		f.Add(src)
	}
	f.Add([]byte(twenty))
	f.Add([]byte("a\n'b\rc'"))
}

func TestFuzzSeeds(t *testing.T) { corpus(t) }

// What preprocessing leaves, preprocessed once more, stays as it is.
func FuzzPreprocess(f *testing.F) {
	seed(f)
	opt := grammar.Options{Files: memory{}, Defines: []grammar.Define{{Name: "_UNICODE", Undef: true}}}
	f.Fuzz(func(t *testing.T, src []byte) {
		tree := grammar.Parse("a.rss", src, opt)
		if tree.Incomplete || lexicalMistake(tree) {
			return
		}
		first := spellOut(tree)
		if strings.Contains(first, "#") {
			return
		}
		again := spellOut(grammar.Parse("b.rss", []byte(first), opt))
		if first != again {
			t.Errorf("%q becomes %q", first, again)
		}
	})
}

func lexicalMistake(tree *grammar.Tree) bool {
	for _, d := range tree.Diagnostics.All() {
		switch d.Code {
		case "string-unterminated", "character-unterminated", "comment-unterminated",
			"nul-byte", "lone-cr": // whose meaning depends on the lines around
			return true
		}
	}
	return false
}

func spellOut(tree *grammar.Tree) string {
	var b strings.Builder
	for _, t := range tree.Tokens {
		b.WriteString(t.Text)
		b.WriteByte(' ')
	}
	return b.String()
}

// Nodes lie within their parents and in order, and every diagnostic has a
// place that exists.
func FuzzParse(f *testing.F) {
	seed(f)
	f.Fuzz(func(t *testing.T, src []byte) {
		tree := grammar.Parse("a.rss", src, grammar.Options{Files: memory{}})
		for _, d := range tree.Diagnostics.All() {
			if d.Code == "" || d.Message == "" || !d.Span.IsValid() {
				t.Errorf("a diagnostic without code, message or place: %+v", d)
			}
			if d.Span.Start.Filename == "a.rss" && d.Span.End.Offset < d.Span.Start.Offset {
				t.Errorf("ends before it begins: %+v", d)
			}
		}
		before := 0
		for _, s := range tree.Statements {
			n := s.Range()
			if n.First < before || n.Last >= len(tree.Tokens) || n.Last < n.First {
				t.Fatalf("statement at %v after %d", n, before)
			}
			before = n.Last + 1
			if r, ok := s.(*grammar.Resource); ok {
				checkFields(t, n, r.Fields)
			}
		}
	})
}

func checkFields(t *testing.T, within grammar.Node, fields []*grammar.Field) {
	before := within.First
	for _, f := range fields {
		checkNode(t, within, f.Node, before)
		before = f.Last
		checkValue(t, f.Node, f.Value)
	}
}

func checkNode(t *testing.T, within, n grammar.Node, before int) {
	if n.First < before || n.Last < n.First || n.Last > within.Last {
		t.Fatalf("node %v in %v, after %d", n, within, before)
	}
}

func checkValue(t *testing.T, within grammar.Node, v grammar.Value) {
	checkNode(t, within, v.Range(), within.First)
	switch v := v.(type) {
	case *grammar.ListValue:
		for _, item := range v.Items {
			checkValue(t, v.Node, item)
		}
	case *grammar.StructValue:
		checkFields(t, v.Node, v.Fields)
	}
}
