package serve

import (
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestOnlyLoopback(t *testing.T) {
	h := onlyLoopback(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for host, want := range map[string]int{
		"127.0.0.1:9464": 200, "localhost": 200, "[::1]:9464": 200, "127.1.2.3": 200,
		"evil.example": 421, "evil.example:9464": 421, "192.0.2.1": 421, "": 421, "localhost.evil.example": 421,
	} {
		r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
		r.Host = host
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		if w.Code != want {
			t.Errorf("%q: %d, want %d", host, w.Code, want)
		}
	}
}
