package service

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"ups/policy"
	"ups/runtime"
	"ups/runtime/decision"
)

// logged returns the lines of the decision log that some requests make.
func logged(t *testing.T, mask Mask) []map[string]any {
	t.Helper()
	var out bytes.Buffer
	f := evaluated(policy.AllOptions)
	f.Header.MajorVersion = 3
	silent := offer(policy.No)
	silent.Destination = policy.NewText("silent")
	f.Policies = append([]policy.Policy{silent}, f.Policies...)
	g := newFixture(t, f, func(o *Options) {
		o.Log = slog.New(slog.NewJSONHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
		o.Mask = mask
	})
	g.evaluator.fingerprints = func(_ context.Context, r *Request) (Evaluation, error) {
		if r.Destination == "broken" {
			panic("can't bear " + r.Destination)
		}
		return Evaluation{Fingerprints: defaultFingerprints, Entity: "midlet"}, nil
	}
	g.user.always(policy.Always)
	for _, destination := range []string{"silent", "secret", "secret", "broken"} {
		g.ask(anApp, destination)
	}
	g.open(anApp).Authorise(context.Background(), Query{Service: 99, Destination: "check"})
	var lines []map[string]any
	for line := range strings.Lines(out.String()) {
		var m map[string]any
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		if m["msg"] == "authorise" {
			lines = append(lines, m)
		}
	}
	if mask == MaskClient|MaskDestination|MaskEntity {
		for _, secret := range []string{"secret", "broken", "midlet", "0x10000001"} {
			if strings.Contains(out.String(), secret) {
				t.Errorf("the log has %q", secret)
			}
		}
	}
	return lines
}

func TestDecisionLog(t *testing.T) {
	want := []map[string]any{
		{"destination": "silent", "source": "silent", "decision": "no", "policy": 1.0, "major": 3.0},
		{"destination": "secret", "source": "prompt", "decision": "session-yes", "policy": 2.0, "entity": "midlet", "client": "0x10000001"},
		{"destination": "secret", "source": "stored", "decision": "session-yes", "policy": 2.0, "server": "0x10204040", "service": "0x0000002B"},
		{"destination": "broken", "source": "none", "decision": "no", "policy": 2.0,
			"error": "policy evaluator 0x20000001: fingerprints: the plug-in panicked: can't bear broken", "code": -13.0},
		{"destination": "check", "source": "check", "decision": "no", "passed": false, "policy": nil, "error": nil},
	}
	got := logged(t, 0)
	if len(got) != len(want) {
		t.Fatalf("%d lines, want %d", len(got), len(want))
	}
	for i, fields := range want {
		for name, value := range fields {
			if got[i][name] != value {
				t.Errorf("line %d: %s is %v, want %v", i+1, name, got[i][name], value)
			}
		}
		if _, ok := got[i]["duration"].(float64); !ok {
			t.Errorf("line %d has no duration", i+1)
		}
	}
}

func TestMaskedLog(t *testing.T) {
	for _, line := range logged(t, MaskClient|MaskDestination|MaskEntity) {
		if line["client"] != "masked" || line["vendor"] != "masked" || line["destination"] != "masked" || line["server"] != "0x10204040" {
			t.Errorf("%v", line)
		}
		if err := line["error"]; err != nil && err != "the plug-in panicked" {
			t.Errorf("error %v", err)
		}
	}
	if line := logged(t, MaskEntity)[1]; line["entity"] != "masked" || line["destination"] != "secret" {
		t.Errorf("%v", line)
	}
}

func TestMaskedErrors(t *testing.T) {
	for _, c := range []struct {
		err  error
		want string
	}{
		{errors.New("secret"), "masked"},
		{errors.Join(errors.New("secret"), runtime.ErrBadPolicyFile), "bad policy file"},
		{errors.Join(errors.New("secret"), context.Canceled), "context canceled"},
	} {
		if got := MaskEntity.err(c.err).Value.String(); got != c.want {
			t.Errorf("%v: %q, want %q", c.err, got, c.want)
		}
	}
}

// A log of outcomes gets what the server's gets, and has a mask of its own.
func TestOutcomeLog(t *testing.T) {
	var own, other bytes.Buffer
	bare := func(w *bytes.Buffer) *slog.Logger {
		return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
			if a.Key == slog.TimeKey {
				return slog.Attr{}
			}
			return a
		}}))
	}
	g := newFixture(t, list(offer(policy.No)), func(o *Options) {
		o.Log, o.OnOutcome = bare(&own), OutcomeLog(bare(&other), MaskDestination)
	})
	g.ask(anApp, "secret")
	want := strings.Replace(own.String(), `"destination":"secret"`, `"destination":"masked"`, 1)
	if want == own.String() || other.String() != want {
		t.Errorf("%s\nwant %s", other.String(), want)
	}
}

// counter is a Metrics that remembers.
type counter struct {
	mu       sync.Mutex
	calls    []string
	faults   []string
	most     int
	sessions int
}

func (c *counter) note(f func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	f()
}

func (c *counter) Waiting(n int)  { c.note(func() { c.most = max(c.most, n) }) }
func (c *counter) Sessions(n int) { c.note(func() { c.sessions = n }) }
func (c *counter) PlugIn(_ context.Context, p PlugInCall) {
	c.note(func() { c.calls = append(c.calls, p.Kind+": "+p.Call) })
}
func (c *counter) Fault(doing string, _ error) {
	c.note(func() { c.faults = append(c.faults, doing) })
}

func TestMetrics(t *testing.T) {
	c := &counter{}
	g := newFixture(t, evaluated(policy.AllOptions), func(o *Options) { o.Metrics = c })
	g.user.always(policy.Always)
	g.ask(anApp, "x")
	g.ask(anApp, "x")
	equal(t, "outcomes", []Source{g.outcomes[0].Source, g.outcomes[1].Source}, SourcePrompt, SourceStored)
	equal(t, "calls", c.calls, "policy evaluator: find", "policy evaluator: fingerprints",
		"dialog creator: find", "dialog creator: prepare", "dialog creator: display",
		"policy evaluator: fingerprints", "policy evaluator: force prompt")
	if c.sessions != 1 {
		t.Errorf("%d sessions", c.sessions)
	}
	g.session.Close()
	if c.sessions != 0 {
		t.Errorf("%d sessions", c.sessions)
	}
}

// inRequest is the key of a context that OnRequest makes.
type inRequest struct{}

func TestOnRequest(t *testing.T) {
	var got []string
	say := func(ctx context.Context, what string) {
		if ctx.Value(inRequest{}) != "mine" {
			what += " in another context"
		}
		got = append(got, what)
	}
	g := newFixture(t, evaluated(policy.AllOptions), func(o *Options) {
		o.OnRequest = func(ctx context.Context) context.Context { return context.WithValue(ctx, inRequest{}, "mine") }
		o.OnOutcome = func(ctx context.Context, _ Outcome, _ error) { say(ctx, "outcome") }
		o.Metrics = told(func(ctx context.Context, c PlugInCall) { say(ctx, c.Call) })
		o.DB = decision.Observe(o.DB, func(ctx context.Context, op decision.Operation) { say(ctx, op.Name) })
	})
	g.user.always(policy.Always)
	g.ask(anApp, "x")
	equal(t, "told", got, "find", "fingerprints", "lookup", "find", "prepare", "display", "store", "outcome")
}

// told is a Metrics that is told of calls of plug-ins.
type told func(context.Context, PlugInCall)

func (f told) PlugIn(ctx context.Context, c PlugInCall) { f(ctx, c) }
func (told) Waiting(int)                                {}
func (told) Sessions(int)                               {}
func (told) Fault(string, error)                        {}

// OnRequest alone is called too.
func TestOnRequestAlone(t *testing.T) {
	calls := 0
	g := newFixture(t, list(offer(policy.Yes)), func(o *Options) {
		o.OnOutcome, o.OnRequest = nil, func(ctx context.Context) context.Context { calls++; return ctx }
	})
	if _, err := g.ask(anApp, "x"); err != nil || calls != 1 {
		t.Errorf("%d calls, %v", calls, err)
	}
}

var errDisk = errors.New("the disk's own")

// readOnlyDB reads, and writes nothing.
type readOnlyDB struct {
	decision.DB
	reads error
}

func (d *readOnlyDB) Lookup(ctx context.Context, k decision.Key) (decision.Record, bool, error) {
	if d.reads != nil {
		return decision.Record{}, false, d.reads
	}
	return d.DB.Lookup(ctx, k)
}
func (d *readOnlyDB) Store(context.Context, decision.Record) (uint64, error) { return 0, errDisk }
func (d *readOnlyDB) UpdateInfo(context.Context, uint64, uint32) error       { return errDisk }
func (d *readOnlyDB) DeleteRecord(context.Context, uint64) error             { return errDisk }
func (d *readOnlyDB) Purge(context.Context, map[decision.Service]uint16, []decision.Service) (int, error) {
	return 0, errDisk
}

// What can't be stored is answered all the same, and reported; what can't be
// read is an error.
func TestFaultyDatabase(t *testing.T) {
	c := &counter{}
	db := &readOnlyDB{}
	g := newFixture(t, evaluated(policy.AllOptions), func(o *Options) { db.DB = o.DB; o.DB, o.Metrics = db, c })
	g.user.always(policy.Always)
	g.must(anApp, "x", policy.DecisionSessionYes, SourcePrompt)
	g.keep("", decision.Never, 1)
	g.evaluator.forcing(false, 2)
	g.must(anApp, "x", policy.DecisionSessionNo, SourceStored)
	g.evaluator.forcing(true, 2)
	g.must(anApp, "x", policy.DecisionSessionYes, SourcePrompt)
	if err := g.observer().PolicyFilesChanged(context.Background()); !errors.Is(err, errDisk) {
		t.Error(err)
	}
	equal(t, "faults", c.faults, "storing the answer", "storing the evaluator info",
		"deleting the record of a forced prompt", "storing the answer", "purging decisions")
	db.reads = errDisk
	if d, err := g.ask(anApp, "x"); d != policy.DecisionNo || !errors.Is(err, errDisk) {
		t.Errorf("%v, %v", d, err)
	}
}

// A request that its client cancelled is an ordinary event; a plug-in that fails
// is not, even if it says the same.
func TestCancelledPlugInsAreNoWarnings(t *testing.T) {
	why := errors.New("why")
	for name, c := range map[string]struct {
		do    func(g *fixture, cancel context.CancelCauseFunc, s *shownDialog)
		level string
	}{
		"cancelled":            {func(_ *fixture, cancel context.CancelCauseFunc, _ *shownDialog) { cancel(nil) }, "DEBUG"},
		"cancelled for reason": {func(_ *fixture, cancel context.CancelCauseFunc, _ *shownDialog) { cancel(why) }, "DEBUG"},
		"closed":               {func(g *fixture, _ context.CancelCauseFunc, _ *shownDialog) { go g.session.Close() }, "DEBUG"},
		"too long":             {func(*fixture, context.CancelCauseFunc, *shownDialog) { time.Sleep(defaultDisplay) }, "WARN"},
		"the plug-in's own": {func(_ *fixture, _ context.CancelCauseFunc, s *shownDialog) {
			s.answer <- reply{err: context.Canceled}
		}, "WARN"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				var out bytes.Buffer
				g := newFixture(t, list(offer(policy.Yes|policy.No)), func(o *Options) {
					o.Log = slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))
				})
				ctx, cancel := context.WithCancelCause(context.Background())
				defer cancel(nil)
				sub, ended := g.open(anApp), make(chan struct{})
				go func() {
					defer close(ended)
					sub.Authorise(ctx, Query{Service: theService, Destination: "x", Passed: true})
				}()
				synctest.Wait()
				c.do(g, cancel, g.next("x"))
				<-ended
				synctest.Wait()
				n := 0
				for line := range strings.Lines(out.String()) {
					if !strings.Contains(line, "call=display") {
						continue
					}
					if n++; !strings.Contains(line, "level="+c.level) || !strings.Contains(line, "error=") {
						t.Errorf("%s", line)
					}
				}
				if n != 1 {
					t.Errorf("%d lines of the dialog\n%s", n, out.String())
				}
			})
		})
	}
}
