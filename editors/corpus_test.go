//go:build editors

package editors

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/rogpeppe/go-internal/txtar"
	"golang.org/x/text/encoding/charmap"

	"ups/grammar"
)

// root is the project's folder, from here.
const root = ".."

// document is a text as an editor holds it.
type document struct {
	name string // where it stands, for included files
	text string
}

// documents is how many there are: with fewer, part of the corpus isn't found.
const documents = 570

// corpus returns every source and header of the project.
func corpus(t *testing.T) []document {
	t.Helper()
	docs := slices.Concat(files(t), mistakes(t), headers(t))
	if len(docs) != documents {
		t.Fatalf("%d documents, want %d", len(docs), documents)
	}
	return docs
}

func files(t *testing.T) (docs []document) {
	t.Helper()
	err := filepath.WalkDir(root, func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || d.Name() == "templates" || d.Name() == ".git"):
			return filepath.SkipDir
		case !slices.Contains([]string{".rss", ".rh", ".hrh"}, filepath.Ext(name)):
			return nil
		}
		text, err := os.ReadFile(name)
		docs = append(docs, document{name, opened(text)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

// mistakes returns the sources that the compiler's messages are tested with.
func mistakes(t *testing.T) (docs []document) {
	t.Helper()
	name := filepath.Join(root, "compiler", "testdata", "mistakes.txtar")
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range archive.Files {
		if filepath.Ext(f.Name) == ".rss" {
			docs = append(docs, document{filepath.Join(filepath.Dir(name), f.Name), opened(f.Data)})
		}
	}
	return docs
}

func headers(t *testing.T) (docs []document) {
	t.Helper()
	err := fs.WalkDir(grammar.Headers(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(grammar.Headers(), name)
		docs = append(docs, document{name, opened(text)})
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

// opened returns a file as an editor holds it: characters, without a byte order
// mark, in lines that end in LF.
func opened(file []byte) string {
	if !utf8.Valid(file) {
		file, _ = charmap.Windows1252.NewDecoder().Bytes(file) // it has a character for each byte
	}
	text := strings.TrimPrefix(string(file), "\uFEFF")
	return strings.ReplaceAll(text, "\r\n", "\n")
}
