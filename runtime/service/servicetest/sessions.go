package servicetest

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	goruntime "runtime"
	"strings"
	"testing"
	"time"

	"ups/policy"
	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/service"
)

// One request outstanding in a subsession; others go on beside it.
func (w world) oneRequestOutstanding(t *testing.T) {
	w.run(t, func(t *testing.T, w world) {
		g := w.newFixture(t, list(offer(policy.Yes|policy.No)))
		sub := g.open(anApp)
		ctx, cancel := context.WithCancel(context.Background())
		first, ended := g.request(ctx, sub, service.Query{Service: theService, Destination: "first", Passed: true}), make(chan struct{})
		go func() {
			defer close(ended)
			first()
		}()
		g.settle()
		if d, err := decided(sub.Authorise(ctx, service.Query{Service: theService, Destination: "second", Passed: true})); d != policy.DecisionNo || !errors.Is(err, service.ErrInUse) {
			t.Errorf("%v, %v", d, err)
		}
		cancel()
		<-ended
		g.user.always(policy.Yes)
		if d, err := decided(sub.Authorise(context.Background(), service.Query{Service: theService, Destination: "third", Passed: true})); !d.Allows() || err != nil {
			t.Errorf("%v, %v", d, err)
		}
	})
}

// Closing a subsession, its session or the server fails what is under way.
func (w world) closeWithRequestUnderWay(t *testing.T) {
	for name, closing := range map[string]func(*fixture, Subsession) error{
		"subsession": func(_ *fixture, s Subsession) error { return s.Close() },
		"session":    func(g *fixture, _ Subsession) error { return g.session.Close() },
		"server":     func(g *fixture, _ Subsession) error { return g.server.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			w.run(t, func(t *testing.T, w world) {
				g := w.newFixture(t, list(offer(policy.Yes|policy.No)))
				sub := g.open(anApp)
				got := make(chan error, 1)
				authorise := g.request(context.Background(), sub, service.Query{Service: theService, Destination: "x", Passed: true})
				go func() {
					_, err := authorise()
					got <- err
				}()
				g.settle()
				if err := closing(g, sub); err != nil {
					t.Error(err)
				}
				g.settle()
				select {
				case err := <-got:
					if !errors.Is(err, service.ErrClosed) {
						t.Errorf("the request: %v", err)
					}
				case <-time.After(patience):
					t.Error("the request has not ended")
				}
				if err := closing(g, sub); !errors.Is(err, service.ErrClosed) {
					t.Errorf("closed again: %v", err)
				}
				if d, err := decided(sub.Authorise(context.Background(), service.Query{Service: theService, Destination: "x", Passed: true})); d != policy.DecisionNo || !errors.Is(err, service.ErrClosed) {
					t.Errorf("after: %v, %v", d, err)
				}
				g.checkIdle()
			})
		})
	}
}

func (w world) closedSessionOpensNothing(t *testing.T) {
	g := w.newFixture(t, nil)
	g.session.Close()
	if sub, err := g.session.Open(service.Client{}); sub != nil || !errors.Is(err, service.ErrClosed) {
		t.Errorf("%v, %v", sub, err)
	}
	g.server.Close()
	if s, err := g.end.Connect(context.Background(), service.Caller{}); s != nil || !errors.Is(err, service.ErrClosed) {
		t.Errorf("%v, %v", s, err)
	}
	m, err := g.end.Manage(service.Caller{})
	if g.Remote && err == nil { // the service isn't asked before there is something to do
		m, err = nil, m.PlugInsChanged(context.Background())
	}
	if m != nil || !errors.Is(err, service.ErrClosed) {
		t.Errorf("%v, %v", m, err)
	}
}

// The service ends two seconds after its last session has closed, and not if
// another comes before.
func (w world) idleEnd(t *testing.T) {
	w.run(t, func(t *testing.T, w world) {
		idle, short := w.elapses(2*time.Second, 600*time.Millisecond, func(of *Setup, d time.Duration) { of.Idle = d })
		long, almost := time.Hour, idle-1
		if !w.bubble {
			long, almost = idle+idle/4, idle/2
		}
		g := w.newFixture(t, nil, short)
		time.Sleep(long) // with a session open
		last := time.Now()
		g.session.Close()
		time.Sleep(almost)
		again, err := g.end.Connect(context.Background(), service.Caller{SID: theServer})
		for !w.bubble && err != nil && time.Since(last) >= idle { // the machine stalled: it may have ended
			g = w.newFixture(t, nil, short)
			last = time.Now()
			g.session.Close()
			time.Sleep(almost)
			again, err = g.end.Connect(context.Background(), service.Caller{SID: theServer})
		}
		if err != nil {
			t.Fatal(err)
		}
		time.Sleep(long)
		closed := time.Now()
		again.Close()
		<-g.server.Done()
		if d := time.Since(closed); !w.took(d, idle) {
			t.Errorf("ended after %v", d)
		}
		if _, err := g.end.Connect(context.Background(), service.Caller{}); !errors.Is(err, service.ErrClosed) {
			t.Error(err)
		}
	})
}

// What reaches the service needs ProtServ, and a client that is there; what
// doesn't reach it needs neither, since the system server would be asking
// itself.
func (w world) whoMayAsk(t *testing.T) {
	f := list(offer(policy.Yes))
	f.Header.AuthorisationPolicy = policy.CheckIfFailed
	g := w.newFixture(t, f)
	yes := func() bool { return true }
	for _, c := range []struct {
		caller service.Caller
		client service.Client
		want   error
	}{
		{service.Caller{SID: theServer, Capabilities: service.ProtServ}, service.Client{}, nil},
		{service.Caller{SID: theServer, Capabilities: 0}, service.Client{}, service.ErrPermissionDenied},
		{service.Caller{SID: theServer, Capabilities: ^service.ProtServ}, service.Client{}, service.ErrPermissionDenied},
		{service.Caller{SID: theServer, Capabilities: service.ProtServ}, service.Client{ProcessGone: yes}, runtime.ErrBadClientProcessID},
	} {
		session, err := g.end.Connect(context.Background(), c.caller)
		if err != nil {
			t.Fatal(err)
		}
		sub, _ := session.Open(c.client)
		for range 2 {
			if d, err := decided(sub.Authorise(context.Background(), service.Query{Service: theService, Destination: "x", Passed: true})); d != policy.DecisionYes || err != nil {
				t.Errorf("%+v %+v: passed: %v, %v", c.caller, c.client, d, err)
			}
		}
		d, err := decided(sub.Authorise(context.Background(), service.Query{Service: theService, Destination: "x"}))
		if !errors.Is(err, c.want) || d.Allows() != (c.want == nil) {
			t.Errorf("%+v %+v: failed: %v, %v", c.caller, c.client, d, err)
		}
		session.Close()
	}
}

// The errors of policy files, and of a destination that is no text.
func (w world) errorsOfPolicies(t *testing.T) {
	g := w.newFixture(t, list(offer(policy.Yes)))
	bad := filepath.Join(g.rom, policy.Service{Server: theServer, Service: 7}.FileName(policy.CompiledExt))
	if err := os.WriteFile(bad, []byte("no policy file"), 0o600); err != nil {
		t.Fatal(err)
	}
	g.reload()
	sub := g.open(anApp)
	if d, err := decided(sub.Authorise(context.Background(), service.Query{Service: 7, Destination: "x", Passed: true})); d.Allows() || !errors.Is(err, runtime.ErrBadPolicyFile) {
		t.Errorf("bad file: %v, %v", d, err)
	}
	if d, err := decided(sub.Authorise(context.Background(), service.Query{Service: theService, Destination: "\xff", Passed: true})); d.Allows() || err == nil {
		t.Errorf("bad destination: %v, %v", d, err)
	}
	g.must(anApp, "x", policy.DecisionYes, service.SourceSilent)
}

// Status says where requests are, and when nothing goes on by itself.
func (w world) status(t *testing.T) {
	w.run(t, func(t *testing.T, w world) {
		g := w.newFixture(t, evaluated(policy.AllOptions))
		is := func(when string, want service.Status, atRest bool) {
			t.Helper()
			g.settle()
			if got := g.server.Status(); got != want || got.AtRest() != atRest {
				t.Errorf("%s: %+v, at rest %v, want %+v, %v", when, got, got.AtRest(), want, atRest)
			}
		}
		is("idle", service.Status{Sessions: 1}, true)
		id := g.keep("", decision.Always, 0)
		g.evaluator.forcing(true, 0)
		a := g.begin(anApp, "a")
		is("asked", service.Status{Sessions: 1, Requests: 1, Dialog: true, Disputes: 1}, true)
		b := g.begin(anApp, "b")
		is("in the queue", service.Status{Sessions: 1, Requests: 2, Waiting: 1, Dialog: true, Disputes: 1}, true)
		goOn := g.slow()
		a.cancel()
		is("looked up again", service.Status{Sessions: 1, Requests: 1, Waiting: 1, Round: true}, false)
		c := g.begin(anApp, "c")
		is("joined", service.Status{Sessions: 1, Requests: 2, Waiting: 2, Round: true}, false)
		goOn(false)
		is("the next", service.Status{Sessions: 1, Requests: 1, Waiting: 1, Round: true}, false)
		goOn(false)
		is("done", service.Status{Sessions: 1}, true)
		expect(t, b, policy.DecisionSessionYes)
		expect(t, c, policy.DecisionSessionYes)
		equal(t, "asked about", g.evaluator.asked(), id, id, id)
	})
}

// A system server gets No, and the error.
func (w world) serviceRefusesLongDestinations(t *testing.T) {
	g := w.newFixture(t, list(offer(policy.Yes)))
	if d, err := g.ask(anApp, strings.Repeat("a", runtime.DefaultMaxDestination)); d != policy.DecisionYes || err != nil {
		t.Errorf("at the limit: %v, %v", d, err)
	}
	d, err := g.ask(anApp, strings.Repeat("a", runtime.DefaultMaxDestination+1))
	var platform runtime.Error
	if d != policy.DecisionNo || !errors.As(err, &platform) || platform.Name() != "KErrTooBig" {
		t.Errorf("over the limit: %v, %v", d, err)
	}
}

// A destination that isn't UTF-8 is refused, once it gets to the service.
func (w world) destinationThatIsNotUTF8(t *testing.T) {
	g := w.newFixture(t, list(offer(policy.Yes)))
	d, err := g.ask(anApp, "\xff")
	if d != policy.DecisionNo || !errors.Is(err, runtime.ErrInvalidUTF8) {
		t.Errorf("%v, %v", d, err)
	}
}

// A client whose thread has ended, and whose process lives, is answered as
// ever: by the user, and then from what is stored.
func (w world) clientWhoseThreadHasEnded(t *testing.T) {
	g := w.newFixture(t, evaluated(policy.AllOptions))
	opened := make(chan Subsession)
	go func() {
		goruntime.LockOSThread() // without an unlock the thread ends with the goroutine
		sub, err := g.session.Open(service.Client{SID: anApp, Drive: 'C', ProcessGone: func() bool { return false }})
		if err != nil {
			t.Error(err)
		}
		opened <- sub
	}()
	sub := <-opened
	defer sub.Close()
	g.user.always(policy.Always)
	for _, from := range []service.Source{service.SourcePrompt, service.SourceStored} {
		d, err := decided(g.authorise(t.Context(), sub, service.Query{Service: theService, Destination: "x", Passed: true}))
		if o := g.last(); d != policy.DecisionSessionYes || err != nil || o.Source != from {
			t.Errorf("%v from %v, %v, want it from %v", d, o.Source, err, from)
		}
	}
}
