package panel

import (
	"bytes"
	"crypto/tls"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"ups/policy"
)

// pages are all that need a login.
var pages = []string{
	"/", "/events", "/answers", "/answers.jsonl", "/answers/revoke", "/decisions", "/policies",
	"/policies/ups_10204040_0000002b.rsc", "/policies/ups_10204040_0000002b.rsc/picture.svg",
}

// forms are all that changes something.
var forms = []string{"/prompts/x", "/answers/revoke", "/answers/1/revoke", "/answers/1/change", "/undo/1", "/logout"}

func TestPagesNeedALogin(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	stranger := g.newBrowser()
	stranger.client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for _, path := range pages {
		if status, _ := stranger.get(path); status != http.StatusSeeOther {
			t.Errorf("GET %s: status %d", path, status)
		}
	}
	if status, _ := stranger.stream(t.Context()); status != http.StatusUnauthorized { // a script can't log in
		t.Errorf("events: status %d", status)
	}
	for _, path := range forms {
		status, body := stranger.post(path, nil)
		if status != http.StatusUnauthorized {
			t.Errorf("POST %s: status %d", path, status)
		}
		shows(t, body, "Log in", "what you sent was not done")
	}
}

func TestFormsNeedTheToken(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	b, other := g.loggedIn(), g.loggedIn()
	for _, path := range forms {
		for _, token := range []string{"", "x", other.token} {
			if status, _ := b.post(path, url.Values{"token": {token}}); status != http.StatusForbidden {
				t.Errorf("POST %s: status %d", path, status)
			}
		}
	}
	if status, _ := b.get("/"); status != http.StatusOK {
		t.Errorf("status %d: logged out by a form without the token", status)
	}
}

// A page of another origin can't send a form, though the browser had the cookie and
// somebody had the token.
func TestOtherOrigins(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	b := g.loggedIn()
	for header, c := range map[string]struct {
		value string
		want  int
	}{
		"Sec-Fetch-Site": {"cross-site", http.StatusForbidden},
		"sec-fetch-site": {"same-site", http.StatusForbidden}, // another port of localhost
		"Origin":         {"http://127.0.0.1:1", http.StatusForbidden},
		"origin":         {g.web.URL, http.StatusOK},
	} {
		r, err := http.NewRequest(http.MethodPost, g.web.URL+"/undo/1", strings.NewReader(url.Values{"token": {b.token}}.Encode()))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set(header, c.value)
		if status, _ := b.read(b.client.Do(r)); status != c.want {
			t.Errorf("%s: %s: status %d, want %d", header, c.value, status, c.want)
		}
	}
}

// A name that was made to resolve to this machine is refused (DNS rebinding).
func TestHosts(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false, func(o *Options) { o.Hosts = []string{"panel.example"} })
	for host, ours := range map[string]bool{
		"localhost": true, "LOCALHOST:80": true, "127.0.0.1:8765": true, "[::1]:8765": true, "[::1]": true, "::1": true,
		"panel.example": true, "Panel.Example:443": true,
		"evil.example": false, "evil.example:8765": false, "localhost.evil.example": false, "": false, "127.0.0.1.evil.example": false,
		"xpanel.example": false,
	} {
		r := httptest.NewRequest(http.MethodGet, "/login", nil)
		r.Host = host
		w := httptest.NewRecorder()
		g.panel.Handler().ServeHTTP(w, r)
		if want := map[bool]int{true: http.StatusOK, false: http.StatusMisdirectedRequest}[ours]; w.Code != want {
			t.Errorf("%q: status %d, want %d", host, w.Code, want)
		}
		if !ours && !strings.Contains(w.Body.String(), "is localhost or 127.0.0.1") {
			t.Errorf("%q is answered with %s", host, w.Body)
		}
	}
}

func TestHeaders(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	b := g.loggedIn()
	for _, path := range []string{"/", "/answers", "/answers.jsonl", "/decisions", "/policies", "/login", "/panel.css", "/panel.js", "/icon.svg", "/nowhere"} {
		r, err := b.client.Get(g.web.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		policy := r.Header.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'", "script-src 'self'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: %s isn't in the policy", path, part)
			}
		}
		if strings.Contains(policy, "unsafe") {
			t.Errorf("%s: %s", path, policy)
		}
		for name, want := range map[string]string{
			"X-Frame-Options": "DENY", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "same-origin",
			"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
		} {
			if got := r.Header.Get(name); got != want {
				t.Errorf("%s: %s is %q", path, name, got)
			}
		}
		if cache := r.Header.Get("Cache-Control"); cache != "no-store" && !strings.HasPrefix(path, "/panel.") && path != "/icon.svg" {
			t.Errorf("%s: may be cached: %q", path, cache)
		}
	}
}

// The policy refuses what stands in a page: no page may have it.
func TestNothingInline(t *testing.T) {
	inline := regexp.MustCompile(`(?i)<style|style="|<script[^>]*>[^<]|\son[a-z]+="|javascript:|(?:src|href|action)="(?:https?:)?//`)
	names, err := files.ReadDir("pages")
	if err != nil || len(names) < 7 {
		t.Fatal(len(names), err)
	}
	for _, name := range names {
		text, err := files.ReadFile("pages/" + name.Name())
		if err != nil {
			t.Fatal(err)
		}
		if found := inline.Find(text); found != nil && strings.HasSuffix(name.Name(), ".html") {
			t.Errorf("%s: %s", name.Name(), found)
		}
		if bytes.Contains(text, []byte("http")) && name.Name() != "icon.svg" && !strings.HasSuffix(name.Name(), ".html") {
			t.Errorf("%s loads from elsewhere", name.Name())
		}
	}
}

// Over TLS, also if that is a proxy's, the cookie goes over TLS alone.
func TestCookies(t *testing.T) {
	for _, c := range []struct{ tls, proxy bool }{{false, false}, {true, false}, {false, true}, {true, true}} {
		g := newFixture(t, policy.AllOptions, false, func(o *Options) { o.Secure = c.proxy })
		secure, name := c.tls || c.proxy, "ups-panel"
		if secure {
			name = "__Host-ups-panel"
		}
		r := httptest.NewRequest(http.MethodPost, "/login", strings.NewReader(g.linkOf().Encode()))
		r.Host = "localhost"
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		if c.tls {
			r.TLS = &tls.ConnectionState{}
		}
		w := httptest.NewRecorder()
		g.panel.Handler().ServeHTTP(w, r)
		cookies := w.Result().Cookies()
		if len(cookies) != 1 {
			t.Fatalf("status %d, %d cookies", w.Code, len(cookies))
		}
		got := cookies[0]
		if got.Name != name || !got.HttpOnly || got.SameSite != http.SameSiteStrictMode || got.Secure != secure || got.Path != "/" || got.Domain != "" || len(got.Value) != 43 {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func TestFormsAreBounded(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	b := g.loggedIn()
	if status, _ := b.post("/undo/1", url.Values{"x": {strings.Repeat("x", maxForm)}}); status != http.StatusForbidden {
		t.Errorf("status %d", status) // the token isn't read either
	}
}
