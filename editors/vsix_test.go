//go:build vsix

package editors

import (
	"archive/zip"
	"encoding/json"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"
)

// manifest is what package.json says of the files of the extension.
type manifest struct {
	Version, Main string
	Contributes   struct {
		Languages []struct{ Configuration string }
		Grammars  []struct{ Path string }
		Snippets  []struct{ Path string }
	}
}

func (m manifest) files() []string {
	out := []string{"package.json", "README.md", "LICENSE.txt", "dist/NOTICES.txt", m.Main}
	for _, l := range m.Contributes.Languages {
		out = append(out, l.Configuration)
	}
	for _, g := range append(m.Contributes.Grammars, m.Contributes.Snippets...) {
		out = append(out, g.Path)
	}
	return out
}

// TestPackage checks that what make vscode made has the files that it needs, and
// no others: nothing of its sources and of what it was built with.
func TestPackage(t *testing.T) {
	text, err := os.ReadFile("vscode/package.json")
	if err != nil {
		t.Fatal(err)
	}
	var m manifest
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	r, err := zip.OpenReader(filepath.Join("vscode", "dist", "ups-policy-"+m.Version+".vsix"))
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	unknown := map[string]bool{}
	for _, f := range r.File {
		if name, of := strings.CutPrefix(f.Name, "extension/"); of {
			unknown[strings.ToLower(name)] = true // the tool changes the case of some
		}
	}
	for _, name := range m.files() {
		if name = strings.ToLower(path.Clean(name)); !unknown[name] {
			t.Errorf("%s is not in the package", name)
		}
		delete(unknown, name)
	}
	for name := range unknown {
		t.Errorf("%s is in the package", name)
	}
}
