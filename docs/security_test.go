package docs

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Each threat of security.md names the tests that hold its defence: they must exist.
func TestThreatsHaveTests(t *testing.T) {
	page, err := Files.ReadFile("security.md")
	if err != nil {
		t.Fatal(err)
	}
	group := regexp.MustCompile("((?:`(?:Test|Fuzz)\\w+`,? )+)in `([\\w/]+)`")
	name := regexp.MustCompile(`(?:Test|Fuzz)\w+`)
	rows, tests := 0, 0
	for row := range strings.Lines(string(page)) {
		if !strings.Contains(row, "`Test") && !strings.Contains(row, "`Fuzz") {
			continue
		}
		rows++
		named := 0
		for _, g := range group.FindAllStringSubmatch(row, -1) {
			for _, test := range name.FindAllString(g[1], -1) {
				named++
				if !hasTest(t, g[2], test) {
					t.Errorf("%s has no %s", g[2], test)
				}
			}
		}
		if all := len(name.FindAllString(row, -1)); named != all {
			t.Errorf("%d tests have a package, of %d in: %s", named, all, row)
		}
		tests += named
	}
	if rows < 25 || tests < 35 {
		t.Errorf("only %d threats and %d tests were found", rows, tests)
	}
}

func hasTest(t *testing.T, pkg, test string) bool {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("..", pkg, "*_test.go"))
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), "\nfunc "+test+"(") {
			return true
		}
	}
	return false
}
