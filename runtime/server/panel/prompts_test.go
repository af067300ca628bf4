package panel

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"html"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"ups/policy"
	"ups/runtime/decision"
	"ups/runtime/service"
)

var answerButton = regexp.MustCompile(`<button name="answer" value="([^"]+)"`)

// buttons are the answers that a page offers.
func buttons(body string) (values []string) {
	for _, m := range answerButton.FindAllStringSubmatch(body, -1) {
		values = append(values, m[1])
	}
	return values
}

// A prompt has exactly the buttons that the policy offers, and each is the answer
// that it says.
func TestButtons(t *testing.T) {
	asked := 0
	for o := range policy.AllOptions + 1 {
		if !o.Prompts() {
			continue
		}
		g := newFixture(t, o, false)
		b := g.loggedIn()
		for _, c := range offered(o) {
			done := g.request(t.Context(), "x")
			q := g.waits()
			_, body := b.get("/")
			var want []string
			for _, c := range offered(o) {
				want = append(want, c.Value)
			}
			if got := buttons(body); !slices.Equal(got, want) {
				t.Fatalf("%v: buttons %v, want %v", o, got, want)
			}
			b.answer(q, c.Value)
			if a := g.receive(done); a.err != nil || a.Choice != c.Option || a.Decision != o.DecisionFor(c.Option) {
				t.Errorf("%v: %s: %v, %v, %v", o, c.Value, a.Choice, a.Decision, a.err)
			}
			if _, err := g.db.Delete(t.Context(), decision.Filter{}); err != nil {
				t.Fatal(err)
			}
			asked++
		}
	}
	if asked != 168 {
		t.Errorf("%d buttons were pressed", asked)
	}
}

// What isn't offered is no answer, and the prompt waits on.
func TestNotOffered(t *testing.T) {
	g := newFixture(t, policy.Yes|policy.No, false)
	b := g.loggedIn()
	done := g.request(t.Context(), "x")
	q := g.waits()
	for _, form := range []url.Values{
		{"answer": {"always"}}, {"answer": {""}}, {}, {"answer": {"Yes"}},
		{"answer": {"yes"}, "fingerprint": {"1"}}, {"answer": {"yes"}, "fingerprint": {"-1"}}, {"answer": {"yes"}, "fingerprint": {"x"}},
	} {
		if status, _ := b.post("/prompts/"+q.ID, form); status != http.StatusBadRequest {
			t.Errorf("%v: status %d", form, status)
		}
	}
	b.answer(q, "no")
	if a := g.receive(done); a.Decision != policy.DecisionNo || a.Source != service.SourcePrompt {
		t.Error(a)
	}
}

// What an answer is stored for can be chosen.
func TestFingerprints(t *testing.T) {
	g := newFixture(t, policy.AllOptions, true)
	b := g.loggedIn()
	done := g.request(t.Context(), "abc")
	q := g.waits()
	_, body := b.get("/")
	shows(t, body, `"abc"`, `"all that begin with a"`, "Always and Never are for")
	b.answer(q, "always", "fingerprint", "1")
	g.receive(done)
	if a := g.receive(g.request(t.Context(), "axx")); a.Source != service.SourceStored || !a.Decision.Allows() {
		t.Error(a)
	}
	done = g.request(t.Context(), "bcd")
	b.answer(g.waits(), "always", "fingerprint", "0")
	g.receive(done)
	if a := g.receive(g.request(t.Context(), "bcd")); a.Source != service.SourceStored {
		t.Error(a)
	}
	done = g.request(t.Context(), "bxx")
	b.answer(g.waits(), "no")
	if a := g.receive(done); a.Source != service.SourcePrompt {
		t.Errorf("the answer for one counts for all: %v", a)
	}
}

// Nothing is said that there is no need for: how long the prompt waits, if it does for
// ever; what to store, if nothing is; and the whole destination beside the whole.
func TestPromptSaysNoMore(t *testing.T) {
	g := newFixture(t, policy.Yes|policy.No, true, func(o *Options) { o.Display = -1 })
	b := g.loggedIn()
	done := g.request(t.Context(), "abc")
	q := g.waits()
	_, body := b.get("/")
	shows(t, body, `"abc"`)
	hides(t, body, "left to answer", "Always and Never are for", "All of it", "on behalf of")
	b.answer(q, "no")
	g.receive(done)
}

// What is asked is shown, with what comes of each answer.
func TestPromptSays(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false, func(o *Options) {
		o.Names = Names{
			Client:  func(uint32) string { return "Bank" },
			Server:  func(uint32) string { return "Messages" },
			Service: func(uint32, uint32) string { return "Send" },
		}
	})
	b := g.loggedIn()
	for range 2 { // one waits for the other
		g.request(t.Context(), "+44 1234")
	}
	g.waits()
	for g.service.Status().Waiting == 0 {
		time.Sleep(time.Millisecond)
	}
	_, body := b.get("/")
	shows(t, body, `"Bank" (0x80000001)`, `"Messages" (0x10204040)`, `"Send" (0x0000002B)`, `"+44 1234"`,
		"Allows this request only.", "Refuses this request only.", "the system server does the same for the rest of its session",
		"until you revoke it, every later one of this application to this service", "1 more request", "120 seconds</span> left to answer", "(1) Prompts")
}

// Text of others can't be markup, hide what is said, or turn its direction.
func TestHostileText(t *testing.T) {
	hostile := "<script>alert(1)</script>\u202e\u200b\"' onload=x \xe2\x80\xa8</bdi>"
	g := newFixture(t, policy.AllOptions, true, func(o *Options) {
		o.Names.Client = func(uint32) string { return hostile }
	})
	b := g.loggedIn()
	done := g.request(t.Context(), hostile)
	q := g.waits()
	var all []string
	_, body := b.get("/")
	all = append(all, body)
	all = append(all, b.answer(q, "always"))
	g.receive(done)
	for _, path := range []string{"/answers", "/decisions", "/answers?text=" + url.QueryEscape(hostile), "/answers?client=" + url.QueryEscape(hostile), "/login?link=" + url.QueryEscape(hostile), "/answers/revoke"} {
		_, body := b.get(path)
		all = append(all, body)
	}
	if !strings.Contains(html.UnescapeString(all[0]), `\u{202e}\u{200b}`) {
		t.Errorf("what can't be seen isn't shown:\n%s", all[0])
	}
	for _, body := range all {
		if strings.Contains(body, "<script>") || strings.Contains(body, "</bdi></bdi>") {
			t.Errorf("markup of others:\n%s", body)
		}
		if strings.ContainsAny(body[strings.Index(body, "<h1"):], "\u202e\u200b") && !strings.Contains(body, "search") && !strings.Contains(body, `name="link"`) {
			t.Errorf("characters that can't be seen:\n%q", body)
		}
	}
}

// A destination that is cut is there as a whole too.
func TestLongDestination(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	b := g.loggedIn()
	long := strings.Repeat("a", 300) + "middle" + strings.Repeat("b", 300)
	g.request(t.Context(), long)
	g.waits()
	_, body := b.get("/")
	shows(t, body, "characters are not shown", long)
}

// Of two browsers that answer, one wins, and the other is told.
func TestTwoBrowsers(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	first, second := g.loggedIn(), g.loggedIn()
	done := g.request(t.Context(), "x")
	q := g.waits()
	body := first.answer(q, "no")
	shows(t, body, "Answered: No.", "it was answered by you with No", "<time>"+g.panel.prompts.howEnded(q).At.Format("15:04:05")+"</time>")
	shows(t, second.answer(q, "always"), "Your answer came too late: it was answered in another browser with No.")
	if a := g.receive(done); a.Choice != policy.No || a.Stored != 0 {
		t.Error(a)
	}
	shows(t, first.answer(q, "always"), "Your answer came too late: it was answered by you with No.")
	shows(t, second.answer(&prompt{ID: "unknown"}, "always"), "That prompt is over.")
}

// Of many answers at once one counts.
func TestManyAnswersAtOnce(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	for range 20 {
		done := g.request(t.Context(), "x")
		q := g.waits()
		won := make(chan policy.Options, 6)
		for _, c := range choices[:2] {
			for range 3 {
				go func() {
					if g.panel.prompts.answer(q, service.Choice{Option: c.Option}, ending{Answer: c.Option}) {
						won <- c.Option
						return
					}
					won <- 0
				}()
			}
		}
		var all []policy.Options
		for range 6 {
			if o := <-won; o != 0 {
				all = append(all, o)
			}
		}
		if a := g.receive(done); len(all) != 1 || a.Choice != all[0] {
			t.Fatal(all, a.Choice)
		}
	}
}

// A prompt goes when the request does, or its time is over, and the page says so.
func TestPromptsEnd(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false, func(o *Options) { o.Display = time.Second })
	b := g.loggedIn()
	ctx, cancel := context.WithCancel(t.Context())
	done := g.request(ctx, "cancelled")
	q := g.waits()
	cancel()
	g.receive(done)
	shows(t, b.answer(q, "always"), "Your answer came too late: it ended since the request was cancelled.", "No prompt is waiting")
	a := g.receive(g.request(t.Context(), "slow"))
	if !errors.Is(a.err, service.ErrPlugInTime) {
		t.Error(a.err)
	}
	_, body := b.get("/")
	shows(t, body, `"slow": it ended since nobody answered in time, which means No.`)
}

func TestForcedPrompt(t *testing.T) {
	g := newFixture(t, policy.AllOptions, true)
	b := g.loggedIn()
	done := g.request(t.Context(), "force")
	b.answer(g.waits(), "always")
	g.receive(done)
	done = g.request(t.Context(), "force")
	q := g.waits()
	_, body := b.get("/")
	shows(t, body, "You have answered this before")
	b.answer(q, "yes")
	if a := g.receive(done); !a.Forced {
		t.Error(a)
	}
	_, body = b.get("/decisions")
	shows(t, body, "although an answer was stored")
}

// What has ended is bounded.
func TestEndedIsBounded(t *testing.T) {
	var s prompts
	for i := range 3 * endedKept {
		q := s.put(t.Context(), &service.Prompt{}, 0, time.Time{})
		q.info = uint32(i)
		s.answer(q, service.Choice{}, ending{Answer: policy.Yes})
	}
	open, ended := s.list()
	if len(open) != 0 || len(ended) != endedKept || ended[0].info != 3*endedKept-1 {
		t.Error(len(open), len(ended), ended[0].info)
	}
}

// Who watches is told when a prompt comes and when it goes, and no more once they have
// stopped.
func TestWatch(t *testing.T) {
	var s prompts
	told := func(changes <-chan struct{}) bool {
		select {
		case <-changes:
			return true
		default:
			return false
		}
	}
	changes, stop := s.watch()
	q := s.put(t.Context(), &service.Prompt{}, 0, time.Time{})
	if !told(changes) {
		t.Error("not told of a prompt that comes")
	}
	s.withdraw(q, ending{})
	if !told(changes) {
		t.Error("not told of a prompt that goes")
	}
	stop()
	s.look()
	if told(changes) || len(s.watchers) != 0 {
		t.Errorf("told afterwards, or %d are kept", len(s.watchers))
	}
}

// stream opens the events of a browser, and returns its lines.
func (b *browser) stream(ctx context.Context) (status int, lines <-chan string) {
	b.Helper()
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, b.web.URL+"/events", nil)
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Accept", eventStream)
	resp, err := b.client.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	if kind := resp.Header.Get("Content-Type"); resp.StatusCode == http.StatusOK && kind != eventStream {
		b.Errorf("the type of the events is %q", kind)
	}
	out := make(chan string, 10000)
	go func() {
		defer close(out)
		defer resp.Body.Close()
		for s := bufio.NewScanner(resp.Body); s.Scan(); {
			out <- s.Text()
		}
	}()
	return resp.StatusCode, out
}

// until reads lines up to one that has a text.
func (b *browser) until(lines <-chan string, text string) {
	b.Helper()
	late := time.After(time.Minute)
	for {
		select {
		case line, ok := <-lines:
			if !ok {
				b.Fatalf("the stream ended before %q", text)
			}
			if strings.Contains(line, text) {
				return
			}
		case <-late:
			b.Fatalf("no line has %q", text)
		}
	}
}

func TestEvents(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	b := g.loggedIn()
	_, lines := b.stream(t.Context())
	b.until(lines, "No prompt is waiting")
	done := g.request(t.Context(), "x")
	b.until(lines, `value="always"`)
	b.answer(g.waits(), "always")
	b.until(lines, "answered by you")
	g.receive(done)
	g.panel.Close()
	for range lines {
	}
	if status, _ := b.stream(t.Context()); status != http.StatusServiceUnavailable {
		t.Errorf("after Close: status %d", status)
	}
}

// A stream ends with its login.
func TestEventsEndWithTheLogin(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	b, other := g.loggedIn(), g.loggedIn()
	_, lines := b.stream(t.Context())
	b.until(lines, "No prompt is waiting")
	b.post("/logout", nil)
	done := g.request(t.Context(), "secret")
	other.answer(g.waits(), "no")
	g.receive(done)
	for line := range lines {
		if strings.Contains(line, "secret") {
			t.Error(line)
		}
	}
}

// Who follows the prompts isn't idle, and is logged out at the age of a login all the
// same.
func TestEventsCountAsUse(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	b := g.loggedIn()
	_, lines := b.stream(t.Context())
	b.until(lines, "No prompt is waiting")
	step := loginIdle - time.Minute
	for range 3 {
		before := g.lastUse()
		g.clock.Add(int64(step.Seconds()))
		g.panel.prompts.look()
		for end := time.Now().Add(20 * time.Second); g.lastUse().Before(before.Add(step)); time.Sleep(time.Millisecond) {
			if time.Now().After(end) {
				t.Fatal("it counts as idle")
			}
		}
	}
	if !b.isIn() {
		t.Error("logged out")
	}
	g.clock.Add(int64(loginAge.Seconds()))
	g.panel.prompts.look()
	for range lines {
	}
	if b.isIn() {
		t.Error("logged in for ever")
	}
}

// lastUse is when the login was used last, of which there is one.
func (g *fixture) lastUse() (used time.Time) {
	g.panel.logins.mu.Lock()
	defer g.panel.logins.mu.Unlock()
	for _, l := range g.panel.logins.logins {
		used = l.used
	}
	return used
}

func TestEventsAreBounded(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	b := g.loggedIn()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	for range streamsMax {
		if status, _ := b.stream(ctx); status != http.StatusOK {
			t.Fatal(status)
		}
	}
	if status, _ := b.stream(ctx); status != http.StatusServiceUnavailable {
		t.Error(status)
	}
	cancel()
	for range 30_000 {
		if status, _ := b.stream(t.Context()); status == http.StatusOK {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Error("streams that have ended still count")
}

// A line end within a text doesn't end the event.
func TestWriteEvent(t *testing.T) {
	var b strings.Builder
	if err := writeEvent(&b, "x", "a\nb\rc\r\nd"); err != nil {
		t.Fatal(err)
	}
	if want := "event: x\ndata: a\ndata: b\ndata: c\ndata: d\n\n"; b.String() != want {
		t.Errorf("%q", b.String())
	}
}

func TestMeanings(t *testing.T) {
	p := &service.Prompt{}
	p.Fingerprints = []service.Fingerprint{{}, {}}
	for i, want := range []string{"about what is chosen above.", "about \"d\".", "of this application to this service."} {
		if got := meaning(p, choiceOf(policy.Never), false); !strings.HasSuffix(got, want) {
			t.Error(got)
		}
		p.Fingerprints = [][]service.Fingerprint{{{Description: "d"}}, {{}}, nil}[i]
	}
	if got := meaning(p, choiceOf(policy.Always), true); got != "Allows this request only: nothing can be stored for it." {
		t.Error(got)
	}
}

func TestForWhat(t *testing.T) {
	for want, f := range map[string]service.Fingerprint{
		`"d"`: {Description: "d", Bytes: "x"}, "fingerprint 78ff": {Bytes: "x\xff"}, "whatever this application wants of this service": {},
	} {
		if got := forWhat(f); got != want {
			t.Errorf("%s, want %s", got, want)
		}
	}
}

func TestCount(t *testing.T) {
	if got := fmt.Sprint(count(1, "answer"), count(0, "second"), count(2, "entry")); got != "1 answer0 seconds2 entries" {
		t.Error(got)
	}
}

// Nobody is told that an answer counts which doesn't: the request has ended, and the
// dialog is still to be taken down.
func TestAnswerToWhatHasEnded(t *testing.T) {
	var s prompts
	ctx, cancel := context.WithCancel(t.Context())
	q := s.put(ctx, &service.Prompt{}, 0, time.Time{})
	cancel()
	if s.answer(q, service.Choice{Option: policy.Always}, ending{Answer: policy.Always}) {
		t.Error("it is said that it was answered")
	}
	if e := s.howEnded(q); e.Answer != 0 || e.Reason == "" || len(q.answers) != 0 {
		t.Errorf("%+v, %d answers", e, len(q.answers))
	}
}
