package browser

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/bcrypt"

	"ups/cmd/ups/internal/servetest"
	"ups/policy"
	"ups/runtime/client"
	"ups/runtime/service"
)

// serveConfig has a control panel that asks for the policies of the handset example,
// and answers that age.
const serveConfig = `
policies: {rom: policies}
decisions: decisions.db
listen: [{unix: ups.sock}]
identities:
  - {name: telephony, uid: %d, sid: 0x20020001, capabilities: [ProtServ]}
panel: {listen: "127.0.0.1:0"%s, names: {clients: {0x20011001: Bank}, services: {0x20020011: Make a call}}}
plug-ins:
  evaluators: {0x20012011: destination}
  creators: {0x20012001: panel, 0x20012002: panel}
answers: [{after: 30d, uses: 2}]
`

// served is ups serve as a process, and a client of its socket.
type served struct {
	*requester
	process *servetest.Process
	links   int // that were taken from its log
}

// serve starts the server. With a password people log in by that, and not by links.
func serve(t testing.TB, password string) *served {
	t.Helper()
	dir, err := os.MkdirTemp("", "ups") // short: it is to have a socket
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	run(t, "", "compile", "-d", filepath.Join(dir, "policies"), filepath.Join(root, panelSource))
	file := ""
	if password != "" {
		writePassword(t, dir, password)
		file = ", password-file: password"
	}
	if err := os.WriteFile(filepath.Join(dir, "serve.yaml"), fmt.Appendf(nil, serveConfig, os.Getuid(), file), 0o600); err != nil {
		t.Fatal(err)
	}
	s := &served{requester: &requester{TB: t}, process: servetest.Start(t, ups, dir, nil)}
	c, err := client.Dial(t.Context(), client.Options{Address: "unix:" + filepath.Join(dir, "ups.sock")})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	session, err := c.Connect(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	s.open = func(c service.Client) (subsession, error) { return session.Open(c) }
	return s
}

func writePassword(t testing.TB, dir, password string) {
	t.Helper()
	hash, err := bcrypt.GenerateFromPassword([]byte(password), 10)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "password"), hash, 0o600); err != nil {
		t.Fatal(err)
	}
}

// link returns a link to log in by, another each time.
func (s *served) link() string {
	s.Helper()
	if s.links > 0 {
		s.process.HangUp()
	}
	s.links++
	base, secret := s.process.Panel(s.links)
	return base + "/login?link=" + secret
}

// TestServe is the way of an answer, from a client over the socket to a browser and
// back. Each page that is seen is looked at.
func TestServe(t *testing.T) {
	s := serve(t, "")
	link := s.link()
	p := openApart(t, link)
	p.lookAll("serve-login")
	p.press("Log in")
	p.has("No prompt is waiting.")
	p.lookAll("serve-nothing")

	first := s.request(t.Context(), panelApp, "+441234567")
	p.offers("Yes; Yes, for this session; Always; No; Never")
	p.has(`May "Bank" (0x20011001) do this?`)
	p.has(`"telephony" (0x20020001)`)
	p.lookAll("serve-prompt")
	p.press("Always")
	p.has("Answered: Always.")
	if a := s.answer(first); a.err != nil || a.Source != service.SourcePrompt || !a.Decision.Allows() || a.Stored == 0 {
		t.Fatal(a)
	}
	p.lookAll("serve-answered")
	if a := s.answer(s.request(t.Context(), panelApp, "+441234567")); a.Source != service.SourceStored {
		t.Fatal(a)
	}

	p.follow("/answers")
	p.has("+441234567")
	p.given(time.Now(), 30*24*time.Hour)
	p.has("at most 1 of 2")
	p.lookAll("serve-answers")
	p.press("Revoke")
	p.has("Revoked: 1 answer.")
	p.has("No answers are stored.")
	p.lookAll("serve-revoked")

	again := s.request(t.Context(), panelApp, "+441234567")
	p.follow("/")
	p.offers("Yes; Yes, for this session; Always; No; Never")
	p.press("No")
	if a := s.answer(again); a.Source != service.SourcePrompt || a.Choice != policy.No {
		t.Fatal(a)
	}
	// Another policy offers less.
	other := s.ask(t.Context(), panelApp, service.Query{Service: panelService, Destination: "+4990"})
	p.offers("Yes; No")
	p.lookAll("serve-fewer")
	p.press("Yes")
	if a := s.answer(other); !a.Decision.Allows() || a.Stored != 0 {
		t.Fatal(a)
	}
	for name, path := range map[string]string{
		"decisions": "/decisions", "policies": "/policies", "policy": "/policies/ups_20020001_20020011.rsc", "none": "/answers?result=never",
	} {
		p.follow(path)
		p.lookAll("serve-" + name)
	}
	p.refused = true
	p.follow(link[strings.Index(link, "/login"):])
	p.press("Log in")
	p.has("This link was used already, or has expired.")
	p.lookAll("serve-used")
}

// given fails unless the only answer on the page was given just before now, and answers
// so long.
func (p *tab) given(now time.Time, lasts time.Duration) {
	p.Helper()
	shown := evaluate[[]string](p, `[...document.querySelectorAll(".item time")].map((t) => t.textContent)`)
	if len(shown) != 2 {
		p.Fatalf("the times are %q", shown)
	}
	at, err := time.ParseInLocation(time.DateTime, shown[0], time.Local)
	if err != nil || at.After(now) || now.Sub(at) > 2*patience {
		p.Errorf("it was given at %s, %v; it is %v", shown[0], err, now)
	}
	if want := at.Add(lasts).Format(time.DateTime); shown[1] != want {
		p.Errorf("it answers until %s, want %s", shown[1], want)
	}
}

// TestServeExpired: an answer that has answered as often as it may is asked again, and
// whoever is asked learns why.
func TestServeExpired(t *testing.T) {
	s := serve(t, "")
	p := enter(t, s.link())
	done := s.request(t.Context(), panelApp, "+441234567")
	p.press("Always")
	s.answer(done)
	for range 2 {
		if a := s.answer(s.request(t.Context(), panelApp, "+441234567")); a.Source != service.SourceStored {
			t.Fatal(a)
		}
	}
	p.follow("/answers")
	p.has("at most 2 of 2")
	p.has("asked again")
	p.lookAll("serve-over")
	done = s.request(t.Context(), panelApp, "+441234567")
	p.follow("/")
	p.offers("Yes; Yes, for this session; Always; No; Never")
	p.has("You have answered this before, and are asked again: that answer has answered as often as it may.")
	p.lookAll("serve-expired")
	p.press("Yes")
	if a := s.answer(done); a.Expired != service.ExpiredUses || a.Stored != 0 {
		t.Error(a)
	}
	p.follow("/answers")
	p.has("No answers are stored.")
}

// lookAll looks at the page in a wide window and on a phone, light and dark.
func (p *tab) lookAll(name string) {
	p.Helper()
	for _, l := range []look{
		{name: "light", width: 1280, height: 900},
		{name: "dark", width: 1280, height: 900, dark: true},
		{name: "phone", width: 390, height: 844},
		{name: "phone-dark", width: 390, height: 844, dark: true},
	} {
		p.view(l)
		p.look(name + "-" + l.name)
	}
}

// TestServePassword logs in by a password. Once the server has read another one, the
// page alerts that it doesn't follow any more, and a prompt that was on it isn't answered.
func TestServePassword(t *testing.T) {
	s := serve(t, "before")
	base, _ := s.process.Panel(1)
	p := openApart(t, base)
	p.refused = true
	p.until(`document.querySelector("input[type=password]")`)
	p.lookAll("serve-password")
	logIn := func(password string) {
		evaluate[any](p, fmt.Sprintf(`void (document.getElementById("password").value = %q)`, password))
		p.press("Log in")
	}
	logIn("wrong")
	p.has("The password is wrong.")
	p.lookAll("serve-password-wrong")
	logIn("before")
	ctx, cancel := context.WithCancel(t.Context())
	done := s.request(ctx, panelApp, "+441234567")
	p.until(`document.querySelector(".prompt:not([inert])")`)
	writePassword(t, s.process.Dir, "after")
	s.process.HangUp()
	p.has("New prompts don't appear here any more")
	p.until(`document.querySelector('[role="alert"] a[href="/"]') && document.title.startsWith("Stopped: Prompts")`)
	p.lookAll("serve-stopped")
	p.press("Always")
	p.has("You are not logged in, or no longer: what you sent was not done.")
	p.lookAll("serve-logged-out")
	cancel()
	if a := s.answer(done); a.Stored != 0 || a.Decision.Allows() {
		t.Error(a)
	}
	logIn("after")
	p.has("No prompt is waiting.")
}

// TestServeTwoBrowsers presses different buttons in two browsers in the same
// millisecond: one wins, and the other is told.
func TestServeTwoBrowsers(t *testing.T) {
	s := serve(t, "")
	tabs := []*tab{enter(t, s.link()), enter(t, s.link())}
	done := s.request(t.Context(), panelApp, "+441234567")
	values, labels := []string{"always", "never"}, []string{"Always", "Never"}
	at := time.Now().Add(3 * time.Second).UnixMilli()
	for i, p := range tabs {
		p.until(`document.querySelector(".prompt:not([inert])")`)
		evaluate[any](p, fmt.Sprintf(`void setTimeout(() => document.querySelector('.prompt button[value=%q]').click(), %d - Date.now())`, values[i], at))
	}
	a := s.answer(done)
	won := 0
	if a.Choice == policy.Never {
		won = 1
	}
	if a.Stored == 0 || a.Choice != []policy.Options{policy.Always, policy.Never}[won] {
		t.Fatal(a)
	}
	tabs[won].has("Answered: " + labels[won] + ".")
	tabs[1-won].has("Your answer came too late: it was answered in another browser with " + labels[won] + ".")
	tabs[1-won].lookAll("serve-late")
	tabs[1-won].follow("/answers")
	if n := evaluate[int](tabs[1-won], `document.querySelectorAll(".item").length`); n != 1 {
		t.Errorf("%d answers are stored", n)
	}
}
