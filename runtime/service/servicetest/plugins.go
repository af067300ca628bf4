package servicetest

import (
	"context"
	"errors"
	goruntime "runtime"
	"strings"
	"testing"
	"time"

	"ups/policy"
	"ups/runtime"
	"ups/runtime/decision"
	"ups/runtime/service"
)

var errPlugIn = errors.New("the plug-in's own")

// Every way in which a plug-in can fail fails its request alone, in every call
// there is.
func (w world) faultyPlugIns(t *testing.T) {
	ways := map[string]struct {
		do   func(context.Context) error
		want error
	}{
		"error":     {func(context.Context) error { return errPlugIn }, errPlugIn},
		"panic":     {func(context.Context) error { panic("oh") }, service.ErrPlugInPanic},
		"nil panic": {func(context.Context) error { panic(nil) }, service.ErrPlugInPanic},
		"goexit":    {func(context.Context) error { goruntime.Goexit(); return nil }, service.ErrPlugInPanic},
		"too long": {func(ctx context.Context) error {
			<-ctx.Done()
			return nil // and not even an error
		}, service.ErrPlugInTime},
	}
	for call, set := range plugInCalls {
		for way, c := range ways {
			if call == "display" && way == "too long" {
				continue // TestDialogThatNobodyAnswers
			}
			t.Run(call+" "+way, func(t *testing.T) {
				w.run(t, func(t *testing.T, w world) { checkFault(t, w, set, c.do, c.want) })
			})
		}
	}
}

// plugInCalls make a plug-in do something in one of its calls, for a request
// about "bad".
var plugInCalls = map[string]func(g *fixture, do func(context.Context) error){
	"fingerprints": func(g *fixture, do func(context.Context) error) {
		g.evaluator.fingerprints = func(ctx context.Context, r *service.Request) (service.Evaluation, error) {
			return prints(""), only(r, ctx, do)
		}
	},
	"force prompt": func(g *fixture, do func(context.Context) error) {
		g.keep("", decision.Always, 0)
		g.evaluator.fingerprints = func(_ context.Context, r *service.Request) (service.Evaluation, error) {
			if r.Destination == "bad" {
				return prints(""), nil
			}
			return prints("good"), nil
		}
		g.evaluator.force = func(ctx context.Context, _ decision.Record) (bool, uint32, error) { return true, 0, do(ctx) }
	},
	"prepare": func(g *fixture, do func(context.Context) error) {
		g.user.prepare = func(ctx context.Context, p *service.Prompt) error { return only(&p.Request, ctx, do) }
	},
	"display": func(g *fixture, do func(context.Context) error) {
		g.user.answers = func(s *shownDialog) (service.Choice, error) {
			if s.Destination == "bad" {
				return service.Choice{Option: policy.Always}, do(context.Background())
			}
			return service.Choice{Option: policy.Yes}, nil
		}
	},
}

// only does it to the request for "bad".
func only(r *service.Request, ctx context.Context, do func(context.Context) error) error {
	if r.Destination == "bad" {
		return do(ctx)
	}
	return nil
}

func checkFault(t *testing.T, w world, set func(*fixture, func(context.Context) error), do func(context.Context) error, want error) {
	short := func(*Setup) {} // a machine that stalls must not end what has no such fault
	if errors.Is(want, service.ErrPlugInTime) {
		_, short = w.elapses(0, time.Second, func(of *Setup, d time.Duration) { of.Limits.Evaluate, of.Limits.Prepare = d, d })
	}
	g := w.newFixture(t, evaluated(policy.AllOptions), short)
	g.user.always(policy.Yes)
	set(g, do)
	before := len(g.records())
	bad := g.begin(anApp, "bad")
	g.settle()
	good := g.begin(anApp, "good")
	<-bad.done
	<-good.done
	if bad.got != policy.DecisionNo || bad.err == nil || !g.wraps(bad.err, want) {
		t.Errorf("%v, %v, want %v", bad.got, bad.err, want)
	}
	if text := bad.err.Error(); strings.ContainsRune(text, '\n') || !strings.Contains(text, "0x2000000") {
		t.Errorf("the error says %q", text)
	}
	for range 3 { // the short time may be over for it too where the machine stalls
		if w.bubble || !errors.Is(good.err, service.ErrPlugInTime) {
			break
		}
		good = g.begin(anApp, "good")
		<-good.done
	}
	expect(t, good, policy.DecisionYes)
	if n := len(g.records()); n != before {
		t.Errorf("%d records, %d before", n, before)
	}
}

// The limits are those that are documented, and cover one call each.
func (w world) dialogThatNobodyAnswers(t *testing.T) {
	w.run(t, func(t *testing.T, w world) {
		limit, short := w.elapses(2*time.Minute, 300*time.Millisecond, func(of *Setup, d time.Duration) { of.Limits.Display = d })
		g := w.newFixture(t, list(offer(policy.Yes|policy.No)), short)
		begun := time.Now()
		d, err := g.ask(anApp, "x")
		if d != policy.DecisionNo || !errors.Is(err, service.ErrPlugInTime) || !w.took(time.Since(begun), limit) {
			t.Errorf("%v, %v after %v", d, err, time.Since(begun))
		}
		if o := g.last(); !o.Prompted || o.Source != service.SourceNone || !w.took(o.Duration, limit) {
			t.Errorf("outcome: asked %v, from %v after %v", o.Prompted, o.Source, o.Duration)
		}
	})
}

// Without a limit nothing else bounds the time of a dialog: where time passes, no
// deadline of a connection, which are of ten seconds.
func (w world) noLimit(t *testing.T) {
	w.run(t, func(t *testing.T, w world) {
		long, _ := w.elapses(100*time.Hour, 11*time.Second, nil)
		g := w.newFixture(t, list(offer(policy.Yes|policy.No)), func(of *Setup) { of.Limits.Display = -1 })
		p := g.begin(anApp, "x")
		time.Sleep(long)
		g.next("x").choose(policy.Yes)
		g.settle()
		expect(t, p, policy.DecisionYes)
	})
}

// A plug-in that never returns costs its request the time of grace; then the
// next gets the gate.
func (w world) plugInThatNeverReturns(t *testing.T) {
	w.run(t, func(t *testing.T, w world) {
		g := w.newFixture(t, list(offer(policy.Yes|policy.No)))
		never := make(chan struct{})
		defer close(never)
		g.user.answers = func(s *shownDialog) (service.Choice, error) {
			if s.Destination == "bad" {
				<-never
			}
			return service.Choice{Option: policy.Yes}, nil
		}
		bad := g.begin(anApp, "bad")
		g.settle()
		good := g.begin(anApp, "good")
		g.settle()
		if good.ended() {
			t.Error("two dialogs at a time")
		}
		begun := time.Now()
		bad.cancel()
		<-good.done
		g.settle() // both end at the same time
		if !bad.arrived() || !errors.Is(bad.err, context.Canceled) || !w.took(time.Since(begun), time.Second) {
			t.Errorf("ended %v, %v after %v", bad.ended(), bad.err, time.Since(begun))
		}
		expect(t, good, policy.DecisionYes)
	})
}

// Plug-ins that aren't there, and what an evaluator must not return: every error
// value that a request can meet in the service.
func (w world) errorsOfRequests(t *testing.T) {
	ask := policy.AllOptions
	lacking := func(o *Setup) { o.Installed = service.Registry{} }
	without := func(o *Setup) { o.finding = func(service.PlugIns) service.PlugIns { return nil } }
	says := func(e service.Evaluation) func(*fixture) {
		return func(g *fixture) {
			g.evaluator.fingerprints = func(context.Context, *service.Request) (service.Evaluation, error) { return e, nil }
		}
	}
	long := strings.Repeat("x", 33)
	for _, c := range []struct {
		name   string
		file   *policy.File
		change func(*Setup)
		set    func(*fixture)
		want   error
	}{
		{"no evaluator", evaluated(ask), lacking, nil, runtime.ErrMissingPolicyEvaluator},
		{"no creator", list(offer(ask)), lacking, nil, runtime.ErrMissingDialogCreator},
		{"no evaluators at all", evaluated(ask), without, nil, runtime.ErrMissingPolicyEvaluator},
		{"no creators at all", list(offer(ask)), without, nil, runtime.ErrMissingDialogCreator},
		{"long fingerprint", evaluated(ask), nil, says(prints("", long)), runtime.ErrBadFingerprintLength},
		{"long entity", evaluated(ask), nil, says(service.Evaluation{Fingerprints: []service.Fingerprint{{}}, Entity: long}), runtime.ErrBadClientEntityLength},
		{"fingerprint out of range", list(offer(ask)), nil, func(g *fixture) {
			g.user.answers = func(*shownDialog) (service.Choice, error) {
				return service.Choice{Option: policy.Always, Fingerprint: 1}, nil
			}
		}, runtime.ErrMissingArgument},
		{"negative fingerprint", list(offer(ask)), nil, func(g *fixture) {
			g.user.answers = func(*shownDialog) (service.Choice, error) {
				return service.Choice{Option: policy.Never, Fingerprint: -1}, nil
			}
		}, runtime.ErrMissingArgument},
	} {
		t.Run(c.name, func(t *testing.T) {
			change := func(*Setup) {}
			if c.change != nil {
				change = c.change
			}
			g := w.newFixture(t, c.file, change)
			if c.set != nil {
				c.set(g)
			}
			d, err := g.ask(anApp, "x")
			if d != policy.DecisionNo || !errors.Is(err, c.want) || len(g.records()) != 0 {
				t.Errorf("%v, %v, want %v; %d records", d, err, c.want, len(g.records()))
			}
		})
	}
}

// What a plug-in does to the fingerprints that it was given or took from the
// default evaluator touches no other request, nor what is stored.
func (w world) plugInThatChangesFingerprints(t *testing.T) {
	g := w.newFixture(t, list(offer(policy.AllOptions)))
	g.user.prepare = func(_ context.Context, p *service.Prompt) error {
		p.Fingerprints[0].Bytes = "mine"
		return nil
	}
	g.user.always(policy.Always)
	g.must(anApp, "x", policy.DecisionSessionYes, service.SourcePrompt)
	if r := g.records(); len(r) != 1 || r[0].Fingerprint != "" {
		t.Errorf("stored: %+v", r)
	}
	g.must(anApp, "y", policy.DecisionSessionYes, service.SourceStored)
}

// Lengths up to the limit are legal, and descriptions are made to fit.
func (w world) lengthsAtTheLimit(t *testing.T) {
	g := w.newFixture(t, evaluated(policy.AllOptions))
	full := strings.Repeat("\xff", 32)
	description := "\x00a\xff" + strings.Repeat("é", decision.MaxDescription)
	g.evaluator.fingerprints = func(context.Context, *service.Request) (service.Evaluation, error) {
		return service.Evaluation{Fingerprints: []service.Fingerprint{{Bytes: full, Description: description}}, Entity: full}, nil
	}
	g.user.always(policy.Always)
	g.must(anApp, "x", policy.DecisionSessionYes, service.SourcePrompt)
	g.must(anApp, "x", policy.DecisionSessionYes, service.SourceStored)
	r := g.records()[0]
	if r.Fingerprint != full || r.Entity != full || len(r.Description) != decision.MaxDescription-1 || !strings.HasPrefix(r.Description, "aé") {
		t.Errorf("stored with a description of %d bytes: %+.60v", len(r.Description), r)
	}
}

// A plug-in is looked for once and kept; when software has changed, those not
// in use are dropped, and the others with their last use.
func (w world) plugInsAreKeptUntilSoftwareChanges(t *testing.T) {
	w.run(t, func(t *testing.T, w world) {
		finds := &finder{}
		g := w.newFixture(t, evaluated(policy.Yes|policy.No), func(o *Setup) { o.finding = finds.through })
		observer, err := g.end.Manage(service.Caller{SID: service.SoftwareInstallObserver})
		if err != nil {
			t.Fatal(err)
		}
		defer observer.Close()
		for range 3 {
			p := g.begin(anApp, "x")
			g.settle()
			g.next("x").choose(policy.Yes)
			g.settle()
			expect(t, p, policy.DecisionYes)
		}
		equal(t, "found", finds.found, "evaluator", "creator")
		held := g.begin(anApp, "held")
		g.settle()
		if err := observer.PlugInsChanged(context.Background()); err != nil {
			t.Fatal(err)
		}
		g.next("held").choose(policy.Yes)
		g.settle()
		expect(t, held, policy.DecisionYes)
		g.user.always(policy.No) // the held ones went with their last use
		g.must(anApp, "x", policy.DecisionNo, service.SourcePrompt)
		equal(t, "found", finds.found, "evaluator", "creator", "evaluator", "creator")
	})
}

// A plug-in that was being found while software changed is for that request
// alone: the next one finds the new one.
func (w world) plugInFoundWhileSoftwareChanges(t *testing.T) {
	w.run(t, func(t *testing.T, w world) {
		finds := &finder{slow: make(chan struct{})}
		g := w.newFixture(t, evaluated(policy.Yes|policy.No), func(o *Setup) { o.finding = finds.through })
		g.user.always(policy.Yes)
		held := g.begin(anApp, "held")
		g.settle() // it is finding the evaluator
		observer, err := g.end.Manage(service.Caller{SID: service.SoftwareInstallObserver})
		if err != nil {
			t.Fatal(err)
		}
		defer observer.Close()
		if err := observer.PlugInsChanged(context.Background()); err != nil {
			t.Fatal(err)
		}
		close(finds.slow)
		g.settle()
		expect(t, held, policy.DecisionYes)
		for range 2 {
			g.must(anApp, "x", policy.DecisionYes, service.SourcePrompt)
		}
		equal(t, "found", finds.found, "evaluator", "creator", "evaluator")
	})
}

// finder notes what is looked for, and finds it as the transport does.
type finder struct {
	service.PlugIns
	found []string
	slow  chan struct{} // finding an evaluator waits for it, if it isn't nil
}

func (f *finder) through(p service.PlugIns) service.PlugIns {
	f.PlugIns = p
	return f
}

func (f *finder) Evaluator(uid uint32) (service.EvaluatorFactory, error) {
	f.found = append(f.found, "evaluator")
	if f.slow != nil {
		<-f.slow
	}
	return f.PlugIns.Evaluator(uid)
}

func (f *finder) DialogCreator(uid uint32) (service.DialogCreatorFactory, error) {
	f.found = append(f.found, "creator")
	return f.PlugIns.DialogCreator(uid)
}

// A policy's own evaluator and creator are taken before the header's.
func (w world) policysOwnPlugIns(t *testing.T) {
	p := offer(policy.Yes | policy.No)
	p.PolicyEvaluator, p.DialogCreator = 7, 8
	f := list(p)
	f.Header.PolicyEvaluator = theEvaluator
	g := w.newFixture(t, f, func(o *Setup) {
		r := o.Installed
		r.Evaluators[7], r.DialogCreators[8] = r.Evaluators[theEvaluator], r.DialogCreators[theCreator]
		delete(r.Evaluators, theEvaluator)
		delete(r.DialogCreators, theCreator)
	})
	g.user.always(policy.Yes)
	g.must(anApp, "x", policy.DecisionYes, service.SourcePrompt)
	if p := g.last().Policy.Policy; p.PolicyEvaluator != 7 || p.DialogCreator != 8 {
		t.Errorf("%+v", p)
	}
}
