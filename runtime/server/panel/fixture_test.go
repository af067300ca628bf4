package panel

import (
	"context"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"ups/internal/rsc"
	"ups/policy"
	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/service"
)

const (
	theServer    = 0x10204040
	theService   = 43
	theEvaluator = 0x20000001
	theCreator   = 0x20000002
	theApp       = 0x80000001
)

// fixture is a service whose prompts a panel shows.
type fixture struct {
	testing.TB
	panel   *Panel
	service *service.Server
	store   *runtime.Store
	db      decision.DB
	rom     string
	web     *httptest.Server
	session *service.Session
	clock   atomic.Int64 // seconds that were added to the time
}

// evaluator tells destinations apart by themselves, and by their first letter.
type evaluator struct{}

func (evaluator) Fingerprints(_ context.Context, r *service.Request) (service.Evaluation, error) {
	d := r.Destination
	return service.Evaluation{Entity: string(r.Opaque), Fingerprints: []service.Fingerprint{
		{Bytes: d[:min(len(d), 8)], Description: d}, {Bytes: d[:1], Description: "all that begin with " + d[:1]},
	}}, nil
}

func (evaluator) ForcePrompt(_ context.Context, r decision.Record) (bool, uint32, error) {
	return r.Description == "force", r.Info, nil
}

// newFixture makes a service with one list of one policy.
func newFixture(t testing.TB, o policy.Options, evaluated bool, change ...func(*Options)) *fixture {
	t.Helper()
	g := &fixture{TB: t, db: decision.NewMemory(), rom: t.TempDir()}
	g.putList(o, evaluated, 0)
	var err error
	if g.store, err = runtime.Open(g.rom, "", runtime.StoreOptions{}); err != nil {
		t.Fatal(err)
	}
	opt := Options{
		Service: func() *service.Server { return g.service },
		Caller:  service.Caller{SID: 1, Capabilities: service.ReadDeviceData | service.WriteDeviceData | service.AllFiles},
		Now:     func() time.Time { return time.Now().Add(time.Duration(g.clock.Load()) * time.Second) },
	}
	for _, c := range change {
		c(&opt)
	}
	if g.panel, err = New(opt); err != nil {
		t.Fatal(err)
	}
	g.service, err = service.New(service.Options{
		Store: g.store, DB: g.db, OnOutcome: g.panel.OnOutcome, Limits: service.Limits{Display: opt.Display},
		Ageing: opt.Ageing,
		PlugIns: service.Registry{
			Evaluators:     map[uint32]service.EvaluatorFactory{theEvaluator: func(uint32) (service.PolicyEvaluator, error) { return evaluator{}, nil }},
			DialogCreators: map[uint32]service.DialogCreatorFactory{theCreator: g.panel.DialogCreator},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	g.session, err = g.service.Connect(t.Context(), service.Caller{SID: theServer, Capabilities: service.ProtServ})
	if err != nil {
		t.Fatal(err)
	}
	g.web = httptest.NewServer(g.panel.Handler())
	t.Cleanup(func() {
		g.service.Close()
		g.panel.Close()
		g.web.Close()
	})
	return g
}

// putList writes the list of the service.
func (g *fixture) putList(o policy.Options, evaluated bool, major uint16) {
	g.Helper()
	f := &policy.File{
		UID2: policy.ResourceFileUID, UID3: 1, Version: policy.FormatVersion,
		Header:   &policy.Header{AuthorisationPolicy: policy.AlwaysCheck, DialogCreator: theCreator, MajorVersion: major},
		Policies: []policy.Policy{{SIDClasses: policy.AllSIDs, Destination: policy.NewText("*"), Options: o}},
	}
	if evaluated {
		f.Header.PolicyEvaluator = theEvaluator
	}
	b, err := rsc.Encode(f)
	if err == nil {
		err = os.WriteFile(filepath.Join(g.rom, policy.Service{Server: theServer, Service: theService}.FileName(policy.CompiledExt)), b, 0o600)
	}
	if err != nil {
		g.Fatal(err)
	}
}

// answered is an answer to a request.
type answered struct {
	service.Outcome
	err error
}

// request asks, in the background.
func (g *fixture) request(ctx context.Context, destination string) <-chan answered {
	g.Helper()
	sub, err := g.session.Open(service.Client{SID: theApp, Drive: 'C'})
	if err != nil {
		g.Fatal(err)
	}
	done := make(chan answered, 1)
	go func() {
		defer sub.Close()
		o, err := sub.Authorise(ctx, service.Query{Service: theService, Destination: destination})
		done <- answered{o, err}
	}()
	return done
}

// waits waits for a prompt to be up, and returns it.
func (g *fixture) waits() *prompt {
	g.Helper()
	for range 60_000 {
		if open, _ := g.panel.prompts.list(); len(open) > 0 {
			return open[0]
		}
		time.Sleep(time.Millisecond)
	}
	g.Fatal("no prompt is up")
	return nil
}

// receive waits for an answer.
func (g *fixture) receive(from <-chan answered) answered {
	g.Helper()
	select {
	case a := <-from:
		return a
	case <-time.After(time.Minute):
		g.Fatal("no answer")
		return answered{}
	}
}

// browser is a browser, as far as cookies and forms go.
type browser struct {
	*fixture
	client *http.Client
	token  string
}

func (g *fixture) newBrowser() *browser {
	jar, err := cookiejar.New(nil)
	if err != nil {
		g.Fatal(err)
	}
	return &browser{fixture: g, client: &http.Client{Jar: jar}}
}

var tokenField = regexp.MustCompile(`name="token" value="([^"]+)"`)

// loggedIn is a browser that has logged in by a link.
func (g *fixture) loggedIn() *browser {
	g.Helper()
	b := g.newBrowser()
	link, err := url.Parse(g.panel.LoginLink(g.web.URL))
	if err != nil {
		g.Fatal(err)
	}
	status, body := b.post("/login", url.Values{"link": link.Query()["link"]})
	m := tokenField.FindStringSubmatch(body)
	if status != http.StatusOK || m == nil {
		g.Fatalf("status %d\n%s", status, body)
	}
	b.token = m[1]
	return b
}

// get returns the status of a page and what it shows.
func (b *browser) get(path string) (int, string) {
	b.Helper()
	return b.read(b.client.Get(b.web.URL + path))
}

// post sends a form, with the token if the browser has one, and returns the page
// that it comes to.
func (b *browser) post(path string, form url.Values) (int, string) {
	b.Helper()
	if form == nil {
		form = url.Values{}
	}
	if b.token != "" && !form.Has("token") {
		form.Set("token", b.token)
	}
	return b.read(b.client.PostForm(b.web.URL+path, form))
}

func (b *browser) read(r *http.Response, err error) (int, string) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		b.Fatal(err)
	}
	return r.StatusCode, string(body)
}

// answer answers a prompt.
func (b *browser) answer(q *prompt, value string, more ...string) string {
	b.Helper()
	form := url.Values{"answer": {value}}
	for i := 0; i+1 < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	_, body := b.post("/prompts/"+q.ID, form)
	return body
}

// shows fails unless a page has all of the texts.
func shows(t testing.TB, body string, texts ...string) {
	t.Helper()
	body = html.UnescapeString(body)
	for _, text := range texts {
		if !strings.Contains(body, text) {
			t.Errorf("the page doesn't show %q:\n%s", text, body)
		}
	}
}

// hides fails if a page has one of the texts.
func hides(t testing.TB, body string, texts ...string) {
	t.Helper()
	body = html.UnescapeString(body)
	for _, text := range texts {
		if strings.Contains(body, text) {
			t.Errorf("the page shows %q:\n%s", text, body)
		}
	}
}
