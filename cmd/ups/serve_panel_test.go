package main

import (
	"errors"
	"fmt"
	"html"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"ups/cmd/ups/internal/servetest"
)

// browser is a browser at the control panel of a server.
type browser struct {
	*testing.T
	client http.Client
	base   string
}

var (
	formToken    = regexp.MustCompile(`name="token" value="([^"]+)"`)
	alwaysButton = regexp.MustCompile(`value="([^"]+)"[^>]*>Always<`)
	promptForm   = regexp.MustCompile(`action="(/prompts/[^"]+)"`)
	revocation   = regexp.MustCompile(`action="(/answers/[^"]+/revoke)"`)
)

// browse returns a browser that isn't logged in, and the secret of the nth link that
// is logged.
func (p *serverProcess) browse(n int) (*browser, string) {
	p.Helper()
	base, link := p.Panel(n)
	jar, err := cookiejar.New(nil)
	if err != nil {
		p.Fatal(err)
	}
	return &browser{T: p.T, base: base, client: http.Client{Jar: jar, Timeout: servetest.Patience}}, link
}

func (b *browser) get(path string) string {
	b.Helper()
	r, err := b.client.Get(b.base + path)
	return b.body(r, err)
}

// submit sends a form, and returns the page that follows.
func (b *browser) submit(path string, fields ...string) string {
	b.Helper()
	form := url.Values{}
	for i := 0; i < len(fields); i += 2 {
		form.Set(fields[i], fields[i+1])
	}
	r, err := b.client.PostForm(b.base+path, form)
	return b.body(r, err)
}

func (b *browser) body(r *http.Response, err error) string {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
	defer r.Body.Close()
	text, err := io.ReadAll(r.Body)
	if err != nil {
		b.Fatal(err)
	}
	return string(text)
}

// find waits for a page that has a form, and returns its address and the token.
func (b *browser) find(page string, form *regexp.Regexp) (action, token string) {
	b.Helper()
	for end := time.Now().Add(servetest.Patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		text := b.get(page)
		if m := form.FindStringSubmatch(text); m != nil {
			return m[1], formToken.FindStringSubmatch(text)[1]
		}
	}
	b.Fatalf("%s has no form %v:\n%s", page, form, b.get(page))
	return "", ""
}

// always answers the prompt of a request, whose answer must contain a text.
func (b *browser) always(p *serverProcess, want string) {
	b.Helper()
	done := make(chan struct{})
	go func() {
		defer close(done)
		p.authorise("+44791", want)
	}()
	action, token := b.find("/", promptForm)
	button := alwaysButton.FindStringSubmatch(b.get("/"))
	if button == nil {
		b.Fatal("the prompt has no button Always")
	}
	b.submit(action, "token", token, "answer", button[1])
	<-done
}

const panelConfig = `
panel: {listen: "127.0.0.1:0"%s}
plug-ins: {creators: {0x10283694: panel}}
`

// A request waits for somebody at the control panel; what they answer is stored, and
// revoked there.
func TestServePanel(t *testing.T) {
	p := startServer(t, serverFolder(t, strings.Replace(panelConfig, "%s", "", 1)), nil)
	b, link := p.browse(1)
	if got := b.get("/"); !strings.Contains(got, "<title>Log in") {
		t.Fatalf("who isn't logged in sees\n%s", got)
	}
	b.submit("/login", "link", link)
	b.always(p, "SOURCE_PROMPT")
	p.authorise("+44791", "SOURCE_STORED")
	if got := b.get("/decisions"); !strings.Contains(got, "44791") {
		t.Errorf("the decisions are\n%s", got)
	}
	if got := b.get("/policies"); !strings.Contains(got, "ups_101f7f1f_1000a00a.rsc") {
		t.Errorf("the policies are\n%s", got)
	}
	action, token := b.find("/answers", revocation)
	if got := b.submit(action, "token", token); !strings.Contains(got, "Undo") || revocation.MatchString(got) {
		t.Errorf("once it is revoked:\n%s", got)
	}
	// A link is for one login; SIGHUP makes another.
	other, _ := p.browse(1)
	if got := other.submit("/login", "link", link); !strings.Contains(got, "used already") {
		t.Errorf("the link is taken twice:\n%s", got)
	}
	p.HangUp()
	other, fresh := p.browse(2)
	if got := other.submit("/login", "link", fresh); fresh == link || !strings.Contains(got, "Log out") {
		t.Errorf("the new link isn't taken:\n%s", got)
	}
	p.Signal(syscall.SIGTERM)
	p.Expect("STOPPING=1")
	p.Ends()
}

// Of "password", with cost 10.
const passwordLine = "ups:$2a$10$ZjK4dYXE590Ti22qwO3Aj.s5LxMQ7wJDoZ7BPqA/XXe8mAKiKp5Sm\n"

// With a password file there is no link in the log, and a file that is none is refused.
func TestServePanelPassword(t *testing.T) {
	dir := serverFolder(t, strings.Replace(panelConfig, "%s", ", password-file: password", 1))
	writeSource(t, filepath.Join(dir, "password"), "password\n")
	for _, args := range [][]string{{}, {"--check"}} {
		out, err := processOf(t, dir, "ups", append([]string{"serve", "--config", "serve.yaml"}, args...)...).CombinedOutput()
		if err == nil || !strings.Contains(string(out), "not a bcrypt hash") || !strings.Contains(string(out), "hint: htpasswd -nBC 12 ups prints") {
			t.Errorf("%v: %v: %s", args, err, out)
		}
	}
	if exists(filepath.Join(dir, "ups.sock")) {
		t.Error("a server that didn't start left a socket")
	}
	writeSource(t, filepath.Join(dir, "password"), passwordLine)
	p := startServer(t, dir, nil)
	b, link := p.browse(1)
	if link != "" {
		t.Error("a link is in the log")
	}
	if got := b.submit("/login", "password", "wrong"); !strings.Contains(got, "The password is wrong") {
		t.Errorf("a wrong password:\n%s", got)
	}
	if got := b.submit("/login", "password", "password"); !strings.Contains(got, "Log out") {
		t.Errorf("the password:\n%s", got)
	}
}

// With a password there is a link too for who may send SIGHUP: wrong passwords of others
// hold up the right one.
func TestServePanelLinkBesidePassword(t *testing.T) {
	dir := serverFolder(t, strings.Replace(panelConfig, "%s", ", password-file: password", 1))
	writeSource(t, filepath.Join(dir, "password"), passwordLine)
	p := startServer(t, dir, nil)
	b, _ := p.browse(1)
	for range 6 {
		b.submit("/login", "password", "wrong")
	}
	if got := b.submit("/login", "password", "password"); strings.Contains(got, "Log out") {
		t.Error("passwords aren't held up")
	}
	p.HangUp()
	b, link := p.browse(2)
	if got := b.submit("/login", "link", link); !strings.Contains(got, "Log out") {
		t.Errorf("the link:\n%s", got)
	}
}

// Somebody without a login who holds connections to the panel, and sends half of a form
// on each, takes neither the panel's memory nor the service from others.
func TestServePanelConnections(t *testing.T) {
	p := startServer(t, serverFolder(t, strings.Replace(panelConfig, "%s", "", 1)), nil)
	base, _ := p.Panel(1)
	address := strings.TrimPrefix(base, "http://")
	closed := make(chan bool, 200)
	for range cap(closed) {
		c, err := net.Dial("tcp", address)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		fmt.Fprintf(c, "POST /login HTTP/1.1\r\nHost: %s\r\nContent-Length: 100\r\n\r\nlink=", address)
		go func() {
			c.SetReadDeadline(time.Now().Add(9 * time.Second)) // before forms have to be there
			_, err := io.ReadAll(c)
			closed <- !errors.Is(err, os.ErrDeadlineExceeded)
		}()
	}
	p.authorise("112", "DECISION_YES")
	n := 0
	for range cap(closed) {
		if <-closed {
			n++
		}
	}
	if n != cap(closed)-128 {
		t.Errorf("%d of %d connections were closed", n, cap(closed))
	}
}

// The panel calls clients, servers and services by the names of the configuration, which
// SIGHUP changes; a server that has none has that of its identity.
func TestServePanelNames(t *testing.T) {
	dir := serverFolder(t, strings.Replace(panelConfig, "%s", ", names: {clients: {0x20001234: Bank}, services: {0x1000a00a: Dial}}", 1))
	p := startServer(t, dir, nil)
	b, link := p.browse(1)
	b.submit("/login", "link", link)
	p.authorise("112", "DECISION_YES")
	shows := func(want ...string) {
		t.Helper()
		got := html.UnescapeString(b.get("/decisions"))
		for _, want := range want {
			if !strings.Contains(got, want) {
				t.Errorf("%s isn't in\n%s", want, got)
			}
		}
	}
	shows(`"Bank" (0x20001234)`, `"Dial" (0x1000A00A)`, `"telephony" (0x101F7F1F)`)
	path := filepath.Join(dir, "serve.yaml")
	writeSource(t, path, strings.Replace(read(t, path), "clients: {0x20001234: Bank}", "servers: {0x101f7f1f: Phone}", 1))
	p.HangUp()
	shows("<bdi>0x20001234<", `"Dial" (0x1000A00A)`, `"Phone" (0x101F7F1F)`)
}

// Of "another", with cost 10.
const anotherLine = "ups:$2a$10$mg2dGtGjqj/v0/h0AQ7Oauoc/3R4xlGx54h/9UFuWkHxH4Uoo14gm\n"

// A changed password file counts once it is read again: who logged in by the password
// before is logged out. A file with a mistake changes nothing.
func TestServePanelPasswordChanges(t *testing.T) {
	dir := serverFolder(t, strings.Replace(panelConfig, "%s", ", password-file: password", 1))
	file := filepath.Join(dir, "password")
	writeSource(t, file, passwordLine)
	p := startServer(t, dir, nil)
	b, _ := p.browse(1)
	b.submit("/login", "password", "password")
	loggedIn := func(want bool) {
		t.Helper()
		if got := b.get("/"); strings.Contains(got, "Log out") != want {
			t.Errorf("logged in, which should be %v:\n%s", want, got)
		}
	}
	for _, content := range []string{passwordLine, "nonsense\n"} {
		writeSource(t, file, content)
		p.HangUp()
		loggedIn(true)
	}
	p.Logs(`msg="the password of the control panel stays as it was"`)
	writeSource(t, file, anotherLine)
	p.HangUp()
	loggedIn(false)
	if got := b.submit("/login", "password", "password"); !strings.Contains(got, "The password is wrong") {
		t.Errorf("the password before:\n%s", got)
	}
	b.submit("/login", "password", "another")
	loggedIn(true)
}

// A port that is taken is an error, and nothing is left behind.
func TestServePanelTaken(t *testing.T) {
	p := startServer(t, serverFolder(t, strings.Replace(panelConfig, "%s", "", 1)), nil)
	b, _ := p.browse(1)
	dir := serverFolder(t, "panel: {listen: \""+strings.TrimPrefix(b.base, "http://")+"\"}\n")
	out, err := processOf(t, dir, "ups", "serve", "--config", "serve.yaml").CombinedOutput()
	if err == nil || !strings.Contains(string(out), "the control panel: listen tcp") ||
		!strings.Contains(string(out), "hint: another process has the port: end it, or choose another port, or 0 for any that is free\n") {
		t.Errorf("%v: %s", err, out)
	}
	if _, err := os.Lstat(filepath.Join(dir, "ups.sock")); err == nil {
		t.Error("the socket is left behind")
	}
}

// An answer answers as often as the configuration lets it, and SIGHUP changes that.
func TestServeAnswersThatAge(t *testing.T) {
	dir := serverFolder(t, strings.Replace(panelConfig, "%s", "", 1)+"answers: [{uses: 1}]\n")
	p := startServer(t, dir, nil)
	b, link := p.browse(1)
	b.submit("/login", "link", link)
	b.always(p, "SOURCE_PROMPT")
	p.authorise("+44791", "SOURCE_STORED")
	b.always(p, "EXPIRY_USES")
	p.authorise("+44791", "SOURCE_STORED")

	path := filepath.Join(dir, "serve.yaml")
	writeSource(t, path, strings.Replace(read(t, path), "uses: 1", "server: 0x101f7f1f, service: 0x1000a00a, uses: 100", 1))
	p.HangUp()
	p.authorise("+44791", "SOURCE_STORED")
	p.authorise("+44791", "SOURCE_STORED")
}
