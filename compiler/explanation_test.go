package compiler_test

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/txtar"

	"ups/compiler"
	"ups/grammar"
)

// aboutNoSource are the codes about something else than a source.
var aboutNoSource = []string{"compiled-file", "config-invalid", "include-unreadable", "rsc-invalid", "source-unreadable", "uids-differ"}

// TestExplanations compiles the examples: what is bad yields its code and no
// other, and what is good yields nothing.
func TestExplanations(t *testing.T) {
	for _, e := range compiler.Explanations() {
		if e.Name == "" || !strings.HasSuffix(e.Summary, ".") || !strings.HasSuffix(e.Reason, ".") {
			t.Errorf("%s: something is missing", e.Code)
		}
		if slices.Contains(aboutNoSource, e.Code) {
			if e.Bad != "" || e.Good != "" {
				t.Errorf("%s has examples: list it no more", e.Code)
			}
			continue
		}
		got := codesOf(e.Bad)
		if e.Code == "too-many" { // it comes with what there are too many of
			got = slices.DeleteFunc(got, func(code string) bool { return code == "constant-unknown" })
		}
		if !slices.Equal(got, []string{e.Code}) {
			t.Errorf("%s: the bad example has %v\n%s", e.Code, got, e.Bad)
		}
		if got := codesOf(e.Good); len(got) > 0 {
			t.Errorf("%s: the good example has %v\n%s", e.Code, got, e.Good)
		}
		if page := e.Page(); !strings.HasPrefix(page, "# "+e.Code+": ") || !strings.Contains(page, e.Bad) || !strings.Contains(page, e.Good) {
			t.Errorf("%s: the page is\n%s", e.Code, page)
		}
	}
}

// codesOf compiles an example, which may be an archive, and returns the codes of
// its diagnostics, each once.
func codesOf(example string) []string {
	files := memory{}
	src := []byte(example)
	if strings.HasPrefix(example, "-- ") {
		archive := txtar.Parse(src)
		src = archive.Files[0].Data
		for _, f := range archive.Files[1:] {
			files[f.Name] = string(f.Data)
		}
	}
	var codes []string
	r := compiler.Compile("ups_20020001_20020011.rss", src, compiler.Options{Options: grammar.Options{Files: files}})
	for _, d := range r.Diagnostics {
		codes = append(codes, d.Code)
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

// TestCodesPage holds docs/codes.md to the explanations.
func TestCodesPage(t *testing.T) {
	const page = "../docs/codes.md"
	var b strings.Builder
	b.WriteString("# The codes of the compiler\n\nWhat stands in brackets behind a message. `ups explain CODE` has more, with examples; the codes of\n" +
		"warnings are [rules of ups lint](rules/README.md). Made from the explanations: `go test ./compiler -run TestCodesPage -update`.\n\n" +
		"| code | what is found | why it matters |\n|---|---|---|\n")
	for _, e := range compiler.Explanations() {
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", e.Code, e.Summary, strings.ReplaceAll(e.Reason, "|", `\|`))
	}
	if *update {
		if err := os.WriteFile(page, []byte(b.String()), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(page); err != nil || string(got) != b.String() {
		t.Errorf("%s isn't up to date (%v): write it anew with -update", page, err)
	}
}
