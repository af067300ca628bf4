package panel

import (
	"bytes"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"ups/policy"
	"ups/runtime/decision"
	"ups/runtime/service"
)

// keep stores answers of numbered clients to the service, and returns the ids.
func (g *fixture) keep(n int) (ids []uint64) {
	g.Helper()
	for i := range n {
		id, err := g.db.Store(g.Context(), decision.Record{
			Key:         decision.Key{Client: uint32(i), Server: theServer, Service: theService},
			Description: fmt.Sprintf("number %d", i), Result: decision.Result(i % 2),
		})
		if err != nil {
			g.Fatal(err)
		}
		ids = append(ids, id)
	}
	return ids
}

// records are those that are stored.
func (g *fixture) records() (all []decision.Record) {
	g.Helper()
	for r, err := range g.db.List(g.Context(), decision.Filter{}) {
		if err != nil {
			g.Fatal(err)
		}
		all = append(all, r)
	}
	return all
}

// The way of an answer: given, listed, revoked, asked again, restored.
func TestRevokeAndUndo(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	b := g.loggedIn()
	done := g.request(t.Context(), "x")
	b.answer(g.waits(), "always")
	if a := g.receive(done); a.Stored != 1 {
		t.Fatal(a)
	}
	_, body := b.get("/answers")
	shows(t, body, "Always", "0x80000001", "whatever this application wants of this service")
	_, body = b.post("/answers/1/revoke", nil)
	shows(t, body, "Revoked: 1 answer.", "No answers are stored.", "Revoked since you logged in", `action="/undo/1"`)
	done = g.request(t.Context(), "x")
	b.answer(g.waits(), "yes")
	if a := g.receive(done); a.Source != service.SourcePrompt {
		t.Error(a)
	}
	_, body = b.post("/undo/1", nil)
	shows(t, body, "Restored: 1 answer.")
	hides(t, body, "Revoked since you logged in")
	if a := g.receive(g.request(t.Context(), "x")); a.Source != service.SourceStored {
		t.Error(a)
	}
	_, body = b.post("/undo/1", nil)
	shows(t, body, "There is nothing to undo.")
}

// An undo is for who has revoked, and gives way to a newer answer.
func TestUndoGivesWay(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	b, other := g.loggedIn(), g.loggedIn()
	done := g.request(t.Context(), "x")
	b.answer(g.waits(), "always")
	g.receive(done)
	b.post("/answers/1/revoke", nil)
	_, body := other.get("/answers")
	hides(t, body, "Revoked since")
	_, body = other.post("/undo/1", nil)
	shows(t, body, "There is nothing to undo.")
	done = g.request(t.Context(), "x")
	b.answer(g.waits(), "never")
	g.receive(done)
	_, body = b.post("/undo/1", nil)
	shows(t, body, `<div class="notice bad"`, "Restored: 0 answers. Not restored: 1 answer, since newer answers")
	if all := g.records(); len(all) != 1 || all[0].Result != decision.Never {
		t.Error(all)
	}
}

// What couldn't be restored can be later.
func TestUndoThatFails(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	b := g.loggedIn()
	g.keep(1)
	b.post("/answers/1/revoke", nil)
	all := g.panel.opt.Caller.Capabilities
	g.panel.opt.Caller.Capabilities = all &^ service.AllFiles
	_, body := b.post("/undo/1", nil)
	shows(t, body, "Restored: 0 answers. The panel isn't allowed to do this", `action="/undo/2"`)
	g.panel.opt.Caller.Capabilities = all
	_, body = b.post("/undo/2", nil)
	shows(t, body, "Restored: 1 answer.")
	if n := len(g.records()); n != 1 {
		t.Errorf("%d are stored", n)
	}
}

// Two who revoke the same: the second is told.
func TestRevokedTwice(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	first, second := g.loggedIn(), g.loggedIn()
	g.keep(1)
	first.post("/answers/1/revoke", nil)
	_, body := second.post("/answers/1/revoke", nil)
	shows(t, body, "Nothing was revoked")
	if status, _ := first.post("/answers/x/revoke", nil); status != http.StatusBadRequest {
		t.Error(status)
	}
}

// What has changed since it was read isn't deleted.
func TestDeleteRecords(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	g.keep(2)
	all := g.records()
	if err := g.db.UpdateResult(t.Context(), all[0].ID, decision.Always); err != nil {
		t.Fatal(err)
	}
	err := g.panel.manage(func(m *service.Management) error {
		gone, err := deleteRecords(t.Context(), m, []shown{show(all[0]), show(all[1])})
		if len(gone) != 1 || gone[0].ID != all[1].ID {
			t.Error(gone)
		}
		return err
	})
	if err != nil || len(g.records()) != 1 {
		t.Error(err, g.records())
	}
}

func TestChange(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	b := g.loggedIn()
	g.keep(1)
	for _, result := range []string{"always", "never"} {
		_, body := b.post("/answers/1/change", url.Values{"result": {result}})
		shows(t, body, "Changed to "+strings.ToUpper(result[:1])+result[1:])
		if r := g.records()[0]; r.Result.String() != result {
			t.Error(r)
		}
	}
	_, body := b.post("/answers/9/change", url.Values{"result": {"always"}})
	shows(t, body, "The answer is gone meanwhile.")
	for _, result := range []string{"", "yes"} {
		if status, _ := b.post("/answers/1/change", url.Values{"result": {result}}); status != http.StatusBadRequest {
			t.Error(status)
		}
	}
}

// What is searched for is shown, exported and revoked alike, and kept through it.
func TestSearch(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	b := g.loggedIn()
	g.keep(20)
	for query, want := range map[string]int{
		"": 20, "client=0x00000003": 1, "client=3": 1, "result=always": 10, "text=NUMBER+1": 11, "result=never&text=1": 5,
		"more=client%3C5%0D%0Aresult%3Dnever": 3, "more=id%3E10": 10, "more=id%3E10&after=12": 8, "server=1": 0, "service=43": 20, "after=5": 15, "after=x": 20,
	} {
		_, body := b.get("/answers?" + query)
		if got := strings.Count(body, `>Revoke</button>`); got != want {
			t.Errorf("%s: %d are shown, want %d", query, got, want)
		}
		if strings.Contains(query, "after") {
			continue
		}
		_, body = b.get("/answers.jsonl?" + query)
		n := 0
		for r, err := range decision.Lines(strings.NewReader(body)) {
			if err != nil || r.Server != theServer {
				t.Fatal(r, err)
			}
			n++
		}
		if n != want {
			t.Errorf("%s: %d are exported, want %d", query, n, want)
		}
	}
	_, body := b.post("/answers/1/revoke", url.Values{"query": {"client=3"}})
	if got := strings.Count(body, `>Revoke</button>`); got != 1 {
		t.Errorf("the search is lost:\n%s", body)
	}
}

// Who takes part is found by a part of the name as well, in any case of letters.
func TestSearchByName(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false, func(o *Options) {
		o.Names = Names{
			Client:  func(sid uint32) string { return map[uint32]string{3: "Bank", 4: "Food bank", 5: "3 games"}[sid] },
			Service: func(server, service uint32) string { return fmt.Sprintf("service %d of %x", service, server) },
		}
	})
	b := g.loggedIn()
	g.keep(20)
	for query, want := range map[string]int{
		"client=bank": 2, "client=BANK&result=always": 1, "client=Food+bank": 1, "client=3": 1, "client=3+games": 1, "client=shop": 0,
		"service=service+43+of": 20, "service=service+44": 0,
	} {
		_, body := b.get("/answers?" + query)
		_, lines := b.get("/answers.jsonl?" + query)
		if got, exported := strings.Count(body, `>Revoke</button>`), strings.Count(lines, "\n"); got != want || exported != want {
			t.Errorf("%s: %d are shown, %d exported, want %d", query, got, exported, want)
		}
	}
	status, body := b.get("/answers/revoke?client=bank")
	if n := len(recordsOf(body)); status != http.StatusOK || n != 2 {
		t.Errorf("%d would be revoked: %s", n, body)
	}
	for _, query := range []string{"client=0xbank", "server=telephony", "result=bank"} { // no number, no names, no name
		if status, _ := b.get("/answers?" + query); status != http.StatusBadRequest {
			t.Errorf("%s: status %d", query, status)
		}
	}
}

func TestWrongSearch(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	b := g.loggedIn()
	g.keep(2)
	for _, query := range []string{"client=x", "result=perhaps", "more=nothing", "more=client%3D1&client=2"} {
		for _, path := range []string{"/answers?", "/answers.jsonl?", "/answers/revoke?"} {
			status, body := b.get(path + query)
			if status != http.StatusBadRequest {
				t.Errorf("%s%s: status %d", path, query, status)
			}
			shows(t, body, "This can't be searched for")
		}
	}
	if n := len(g.records()); n != 2 {
		t.Errorf("%d are left", n)
	}
}

var nextPage = regexp.MustCompile(`href="(/answers\?[^"]*)">Next page`)

func TestPages(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	b := g.loggedIn()
	g.keep(2*perPage + 1)
	path, shown, pages := "/answers?text=number", 0, 0
	for path != "" {
		_, body := b.get(path)
		shown += strings.Count(body, `>Revoke</button>`)
		pages++
		if strings.Contains(body, ">First page<") != (pages > 1) {
			t.Errorf("page %d has a way to the first, or none:\n%s", pages, body)
		}
		if path = ""; pages > 3 {
			t.Fatal("there is no end")
		}
		if m := nextPage.FindStringSubmatch(body); m != nil {
			path = strings.ReplaceAll(m[1], "&amp;", "&")
		}
	}
	if shown != 2*perPage+1 || pages != 3 {
		t.Errorf("%d on %d pages", shown, pages)
	}
}

var recordField = regexp.MustCompile(`name="record" value="([^"]+)"`)

// recordsOf are the records that the form of a page is about.
func recordsOf(body string) (all []string) {
	for _, m := range recordField.FindAllStringSubmatch(body, -1) {
		all = append(all, m[1])
	}
	return all
}

func TestRevokeSelected(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	b := g.loggedIn()
	g.keep(10)
	_, body := b.get("/answers/revoke?result=always")
	shows(t, body, "5 answers will be revoked", `value="result=always"`)
	if n := len(g.records()); n != 10 {
		t.Errorf("%d are left by asking", n)
	}
	_, body = b.post("/answers/revoke", url.Values{"query": {"result=always"}, "record": recordsOf(body)})
	shows(t, body, "Revoked: 5 answers. The next")
	if n := len(g.records()); n != 5 {
		t.Errorf("%d are left", n)
	}
	_, body = b.get("/answers/revoke?result=always")
	shows(t, body, "There is nothing to revoke.")
	_, body = b.post("/undo/1", nil)
	shows(t, body, "Restored: 5 answers.")
	if n := len(g.records()); n != 10 {
		t.Errorf("%d are there again", n)
	}
}

// What is revoked is what the page has shown: not what is like it by now, and not what
// has changed. That an answer has answered meanwhile is no change.
func TestRevokeWhatWasShown(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	b := g.loggedIn()
	changes := []struct {
		change func(*decision.Record)
		stays  bool
	}{
		{func(r *decision.Record) {}, false},
		{func(r *decision.Record) { r.Uses++ }, false},
		{func(r *decision.Record) { r.Info++ }, false},
		{func(r *decision.Record) { r.Result = decision.Never }, true},
		{func(r *decision.Record) { r.Answered++ }, true},
		{func(r *decision.Record) { r.Program = "x" }, true},
		{func(r *decision.Record) { r.Description = "x" }, true},
	}
	store := func(client int, change func(*decision.Record)) {
		r := decision.Record{Key: decision.Key{Client: uint32(client), Server: theServer, Service: theService}, Result: decision.Always}
		change(&r)
		if _, err := g.db.Store(t.Context(), r); err != nil {
			t.Fatal(err)
		}
	}
	for i := range changes {
		store(i, func(*decision.Record) {})
	}
	_, body := b.get("/answers/revoke")
	var want []uint32
	for i, c := range changes {
		store(i, c.change)
		if c.stays {
			want = append(want, uint32(i))
		}
	}
	later := len(changes)
	store(later, func(*decision.Record) {})
	_, body = b.post("/answers/revoke", url.Values{"record": recordsOf(body)})
	shows(t, body, "Revoked: 3 answers. Gone or changed meanwhile, and not revoked: 4 answers.", `action="/undo/1"`)
	var left []uint32
	for _, r := range g.records() {
		left = append(left, r.Client)
	}
	if want = append(want, uint32(later)); !slices.Equal(left, want) {
		t.Errorf("left are those of %v, want %v", left, want)
	}
}

// A form that doesn't say what to revoke revokes nothing.
func TestRevokeWhat(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	b := g.loggedIn()
	g.keep(1)
	_, body := b.get("/answers/revoke")
	right := recordsOf(body)
	for _, records := range [][]string{nil, {""}, {"1"}, {"1-"}, {"x-" + right[0]}, {right[0], "-1-x"}, slices.Repeat(right, revokedAtOnce+1)} {
		if status, _ := b.post("/answers/revoke", url.Values{"record": records}); status != http.StatusBadRequest {
			t.Errorf("%d records: status %d", len(records), status)
		}
	}
	if n := len(g.records()); n != 1 {
		t.Errorf("%d are left", n)
	}
}

// No more are revoked at once than can be restored.
func TestRevokeIsBounded(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	b := g.loggedIn()
	g.keep(revokedAtOnce + 3)
	_, body := b.get("/answers/revoke")
	shows(t, body, fmt.Sprintf("The first %d answers", revokedAtOnce))
	b.post("/answers/revoke", url.Values{"record": recordsOf(body)})
	if n := len(g.records()); n != 3 {
		t.Errorf("%d are left", n)
	}
	var l login
	for range revocationsMax + 5 {
		l.keepRevoked(revocation{Records: make([]decision.Record, 1)})
	}
	if len(l.revoked) != revocationsMax || l.revoked[0].Number != 5 {
		t.Error(len(l.revoked), l.revoked[0].Number)
	}
}

// The panel can do what its caller may, and no more; and it says so.
func TestCapabilities(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false, func(o *Options) { o.Caller.Capabilities = service.ReadDeviceData })
	b := g.loggedIn()
	g.keep(1)
	for _, path := range []string{"/answers/1/revoke", "/answers/1/change"} {
		_, body := b.post(path, url.Values{"result": {"always"}})
		shows(t, body, "The panel isn't allowed to do this")
	}
	if all := g.records(); len(all) != 1 || all[0].Result != decision.Never {
		t.Error(all)
	}
	g.panel.opt.Caller.Capabilities = 0
	for _, path := range []string{"/answers", "/answers.jsonl", "/answers/revoke"} {
		status, body := b.get(path)
		if status != http.StatusForbidden {
			t.Error(path, status)
		}
		shows(t, body, "The panel isn't allowed to do this")
		hides(t, body, "number 0")
	}
}

// Without the service the pages say so.
func TestNoService(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	b := g.loggedIn()
	g.keep(1)
	g.service.Close()
	for _, s := range []*service.Server{g.service, nil} {
		g.panel.opt.Service = func() *service.Server { return s }
		status, body := b.get("/answers")
		if status != http.StatusServiceUnavailable {
			t.Error(status)
		}
		shows(t, body, "The service isn't running.")
		_, body = b.post("/answers/1/revoke", nil)
		shows(t, body, "The service isn't running.")
		if status, _ := b.get("/"); status != http.StatusOK {
			t.Error(status)
		}
	}
}

func TestSayError(t *testing.T) {
	for want, err := range map[string]error{
		"was deleted or replaced": fmt.Errorf("x: %w", decision.ErrViewLost),
		`says: "it\u{202e}"`:      errors.New("it\u202e"),
	} {
		if got := sayError(err); !strings.Contains(got, want) {
			t.Error(got)
		}
	}
}

// The export is what ups decisions writes.
func TestExport(t *testing.T) {
	g := newFixture(t, policy.AllOptions, false)
	b := g.loggedIn()
	g.keep(3)
	var want bytes.Buffer
	if _, err := decision.Export(t.Context(), g.db, decision.Filter{}, &want); err != nil {
		t.Fatal(err)
	}
	_, page := b.get("/answers")
	shows(t, page, `href="/answers.jsonl"`)
	r, err := b.client.Get(g.web.URL + "/answers.jsonl")
	if err != nil {
		t.Fatal(err)
	}
	if _, body := b.read(r, nil); body != want.String() || !strings.Contains(r.Header.Get("Content-Disposition"), "attachment") {
		t.Errorf("%s\nwant\n%s", body, want.String())
	}
}

// Whether a file has begun decides what becomes of a failure: a page says it, or the
// connection breaks.
func TestExportBegins(t *testing.T) {
	failure := errors.New("the disk is gone")
	for n, want := range map[int]bool{0: false, 1: true, 3: true} {
		e := &export{w: httptest.NewRecorder()}
		err := e.write(func(yield func(decision.Record, error) bool) {
			for range n {
				if !yield(decision.Record{}, nil) {
					return
				}
			}
			yield(decision.Record{}, failure)
		})
		if err != failure || e.begun != want {
			t.Errorf("after %d records: %v, begun: %v, want %v", n, err, e.begun, want)
		}
	}
}
