package browser

import (
	"context"
	"fmt"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"ups/cmd/ups/page/loaded"
	"ups/compiler"
	"ups/policy"
	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/plugin/destination"
	"ups/runtime/server/panel"
	"ups/runtime/service"
)

// What the tests of the control panel ask, under the policies of the handset example.
const (
	panelSource  = "examples/handset/ups_20020001_20020011.rss"
	panelServer  = 0x20020001
	panelService = 0x20020011
	panelApp     = 0x20011001
)

// panelled is a service whose prompts a control panel shows, over the real policies.
type panelled struct {
	*requester
	panel   *panel.Panel
	service *service.Server
	db      decision.DB
	web     *httptest.Server
}

// everyCreator has the panel ask for every dialog creator.
type everyCreator struct{ panel *panel.Panel }

func (e everyCreator) Evaluator(uint32) (service.EvaluatorFactory, error) {
	return destination.New(destination.Evaluator{}), nil
}

func (e everyCreator) DialogCreator(uint32) (service.DialogCreatorFactory, error) {
	return e.panel.DialogCreator, nil
}

// servePanel makes a service with one list.
func servePanel(t testing.TB, change ...func(*panel.Options)) *panelled {
	t.Helper()
	rom := t.TempDir()
	p := &panelled{db: decision.NewMemory()}
	p.requester = &requester{TB: t}
	p.writeList(rom)
	store, err := runtime.Open(rom, "", runtime.StoreOptions{})
	if err != nil {
		t.Fatal(err)
	}
	opt := panel.Options{
		Service: func() *service.Server { return p.service },
		Caller:  service.Caller{SID: 1, Capabilities: service.ReadDeviceData | service.WriteDeviceData | service.AllFiles},
		Names: panel.Names{
			Client:  func(sid uint32) string { return map[uint32]string{panelApp: "Bank"}[sid] },
			Server:  func(uint32) string { return "Message server" },
			Service: func(uint32, uint32) string { return "Send a message" },
		},
		Lists: loaded.Lists(store),
	}
	for _, c := range change {
		c(&opt)
	}
	if p.panel, err = panel.New(opt); err != nil {
		t.Fatal(err)
	}
	p.service, err = service.New(service.Options{
		Store: store, DB: p.db, OnOutcome: p.panel.OnOutcome, PlugIns: everyCreator{p.panel}, Limits: service.Limits{Display: opt.Display},
	})
	if err != nil {
		t.Fatal(err)
	}
	session, err := p.service.Connect(t.Context(), service.Caller{SID: panelServer, Capabilities: service.ProtServ})
	if err != nil {
		t.Fatal(err)
	}
	p.open = func(c service.Client) (subsession, error) { return session.Open(c) }
	p.web = httptest.NewServer(p.panel.Handler())
	t.Cleanup(func() {
		p.service.Close()
		p.panel.Close()
		p.web.CloseClientConnections()
		p.web.Close()
	})
	return p
}

// writeList compiles the list.
func (p *panelled) writeList(folder string) {
	p.Helper()
	text, err := os.ReadFile(filepath.Join(root, panelSource))
	if err != nil {
		p.Fatal(err)
	}
	r := compiler.Compile(filepath.Join(root, panelSource), text, compiler.Options{})
	if r.Failed() {
		p.Fatal(r.Diagnostics)
	}
	path := filepath.Join(folder, policy.Service{Server: panelServer, Service: panelService}.FileName(policy.CompiledExt))
	if err := os.WriteFile(path, r.Bytes, 0o600); err != nil {
		p.Fatal(err)
	}
}

// enter opens the panel by a link, in a browser of its own.
func (p *panelled) enter() *tab {
	p.Helper()
	return enter(p.TB, p.panel.LoginLink(p.web.URL))
}

// enter opens a panel by a link, in a browser of its own.
func enter(t testing.TB, link string) *tab {
	t.Helper()
	page := openApart(t, link)
	page.press("Log in")
	page.until(`document.querySelector("#live")?.textContent.startsWith("Prompts appear here")`)
	return page
}

// until is wait from outside of the page, so that it works while the page changes to
// another, and without scripts.
func (p *tab) until(expression string) {
	p.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		if ok, err := chromedp.Run(p.ctx, chromedp.Evaluate[bool]("!!("+expression+")")); err == nil && ok {
			return
		}
	}
	p.Fatalf("never: %s\n%s", expression, evaluate[string](p, "document.body.innerText"))
}

// press presses a button by its name, as somebody does who uses the keyboard.
func (p *tab) press(name string) {
	p.Helper()
	button := fmt.Sprintf(`[...document.querySelectorAll("button")].find((b) => (b.ariaLabel ?? b.textContent).split(":")[0] === %q && !b.closest("[inert]"))`, name)
	p.until(button)
	evaluate[any](p, button+".focus()")
	p.do(chromedp.Steps(chromedp.KeyEvent("\r")))
}

// follow goes to an address of the panel.
func (p *tab) follow(path string) {
	p.Helper()
	p.do(chromedp.Steps(discard(chromedp.Evaluate[any](fmt.Sprintf("void (location.href = %q)", path)))))
	p.until(fmt.Sprintf(`document.readyState === "complete" && location.pathname + location.search === %q`, path))
}

// has waits until the page shows a text.
func (p *tab) has(text string) {
	p.Helper()
	p.until(fmt.Sprintf(`document.readyState === "complete" && document.body.innerText.includes(%q)`, text))
}

// offers waits for a prompt, which must have these buttons.
func (p *tab) offers(want string) {
	p.Helper()
	p.until(`document.querySelector(".prompt:not([inert])")`)
	all := evaluate[[]string](p, `[...document.querySelectorAll(".prompt button")].map((b) => b.textContent)`)
	if got := strings.Join(all, "; "); got != want {
		p.Errorf("the buttons are %s, want %s", got, want)
	}
}

// TestPanel is the way of an answer: a client waits, the prompt appears by itself,
// Always lets the client go on; the record is listed, and revoked; the next request
// asks again; the undo restores it.
func TestPanel(t *testing.T) {
	s := servePanel(t)
	p := s.enter()
	p.has("No prompt is waiting.")
	first := s.request(t.Context(), panelApp, "+441234567")
	p.until(`document.querySelectorAll(".prompt").length === 1`)
	p.until(`document.getElementById("told").textContent.startsWith('A prompt is waiting. May "Bank"')`)
	p.until(`document.title.startsWith("(1) ")`)
	p.offers("Yes; Yes, for this session; Always; No; Never")
	p.press("Always")
	p.has("Answered: Always.")
	if focus := evaluate[string](p, `document.activeElement.className`); focus != "notice" {
		t.Errorf("the focus is on %q", focus)
	}
	if a := s.answer(first); a.err != nil || !a.Decision.Allows() || a.Stored == 0 {
		t.Fatal(a)
	}
	if a := s.answer(s.request(t.Context(), panelApp, "+441234567")); a.Source != service.SourceStored {
		t.Fatal(a)
	}
	p.follow("/answers")
	p.has(`"Bank" (0x20011001)`)
	p.press("Revoke")
	p.has("Revoked: 1 answer.")
	p.has("No answers are stored.")
	again := s.request(t.Context(), panelApp, "+441234567")
	p.follow("/")
	p.press("Yes")
	if a := s.answer(again); a.Source != service.SourcePrompt || a.Choice != policy.Yes {
		t.Fatal(a)
	}
	p.has("Answered: Yes.")
	p.follow("/answers")
	p.until(`document.querySelector(".undo")`)
	p.press("Undo")
	p.has("Restored: 1 answer.")
	if a := s.answer(s.request(t.Context(), panelApp, "+441234567")); a.Source != service.SourceStored {
		t.Fatal(a)
	}
	p.follow("/decisions")
	p.has("a person was asked and answered Always; that is stored as record 1")
}

// TestPanelTwoBrowsers answers the same prompt in two browsers: one wins, the other
// is told, whether by its page, which follows, or when it presses a button all the
// same.
func TestPanelTwoBrowsers(t *testing.T) {
	s := servePanel(t)
	first, second := s.enter(), s.enter()
	done := s.request(t.Context(), panelApp, "+441234567")
	for _, p := range []*tab{first, second} {
		p.until(`document.querySelector(".prompt:not([inert])")`)
	}
	// The second page is held as it is, so that its button is still there.
	evaluate[any](second, `void (window.form = document.querySelector(".prompt form").cloneNode(true), form.hidden = true, document.body.append(form))`)
	evaluate[any](second, `document.querySelector('.prompt button[value="always"]').focus()`)
	first.press("No")
	second.until(`document.getElementById("told").textContent.includes("A prompt is over.")`)
	second.has("it was answered in another browser with No.")
	if focus := evaluate[string](second, `document.activeElement.id`); focus != "main" {
		t.Errorf("the focus is on %q", focus)
	}
	evaluate[any](second, `void form.requestSubmit(form.querySelector('button[value="always"]'))`)
	second.has("Your answer came too late: it was answered in another browser with No.")
	if a := s.answer(done); a.Choice != policy.No || a.Stored != 0 {
		t.Error(a)
	}
}

// TestPanelTimes waits until the time of a prompt is over.
func TestPanelTimes(t *testing.T) {
	s := servePanel(t, func(o *panel.Options) { o.Display = 3 * time.Second })
	p := s.enter()
	done := s.request(t.Context(), panelApp, "+441234567")
	p.until(`document.querySelector(".left.soon span")?.textContent === "1 second"`)
	p.has("it ended since nobody answered in time, which means No.")
	if a := s.answer(done); a.Decision.Allows() || a.err == nil {
		t.Error(a)
	}
}

// TestPanelWithoutScript does all by forms.
func TestPanelWithoutScript(t *testing.T) {
	s := servePanel(t)
	p := openApart(t, s.panel.LoginLink(s.web.URL))
	if _, err := chromedp.Call(p.ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	p.press("Log in")
	p.has("No prompt is waiting.")
	p.has("Look again")
	done := s.request(t.Context(), panelApp, "+441234567")
	for !s.service.Status().Dialog {
		time.Sleep(time.Millisecond)
	}
	p.follow("/")
	p.press("Never")
	p.has("Answered: Never.")
	if a := s.answer(done); a.Stored == 0 || a.Decision.Allows() {
		t.Error(a)
	}
	p.follow("/answers")
	p.press("Change to Always")
	p.has("Changed to Always")
	p.press("Revoke")
	p.has("Revoked: 1 answer.")
	p.press("Undo")
	p.has("Restored: 1 answer.")
}

// TestPanelKeepsWhatIsChosen: while a request comes and goes that waits behind it, a
// prompt keeps the focus, and what is chosen in it.
func TestPanelKeepsWhatIsChosen(t *testing.T) {
	s := servePanel(t)
	p := s.enter()
	s.request(t.Context(), panelApp, "+441234567")
	p.until(`document.querySelector(".prompt:not([inert]) input[type=radio]")`)
	evaluate[any](p, `(() => { const last = [...document.querySelectorAll(".prints input")].at(-1); last.click(); last.focus(); window.chosen = last; })()`)
	ctx, cancel := context.WithCancel(t.Context())
	behind := s.request(ctx, panelApp+1, "+449")
	p.until(`document.querySelector(".queue")`)
	cancel()
	s.answer(behind)
	if !evaluate[bool](p, `chosen.checked && document.activeElement === chosen && chosen.isConnected`) {
		t.Error("the prompt was replaced")
	}
}

// TestPanelLooks holds all pages, as they look in all ways, against axe-core.
func TestPanelLooks(t *testing.T) {
	// However long the machine takes to look at them, prompts stay.
	s := servePanel(t, func(o *panel.Options) { o.Display = time.Hour })
	entered := s.enter()
	for i, to := range []string{"+441234567", "+49301234567", "+15551234567"} {
		done := s.request(t.Context(), panelApp+uint32(i), to)
		answer := []string{"Always", "Never", "No"}[i]
		entered.press(answer)
		s.answer(done)
		entered.has("Answered: " + answer)
	}
	s.answer(s.request(t.Context(), panelApp, "112"))
	s.answer(s.request(t.Context(), panelApp, "+441234567"))
	s.request(t.Context(), panelApp, "+44 20 7946 0958 \u202e ext. "+strings.Repeat("5", 300))
	s.request(t.Context(), 0x8000F00D, "+15550100")
	file := policy.Service{Server: panelServer, Service: panelService}.FileName(policy.CompiledExt)
	for _, l := range append(looks, look{name: "phone-dark", width: 390, height: 844, dark: true}) {
		t.Run(l.name, func(t *testing.T) {
			p := s.enter()
			p.TB = t
			p.view(l)
			p.until(`document.querySelector(".queue") && document.querySelector(".prompt:not([inert])")`)
			p.look("panel-prompts-" + l.name)
			for name, path := range map[string]string{
				"answers": "/answers", "revoke": "/answers/revoke?result=always", "decisions": "/decisions", "policies": "/policies", "policy": "/policies/" + file,
			} {
				p.follow(path)
				p.look("panel-" + name + "-" + l.name)
			}
			if l.print {
				return // without buttons
			}
			p.press("Log out")
			p.until(`location.pathname === "/login"`)
			p.look("panel-login-" + l.name)
		})
	}
}

// look holds a page against axe-core, keeps its picture, and fails if it is wider
// than the window.
func (p *tab) look(name string) {
	p.Helper()
	time.Sleep(300 * time.Millisecond) // what moves has come to rest
	p.accessible()
	p.keep(name)
	if wide := evaluate[int](p, `document.documentElement.scrollWidth - innerWidth`); wide > 0 {
		p.Errorf("%s is %d pixels wider than the window", name, wide)
	}
}
