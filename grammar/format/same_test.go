package format_test

import (
	"bytes"
	"errors"
	"io/fs"
	"slices"
	"strings"
	"testing"

	"ups/compiler"
	"ups/diag"
	"ups/grammar"
	"ups/grammar/format"
	"ups/policy"
)

// sources are the corpus and what else there is in the repository.
func sources(t testing.TB) map[string]string {
	return readAll(t, 400, "../../compiler/testdata/conformance/*/*.rss", "../../examples/*/*.r*", "../../examples/*/*/*.rss",
		"../../lint/testdata/*/*.rss", "../../lint/testdata/*/*/*.rss")
}

// noFiles is a disk without files, so that a source means the same wherever it is.
type noFiles struct{}

func (noFiles) ReadFile(string, int64) ([]byte, error) { return nil, fs.ErrNotExist }
func (noFiles) IsDir(string) (bool, error)             { return false, fs.ErrNotExist }

// TestSame lays out all sources that there are.
func TestSame(t *testing.T) {
	compiled := 0
	for name, text := range sources(t) {
		if holds(t, name, text, grammar.Disk{}) {
			compiled++
		}
	}
	if compiled < 300 {
		t.Errorf("%d sources compile, want 300 at least", compiled)
	}
}

// holds reports whether a text compiles. What is laid out compiles to the same
// bytes, or has the same mistakes; it has the same comments; and it is laid out
// as it is.
func holds(t *testing.T, name, text string, files grammar.Files) (compiles bool) {
	opt := compiler.Options{Options: grammar.Options{Files: files}, NoCheck: true}
	before := compiler.Compile(name, []byte(text), opt)
	got, err := format.Source(text)
	if err != nil {
		// What no branch reads may have a quote that isn't closed.
		if !before.Failed() && !errors.Is(err, format.ErrUnclosed) {
			t.Errorf("%s: %v\n%s", name, err, text)
		}
		return false
	}
	again, err := format.Source(got.Text)
	if again.Text != got.Text || err != nil {
		t.Errorf("%s: laid out as\n%q\nand then as\n%q\n%v", name, got.Text, again.Text, err)
	}
	if before.Failed() {
		return false
	}
	after := compiler.Compile(name, []byte(got.Text), opt)
	if !bytes.Equal(before.Bytes, after.Bytes) {
		t.Errorf("%s: compiles otherwise once laid out as\n%s\n%v", name, got.Text, after.Diagnostics)
	}
	if a, b := comments(before.Tree), comments(after.Tree); !slices.Equal(a, b) {
		t.Errorf("%s: comments %q, then %q", name, a, b)
	}
	if a, b := messages(before.Diagnostics), messages(after.Diagnostics); !slices.Equal(a, b) {
		t.Errorf("%s: %q, then %q", name, a, b)
	}
	return true
}

// comments returns the comments of a tree, each with the token that follows it,
// less the white space that its lines begin and end with.
func comments(tree *grammar.Tree) []string {
	var list []string
	for _, c := range tree.Comments {
		words := strings.Fields(c.Text)
		list = append(list, strings.Join(words, " ")+" | "+tree.Tokens[min(c.Next, len(tree.Tokens)-1)].Text)
	}
	return list
}

// messages returns the warnings, without their places. A lone CR is white space
// that isn't kept.
func messages(ds []diag.Diagnostic) []string {
	var list []string
	for _, d := range ds {
		if d.Code != "lone-cr" {
			list = append(list, d.Code+": "+d.Message)
		}
	}
	slices.Sort(list)
	return list
}

// TestGeneratedSources holds that the compiler writes sources in the layout.
func TestGeneratedSources(t *testing.T) {
	generated := 0
	for name, text := range sources(t) {
		r := compiler.Compile(name, []byte(text), compiler.Options{NoCheck: true})
		if r.Failed() {
			continue
		}
		source, err := compiler.Source(r.File)
		if err != nil {
			continue // no source has its bytes
		}
		generated++
		if got, err := format.Source(string(source)); got.Text != string(source) || err != nil {
			t.Errorf("%s: %v, written as\n%s\nand laid out as\n%s", name, err, source, got.Text)
		}
	}
	many := &policy.File{UID3: 1, Header: &policy.Header{DialogCreator: 1}}
	for n := range 40 {
		many.Policies = append(many.Policies, policy.Policy{SIDs: make([]uint32, n), Destination: policy.NewText("*"), Options: policy.Yes})
	}
	source, err := compiler.Source(many)
	if got, fault := format.Source(string(source)); err != nil || fault != nil || got.Text != string(source) {
		t.Errorf("%v, %v: long lists are written as\n%s\nand laid out as\n%s", err, fault, source, got.Text)
	}
	if generated < 250 {
		t.Errorf("%d sources are generated", generated)
	}
}

// FuzzSource holds the same for any text.
func FuzzSource(f *testing.F) {
	for _, text := range sources(f) {
		f.Add([]byte(text))
	}
	for _, text := range readAll(f, layouts, "testdata/layout/*.txtar") {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if len(text) < 1<<14 {
			holds(t, "fuzz.rss", string(text), noFiles{})
		}
	})
}

func BenchmarkSource(b *testing.B) {
	text := sources(b)["../../compiler/testdata/conformance/accept/big-1500.rss"]
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := format.Source(text); err != nil {
			b.Fatal(err)
		}
	}
}
