package yamlnode

import (
	"errors"
	"io"
	"testing"

	"go.yaml.in/yaml/v3"
)

func TestParse(t *testing.T) {
	for text, want := range map[string]struct{ empty, second, fails bool }{
		"":              {empty: true},
		"# nothing yet": {empty: true},
		"a: 1":          {},
		"a: 1\n---\nb":  {second: true},
		"a: [":          {fails: true},
		"a\n---\nb: [":  {fails: true},
	} {
		doc, second, err := Parse([]byte(text))
		switch {
		case errors.Is(err, io.EOF) != want.empty, (err != nil) != (want.empty || want.fails):
			t.Errorf("%q: %v", text, err)
		case (doc != nil) != (err == nil), (second != nil) != want.second:
			t.Errorf("%q: %v, %v", text, doc, second)
		}
	}
}

// TestWalker reads a document that has a fault of each kind.
func TestWalker(t *testing.T) {
	doc, _, err := Parse([]byte("x: 1\nlist: {}\nmap: []\n? [k]\n: 1\nx: 2\nset: c\nmore: 1\n"))
	if err != nil {
		t.Fatal(err)
	}
	var got []Kind
	w := &Walker{Max: 5, Describe: func(f Fault) (string, string) {
		got = append(got, f.Kind)
		return "wrong", ""
	}}
	w.Mapping(doc, "the document", []Key{
		{"x", func(*yaml.Node) {}},
		{"list", func(n *yaml.Node) { w.List(n, "list", func(*yaml.Node) {}) }},
		{"map", func(n *yaml.Node) { w.Mapping(n, "map", nil) }},
		{"set", func(n *yaml.Node) { w.OneOf(n, "set", "a", "b") }},
	})
	for i, want := range []Kind{NotList, NotMapping, NotScalar, RepeatedKey, UnknownValue, UnknownKey} {
		if got[i] != want {
			t.Errorf("fault %d is %d, want %d", i, got[i], want)
		}
	}
	if len(w.Mistakes) != 5 || w.Mistakes[2].Line != 4 || w.Mistakes[2].Column != 3 {
		t.Errorf("%+v", w.Mistakes)
	}
}
