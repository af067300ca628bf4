package docs

import (
	"bytes"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	pages "ups/docs"
)

func mustSite(t *testing.T) *site {
	t.Helper()
	s, err := newSite()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

var attribute = regexp.MustCompile(`(?:href|src)="([^"]*)"`)

// TestLinks follows every link of every page: to a file of the site and, if it has
// an anchor, to that. Nothing is loaded from elsewhere.
func TestLinks(t *testing.T) {
	s := mustSite(t)
	links, reached := 0, map[string]bool{"index.html": true}
	for name, content := range s.files {
		if path.Ext(name) != ".html" {
			continue
		}
		for _, m := range attribute.FindAllSubmatch(content, -1) {
			to := string(m[1])
			if strings.HasPrefix(to, "https://") && strings.HasPrefix(string(m[0]), "href") {
				continue // for a person to follow
			}
			links++
			file, anchor, _ := strings.Cut(to, "#")
			target := name
			if file != "" {
				target = path.Join(path.Dir(name), file)
			}
			if target != name {
				reached[target] = true
			}
			there, ok := s.files[target]
			if !ok || anchor != "" && !bytes.Contains(there, []byte(`id="`+anchor+`"`)) {
				t.Errorf("%s: %s leads nowhere", name, to)
			}
		}
	}
	if links < 1000 {
		t.Errorf("%d links, want 1,000 at least", links)
	}
	for name := range s.files {
		if path.Ext(name) == ".html" && !reached[name] {
			t.Errorf("no link leads to %s", name)
		}
	}
}

// TestContents holds that the table of contents has every page but those of rules.
func TestContents(t *testing.T) {
	b, err := readBook(pages.Files)
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string]bool{"README.md": true}
	for _, part := range b.parts {
		for _, p := range part.Pages {
			if listed[p.source] {
				t.Errorf("%s is listed twice", p.source)
			}
			listed[p.source] = true
		}
	}
	names, err := fs.Glob(pages.Files, "*.md")
	if err != nil || len(names) < 18 || len(b.parts) < 3 {
		t.Fatalf("%d pages, %d parts, %v", len(names), len(b.parts), err)
	}
	for _, name := range names {
		if !listed[name] {
			t.Errorf("README.md doesn't list %s", name)
		}
	}
	first := b.view(1)
	if first.Prev == nil || first.Prev.Href != "index.html" || first.Next == nil || first.Next.Href != b.parts[0].Pages[1].path {
		t.Errorf("before and after the first page: %v, %v", first.Prev, first.Next)
	}
	if rule := b.view(len(b.pages) - 1); rule.Root != "../" || rule.Prev != nil || rule.Next != nil {
		t.Errorf("a page of a rule: %+v", rule)
	}
}

// TestSearchIndex holds that what a page says can be found, and nothing that steers
// the tests of samples.
func TestSearchIndex(t *testing.T) {
	s := mustSite(t)
	index := string(s.files["search.js"])
	for _, want := range []string{"const book = [", "new-silent-yes", "KSidClass0", "majorversion", "rules/unreachable.html"} {
		if !strings.Contains(index, want) {
			t.Errorf("the search doesn't find %q", want)
		}
	}
	for name, content := range s.files {
		if bytes.Contains(content, []byte("<th></th>")) {
			t.Errorf("%s has a header that says nothing", name)
		}
		if bytes.Contains(content, []byte("not run:")) || bytes.Contains(content, []byte("silent: ups")) {
			t.Errorf("%s shows a comment", name)
		}
	}
}

func TestSiteIsTheSameEachTime(t *testing.T) {
	if !maps.EqualFunc(mustSite(t).files, mustSite(t).files, bytes.Equal) {
		t.Error("two sites differ")
	}
}

func TestAnchors(t *testing.T) {
	d := &ids{used: map[string]int{}}
	var got []string
	for _, title := range []string{"What is exact", "`--db FILE`, and more", "What is exact", "Über_x"} {
		got = append(got, string(d.Generate([]byte(title), 0)))
	}
	if want := []string{"what-is-exact", "--db-file-and-more", "what-is-exact-1", "über_x"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
