package lint_test

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"ups/lint"
)

var update = flag.Bool("update", false, "write docs/rules anew")

const pages = "../docs/rules"

// index returns the page that lists the rules.
func index() string {
	var b strings.Builder
	b.WriteString("# The rules of ups lint\n\nMade from the rules themselves, as all pages here are: `go test ./lint -run TestPages -update`.\n\n")
	b.WriteString("| rule | category | what is found |\n|---|---|---|\n")
	for _, r := range lint.Rules() {
		fmt.Fprintf(&b, "| [%s](%s.md) | %s | %s |\n", r.ID, r.ID, r.Category, strings.ReplaceAll(r.Summary, "|", `\|`))
	}
	return b.String()
}

// TestPages checks that docs/rules is what the rules make.
func TestPages(t *testing.T) {
	want := map[string]string{"README.md": index()}
	for _, r := range lint.Rules() {
		want[r.ID+".md"] = r.Page()
	}
	if *update {
		writePages(t, want)
	}
	found, err := filepath.Glob(filepath.Join(pages, "*"))
	if err != nil || len(found) != len(want) {
		t.Errorf("%d pages, %v, want %d: write them anew with -update", len(found), err, len(want))
	}
	for name, text := range want {
		got, err := os.ReadFile(filepath.Join(pages, name))
		if err != nil || string(got) != text {
			t.Errorf("%s isn't up to date (%v): write it anew with -update", name, err)
		}
	}
}

func writePages(t *testing.T, want map[string]string) {
	t.Helper()
	if err := os.RemoveAll(pages); err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(pages, 0o777); err != nil {
		t.Fatal(err)
	}
	for name, text := range want {
		if err := os.WriteFile(filepath.Join(pages, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}
