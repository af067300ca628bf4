package website

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

func TestServe(t *testing.T) {
	s := &Site{Policy: "default-src 'none'", Files: map[string][]byte{
		"index.html": []byte("the contents"), "rules/index.html": []byte("the rules"), "style.css": []byte("a {}"), "diff.html": []byte("<p>"),
	}}
	for _, c := range []struct {
		method, path string
		status       int
		content      string
	}{
		{"GET", "/", 200, "the contents"},
		{"GET", "/rules/", 200, "the rules"},
		{"GET", "/style.css", 200, "a {}"},
		{"HEAD", "/diff.html", 200, ""},
		{"GET", "/nowhere.html", 404, ""},
		{"GET", "/../docs.go", 404, ""},
		{"POST", "/", 405, ""},
	} {
		w := httptest.NewRecorder()
		r := httptest.NewRequest(c.method, "http://localhost/", nil)
		r.URL.Path = c.path
		s.ServeHTTP(w, r)
		if w.Code != c.status || !strings.Contains(w.Body.String(), c.content) || c.method == "HEAD" && w.Body.Len() > 0 {
			t.Errorf("%s %s: status %d, %d bytes", c.method, c.path, w.Code, w.Body.Len())
		}
		policy := w.Header().Get("Content-Security-Policy")
		if c.status == http.StatusOK && (policy != "default-src 'none'; frame-ancestors 'none'" || w.Header().Get("Content-Type") == "") {
			t.Errorf("%s: headers %v", c.path, w.Header())
		}
	}
}
