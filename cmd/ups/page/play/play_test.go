package play

import (
	"encoding/json"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"ups/cmd/ups/page/sources"
)

// TestExamples holds that every example compiles, and can be shared and opened.
func TestExamples(t *testing.T) {
	list, err := readExamples()
	if err != nil || len(list) != len(shown) {
		t.Fatalf("%d examples, %v", len(list), err)
	}
	for _, e := range list {
		text, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		s, err := sources.Parse(string(text))
		if err != nil {
			t.Fatalf("%s: %v", e.Title, err)
		}
		if _, err := s.Compile().File(); err != nil {
			t.Errorf("%s: %v", e.Title, err)
		}
	}
}

var id = regexp.MustCompile(` id="([^"]*)"`)

// TestPage holds that what the scripts look for is there, once, and before the
// module.
func TestPage(t *testing.T) {
	s, err := newSite()
	if err != nil {
		t.Fatal(err)
	}
	page := string(s.Files["index.html"])
	visible, _, found := strings.Cut(page, `id="ups-module"`)
	if !found {
		t.Fatal("no module")
	}
	seen := map[string]int{}
	for _, m := range id.FindAllStringSubmatch(visible, -1) {
		seen[m[1]]++
	}
	for _, m := range regexp.MustCompile(`getElementById\("([^"]+)"\)|\bon\("([^"]+)", "`).FindAllStringSubmatch(script+editor+policies, -1) {
		if name := m[1] + m[2]; seen[name] != 1 {
			t.Errorf("%s: %d elements", name, seen[name])
		}
	}
	if len(seen) < 12 {
		t.Errorf("%d elements with ids", len(seen))
	}
}

func TestPolicyOfTheServer(t *testing.T) {
	s, err := newSite()
	if err != nil {
		t.Fatal(err)
	}
	w := httptest.NewRecorder()
	s.ServeHTTP(w, httptest.NewRequest("GET", "/", nil))
	policy := w.Header().Get("Content-Security-Policy")
	for _, want := range []string{"default-src 'none'; ", "'wasm-unsafe-eval'", "worker-src blob:", "frame-ancestors 'none'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("%s isn't in %s", want, policy)
		}
	}
	for _, no := range []string{"unsafe-inline", "'unsafe-eval'", "connect-src", "http"} {
		if strings.Contains(policy, no) {
			t.Errorf("%s is in %s", no, policy)
		}
	}
}
