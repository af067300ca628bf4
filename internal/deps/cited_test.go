package deps

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// cited finds the pages that a text names, and for those with sections the
// words after the name.
var (
	cited     = regexp.MustCompile(`[%\w./-]*\w\.md\b(?:(?:,| and|\),) "?([A-Z].{0,60}))?`)
	lineBreak = regexp.MustCompile(`\n[ \t]*(?://)?[ \t]*`)
	heading   = regexp.MustCompile(`(?m)^#+ (.*)$`)
)

// A reader of the source has only this repository: each page or section that a
// comment or a page names has to be in it.
func TestCitedPagesExist(t *testing.T) {
	n := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && (d.Name() == "node_modules" || strings.HasPrefix(d.Name(), ".") && path != root):
			return fs.SkipDir
		case filepath.Ext(path) != ".go" && filepath.Ext(path) != ".md":
			return nil
		case filepath.Base(path) == "cited_test.go":
			return nil // names pages that don't exist, to test this test
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		n += checkCitations(path, string(text), t.Errorf)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if n < 200 {
		t.Errorf("found %d citations, want at least 200: the pattern has stopped matching", n)
	}
}

func TestMissingCitationIsFound(t *testing.T) {
	for _, text := range []string{
		"see nowhere.md",
		"see [that](nowhere.md#x)",
		"// see docs/nowhere.md, Matching",
		"// see docs/service.md, No such section",
		"// see docs/service.md,\n// No such section",
		"// see docs/matching.md, D99",
	} {
		found := false
		checkCitations(filepath.Join(root, "README.md"), text, func(string, ...any) { found = true })
		if !found {
			t.Errorf("%q: nothing is reported", text)
		}
	}
	for _, text := range []string{"docs/service.md, Matching", "docs/service.md,\n\t// Before the service is asked)", "docs/matching.md, D5"} {
		checkCitations(filepath.Join(root, "README.md"), text, t.Errorf)
	}
}

// Whatever file ARCHITECTURE.md names by its path is there, so that nobody looks
// for an idea where it no longer is.
func TestCitedSourcesExist(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "ARCHITECTURE.md"))
	if err != nil {
		t.Fatal(err)
	}
	paths := regexp.MustCompile(`\w+(?:/[\w*]+)+\.go`).FindAllString(string(text), -1)
	if len(paths) < 30 {
		t.Errorf("found %d paths: the pattern has stopped matching", len(paths))
	}
	for _, path := range paths {
		if found, err := filepath.Glob(filepath.Join(root, path)); err != nil || len(found) == 0 {
			t.Errorf("ARCHITECTURE.md names %s, which isn't in the repository", path)
		}
	}
}

// checkCitations reports the citations in the file path that lead nowhere, and
// returns how many citations there are. A page is named from the folder of the
// file, from the root, or from docs.
func checkCitations(path, text string, report func(string, ...any)) int {
	found := cited.FindAllStringSubmatch(lineBreak.ReplaceAllString(text, " "), -1)
	for _, f := range found {
		name, _, _ := strings.Cut(f[0], ".md")
		if strings.Contains(name, "%") {
			continue // a format
		}
		name += ".md"
		page, err := readPage(name, filepath.Dir(path), root, filepath.Join(root, "docs"))
		switch {
		case err != nil:
			report("%s cites %s, which isn't in the repository", path, name)
		case f[1] != "" && strings.HasPrefix(name, "docs/") && !hasSection(string(page), f[1]):
			report("%s cites %s, %s: there is no such section", path, name, f[1])
		}
	}
	return len(found)
}

// readPage reads the page from the first of the folders that has it.
func readPage(name string, folders ...string) (page []byte, err error) {
	for _, folder := range folders {
		if page, err = os.ReadFile(filepath.Join(folder, name)); err == nil {
			break
		}
	}
	return page, err
}

// hasSection reports whether words begin with a heading of the page, or with
// the name of a quirk in its table.
func hasSection(page, words string) bool {
	for _, h := range heading.FindAllStringSubmatch(page, -1) {
		if strings.HasPrefix(words, h[1]) {
			return true
		}
	}
	quirk := regexp.MustCompile(`^D\d+`).FindString(words)
	return quirk != "" && strings.Contains(page, "| "+quirk+" |")
}
