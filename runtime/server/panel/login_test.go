package panel

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"ups/policy"
	"ups/runtime"
	"ups/runtime/service"
)

// linkOf returns the secret of a new link.
func (g *fixture) linkOf() url.Values {
	g.Helper()
	link, err := url.Parse(g.panel.LoginLink(g.web.URL))
	if err != nil {
		g.Fatal(err)
	}
	return link.Query()
}

func TestLinkIsForOnce(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	link := g.linkOf()
	if len(link.Get("link")) != 43 { // 256 bits
		t.Errorf("%d characters", len(link.Get("link")))
	}
	for range 3 { // looking at it doesn't use it up
		if status, body := g.newBrowser().get("/login?" + link.Encode()); status != http.StatusOK || !strings.Contains(body, link.Get("link")) {
			t.Errorf("status %d\n%s", status, body)
		}
	}
	first, second := g.newBrowser(), g.newBrowser()
	if status, body := first.post("/login", link); status != http.StatusOK || !strings.Contains(body, "No prompt is waiting") {
		t.Errorf("status %d\n%s", status, body)
	}
	status, body := second.post("/login", link)
	if status != http.StatusForbidden {
		t.Errorf("status %d", status)
	}
	shows(t, body, "used already")
}

func TestLinkExpires(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	link := g.linkOf()
	g.clock.Add(int64(linkAge.Seconds()) + 1)
	if status, _ := g.newBrowser().post("/login", link); status != http.StatusForbidden {
		t.Errorf("status %d", status)
	}
}

// Of many links the first gives way.
func TestLinksAreBounded(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	first := g.linkOf()
	var last url.Values
	for range linksMax {
		g.clock.Add(1)
		last = g.linkOf()
	}
	if len(g.panel.logins.links) != linksMax {
		t.Errorf("%d links", len(g.panel.logins.links))
	}
	if status, _ := g.newBrowser().post("/login", first); status != http.StatusForbidden {
		t.Errorf("the first: status %d", status)
	}
	if status, _ := g.newBrowser().post("/login", last); status != http.StatusOK {
		t.Errorf("the last: status %d", status)
	}
}

func hash(t testing.TB, password string, cost int) []byte {
	t.Helper()
	b, err := bcrypt.GenerateFromPassword([]byte(password), cost)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestPassword(t *testing.T) {
	h := hash(t, "correct horse", minCost)
	g := newFixture(t, policy.AllOptions, false, func(o *Options) { o.PasswordHash = h })
	b := g.newBrowser()
	_, body := b.get("/login")
	shows(t, body, `type="password"`)
	hides(t, body, "by a link")
	for _, wrong := range []string{"", "x", "correct horse ", strings.Repeat("x", 100)} {
		if status, _ := b.post("/login", url.Values{"password": {wrong}}); status != http.StatusForbidden {
			t.Errorf("%q: status %d", wrong, status)
		}
	}
	if status, _ := b.post("/login", url.Values{"password": {"correct horse"}}); status != http.StatusOK {
		t.Errorf("status %d", status)
	}
}

func TestPasswordsAreTriedSlowly(t *testing.T) {
	h, begun := hash(t, "right", minCost), time.Now()
	var g *fixture
	g = newFixture(t, policy.AllOptions, false, func(o *Options) {
		o.PasswordHash = h
		// However long the machine takes to compare passwords.
		o.Now = func() time.Time { return begun.Add(time.Duration(g.clock.Load()) * time.Second) }
	})
	b := g.newBrowser()
	for range attemptsAtOnce {
		b.post("/login", url.Values{"password": {"wrong"}})
	}
	right := url.Values{"password": {"right"}}
	if status, _ := b.post("/login", right); status != http.StatusTooManyRequests {
		t.Errorf("status %d", status)
	}
	if status, _ := g.newBrowser().post("/login", g.linkOf()); status != http.StatusOK {
		t.Errorf("by a link: status %d", status)
	}
	g.clock.Add(int64(attemptEach.Seconds()))
	if status, _ := b.post("/login", right); status != http.StatusOK {
		t.Errorf("later: status %d", status)
	}
}

func TestWithoutPassword(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false, func(o *Options) { o.Links = "the log has one." })
	b := g.newBrowser()
	_, body := b.get("/login")
	hides(t, body, `type="password"`)
	shows(t, body, "Log in by a link: the log has one.")
	g.panel.opt.Links = ""
	_, body = b.get("/login")
	shows(t, body, "Log in by a link: open it in this browser.")
	for _, password := range []string{"", "x"} {
		if status, _ := b.post("/login", url.Values{"password": {password}}); status != http.StatusForbidden {
			t.Errorf("status %d", status)
		}
	}
}

func TestReadHash(t *testing.T) {
	good := string(hash(t, "x", minCost))
	for content, ok := range map[string]bool{
		good: true, good + "\n": true, "ups:" + good + "\n": true, strings.Replace(good, "$2a$", "$2y$", 1): true,
		"": false, "plain": false, good + "\n" + good: false, string(hash(t, "x", minCost-1)): false, good[:40]: false,
		strings.Replace(good, "$10$", "$16$", 1): false,
	} {
		h, err := ReadHash([]byte(content))
		if ok && (err != nil || bcrypt.CompareHashAndPassword(h, []byte("x")) != nil) || !ok && !errors.Is(err, ErrPasswordHash) {
			t.Errorf("%q: %v", content, err)
		}
	}
}

func TestNew(t *testing.T) {
	if _, err := New(Options{}); !errors.Is(err, runtime.ErrMissingArgument) {
		t.Error(err)
	}
	g := newFixture(t, policy.AllOptions, false)
	if _, err := New(Options{Service: g.panel.opt.Service, PasswordHash: []byte("plain")}); !errors.Is(err, ErrPasswordHash) {
		t.Error(err)
	}
}

// Who logs in, who fails to, and what they change is logged; what they know isn't.
func TestLog(t *testing.T) {
	var log bytes.Buffer
	g := newFixture(t, policy.AllOptions, false, func(o *Options) { o.Log = slog.New(slog.NewTextHandler(&log, nil)) })
	g.keep(1)
	g.newBrowser().post("/login", url.Values{"password": {"guess"}})
	b := g.loggedIn()
	b.post("/answers/1/change", url.Values{"result": {"always"}})
	b.post("/answers/1/revoke", nil)
	b.post("/undo/1", nil)
	b.post("/logout", nil)
	g.web.Close() // so that nothing is logged any more
	lines := slices.Collect(strings.Lines(log.String()))
	for i, want := range []string{
		"login to the control panel refused", "logged in to the control panel", "answer changed in the control panel",
		"answers revoked in the control panel", "answers restored in the control panel", "logged out of the control panel",
	} {
		if len(lines) != 6 || !strings.Contains(lines[i], want) || strings.Contains(lines[i], "guess") {
			t.Fatalf("want %s as line %d of\n%s", want, i+1, &log)
		}
	}
}

// isIn reports whether a browser is logged in.
func (b *browser) isIn() bool {
	_, body := b.get("/")
	return strings.Contains(body, "Log out")
}

func TestLogOut(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	b, other := g.loggedIn(), g.loggedIn()
	at, err := url.Parse(g.web.URL)
	if err != nil {
		t.Fatal(err)
	}
	kept := b.client.Jar.Cookies(at)
	_, body := b.post("/logout", nil)
	shows(t, body, "<h1>Log in</h1>")
	if left := b.client.Jar.Cookies(at); len(left) != 0 {
		t.Errorf("the browser keeps %v", left)
	}
	b.client.Jar.SetCookies(at, kept) // as one who has stolen it
	if b.isIn() || !other.isIn() {
		t.Error(b.isIn(), other.isIn())
	}
}

func TestLoginsExpire(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	used, idle := g.loggedIn(), g.loggedIn()
	step := int64(loginIdle.Seconds()) - 60
	for range 2 {
		g.clock.Add(step)
		if !used.isIn() {
			t.Error("logged out though it was used")
		}
	}
	if idle.isIn() {
		t.Error("logged in though it was idle")
	}
	for range int64(loginAge.Seconds()) / step {
		g.clock.Add(step)
		used.isIn()
	}
	if used.isIn() {
		t.Error("logged in for ever")
	}
}

// Of many logins the one that was idle longest gives way.
func TestLoginsAreBounded(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	first, second := g.loggedIn(), g.loggedIn()
	g.clock.Add(1)
	first.isIn()
	for range loginsMax - 1 {
		g.clock.Add(1)
		g.panel.logins.begin(nil)
	}
	if n := len(g.panel.logins.logins); n != loginsMax || !first.isIn() || second.isIn() {
		t.Error(n, first.isIn(), second.isIn())
	}
}

// Another password ends the logins by the one before, with what they follow; those by
// a link stay. The same one ends nothing, and neither does what is no hash.
func TestSetPassword(t *testing.T) {
	before, after := hash(t, "before", minCost), hash(t, "after", minCost)
	g := newFixture(t, policy.AllOptions, false, func(o *Options) { o.PasswordHash = before })
	b, byLink := g.newBrowser(), g.loggedIn()
	b.post("/login", url.Values{"password": {"before"}})
	for hash, want := range map[string]error{string(before): nil, "plain": ErrPasswordHash} {
		if err := g.panel.SetPassword([]byte(hash)); !errors.Is(err, want) || !b.isIn() {
			t.Errorf("%s: %v, logged in: %v", hash, err, b.isIn())
		}
	}
	events, err := b.client.Get(g.web.URL + "/events")
	if err != nil {
		t.Fatal(err)
	}
	defer events.Body.Close()
	if err := g.panel.SetPassword(after); err != nil {
		t.Fatal(err)
	}
	ended := make(chan struct{})
	go func() {
		io.Copy(io.Discard, events.Body) // until the panel ends it
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(streamAlive / 2):
		t.Error("prompts are still sent")
	}
	if b.isIn() || !byLink.isIn() {
		t.Error(b.isIn(), byLink.isIn())
	}
	if status, _ := b.post("/login", url.Values{"password": {"before"}}); status != http.StatusForbidden {
		t.Errorf("the password before: status %d", status)
	}
	if status, _ := b.post("/login", url.Values{"password": {"after"}}); status != http.StatusOK {
		t.Errorf("the password: status %d", status)
	}
}

// A password that is replaced while it is compared logs nobody in.
func TestSetPasswordMeanwhile(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false, func(o *Options) { o.PasswordHash = hash(t, "x", minCost) })
	compared := g.panel.logins.hash()
	if err := g.panel.SetPassword(nil); err != nil {
		t.Fatal(err)
	}
	if key, l := g.panel.logins.begin(compared); key != "" || l != nil || len(g.panel.logins.logins) != 0 {
		t.Errorf("logged in: %q", key)
	}
	if _, body := g.newBrowser().get("/login"); strings.Contains(body, `type="password"`) {
		t.Errorf("there is no password, and the page has\n%s", body)
	}
}

// Who logs in and is logged out in the same moment, since the password was replaced,
// comes to the login.
func TestLogInEndsAtOnce(t *testing.T) {
	one, two := hash(t, "one", minCost), hash(t, "two", minCost)
	var p *Panel
	p, err := New(Options{
		Service: func() *service.Server { return nil }, PasswordHash: one,
		Now: func() time.Time {
			if len(p.logins.logins) > 0 {
				p.SetPassword(two)
			}
			return time.Now()
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	g := &fixture{TB: t, panel: p, web: httptest.NewServer(p.Handler())}
	defer g.web.Close()
	status, body := g.newBrowser().post("/login", url.Values{"password": {"one"}})
	if status != http.StatusOK {
		t.Errorf("status %d", status)
	}
	shows(t, body, `type="password"`)
}

// A form that doesn't come is waited for no longer than its time.
func TestFormsMustCome(t *testing.T) {
	t.Parallel()
	g := newFixture(t, policy.AllOptions, false)
	c, err := net.Dial("tcp", g.web.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	fmt.Fprint(c, "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 100\r\n\r\nlink=")
	begun := time.Now()
	c.SetReadDeadline(begun.Add(formTime + 20*time.Second))
	if _, err := io.ReadAll(c); errors.Is(err, os.ErrDeadlineExceeded) {
		t.Error("it is still waited for")
	}
	if took := time.Since(begun); took < formTime-time.Second {
		t.Errorf("it is waited for %v only", took)
	}
}
