package report

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ups/cmd/ups/internal/console"
	"ups/internal/natures"
	"ups/internal/rsc"
)

// write runs the command in this process, and returns the page.
func write(t *testing.T, args ...string) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "report.html")
	con := &console.Console{Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: os.Stderr, Getenv: func(string) string { return "" }, IsTerminal: func(any) bool { return false }}
	cmd := New(con)
	cmd.SetArgs(append(args, "-o", out))
	if err := cmd.ExecuteContext(t.Context()); err != nil {
		t.Fatal(err)
	}
	b, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func TestDedented(t *testing.T) {
	for text, want := range map[string]string{"": "", "  a\n    b\n": "a\n  b\n", "a\n b": "a\n b", "   hint: x\n": "hint: x\n"} {
		if got := dedented(text); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

// TestTerminal holds that a page isn't poured over a terminal.
func TestTerminal(t *testing.T) {
	var stdout strings.Builder
	con := &console.Console{Stdout: &stdout, Stderr: io.Discard, Getenv: func(string) string { return "" }, IsTerminal: func(any) bool { return true }}
	cmd := New(con)
	cmd.SetOut(io.Discard)
	cmd.SetErr(io.Discard)
	cmd.SetArgs([]string{"../../../../examples/gallery"})
	if err := cmd.ExecuteContext(t.Context()); err == nil || stdout.Len() > 0 {
		t.Errorf("%v, and %d bytes", err, stdout.Len())
	}
}

var (
	ids        = regexp.MustCompile(`\sid="([^"]*)"`)
	references = regexp.MustCompile(`\s(?:href="#|aria-labelledby=")([^"]*)"`)
	loaded     = regexp.MustCompile(`\s(?:src|href|srcset|action|data)="([^#"][^"]*)"|@import|url\(["']?[^#)"']`)
	inline     = regexp.MustCompile(`\s(?:style|on[a-z]+)="`)
	data       = regexp.MustCompile(`(?s)<script type=.*?</script>`)
)

// TestPage holds what a browser would only show in use: ids are there once and
// lead somewhere, and nothing is loaded from elsewhere.
func TestPage(t *testing.T) {
	page := data.ReplaceAllString(write(t, "../../../../examples/handset", "../../../../examples/gallery"), "")
	seen := map[string]bool{}
	for _, m := range ids.FindAllStringSubmatch(page, -1) {
		if seen[m[1]] {
			t.Errorf("the id %s is there twice", m[1])
		}
		seen[m[1]] = true
	}
	n := 0
	for _, m := range references.FindAllStringSubmatch(page, -1) {
		for _, id := range strings.Fields(m[1]) {
			if n++; !seen[id] {
				t.Errorf("#%s leads nowhere", id)
			}
		}
	}
	if n < 30 {
		t.Errorf("only %d references were found", n)
	}
	const noIcon = `<link rel="icon" href="data:,">` // or else a browser asks for one
	if found := loaded.FindString(strings.Replace(page, noIcon, "", 1)); found != "" {
		t.Errorf("the page loads %s", found)
	}
	if found := inline.FindString(page); found != "" {
		t.Errorf("the page has %s, which its security policy stops", found)
	}
	for _, want := range []string{
		"What 5 policy lists decide", "server 0x20020001, service 0x20020011", "shadowed by 1", "exception to 5",
		`<code>unreachable</code>`, `destination = &#34;http://ads.*&#34;`,
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page hasn't %q", want)
		}
	}
}

// TestLargePage holds the size of the page of a long list, which bounds how soon it
// is shown.
func TestLargePage(t *testing.T) {
	const elements, size = 45_000, 3 << 20
	for _, nature := range natures.All() {
		if !slices.Contains([]string{"prefixes-unsorted", "mixed", "many-sids", "irregular"}, nature.Name) {
			continue // the others make smaller pages
		}
		f := nature.List(1500)
		b, err := rsc.Encode(f)
		if err != nil {
			if f, err = natures.Longest(nature.List); err != nil {
				t.Fatal(err)
			}
			if b, err = rsc.Encode(f); err != nil {
				t.Fatal(err)
			}
		}
		path := filepath.Join(t.TempDir(), "ups_20020001_20020011.rsc")
		if err := os.WriteFile(path, b, 0o666); err != nil {
			t.Fatal(err)
		}
		page := data.ReplaceAllString(write(t, path), "")
		if n := strings.Count(page, "<"); n/2 > elements || len(page) > size {
			t.Errorf("%s: %d elements, %d bytes", nature.Name, n/2, len(page))
		}
		if want := fmt.Sprintf(`id="l0p%d"`, len(f.Policies)); !strings.Contains(page, want) {
			t.Errorf("%s: the page hasn't the last policy", nature.Name)
		}
	}
}
