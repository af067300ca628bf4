package service

import (
	"context"
	"errors"
	"maps"
	goruntime "runtime"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"ups/policy"
	"ups/runtime/decision"
)

var errPlugIn = errors.New("the plug-in's own")

// Every way in which a plug-in can fail fails its request alone, in every call
// there is.
func TestFaultyPlugIns(t *testing.T) {
	ways := map[string]struct {
		do   func(context.Context) error
		want error
	}{
		"error":     {func(context.Context) error { return errPlugIn }, errPlugIn},
		"panic":     {func(context.Context) error { panic("oh") }, ErrPlugInPanic},
		"nil panic": {func(context.Context) error { panic(nil) }, ErrPlugInPanic},
		"goexit":    {func(context.Context) error { goruntime.Goexit(); return nil }, ErrPlugInPanic},
		"too long": {func(ctx context.Context) error {
			<-ctx.Done()
			return nil // and not even an error
		}, ErrPlugInTime},
	}
	for call, set := range everyCall() {
		for way, w := range ways {
			if call == "display" && way == "too long" {
				continue // TestDialogThatNobodyAnswers
			}
			t.Run(call+" "+way, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { checkFault(t, set, w.do, w.want) })
			})
		}
	}
}

// plugInCalls make a plug-in do something in one of its calls, for a request
// about "bad".
var plugInCalls = map[string]func(g *fixture, do func(context.Context) error){
	"fingerprints": func(g *fixture, do func(context.Context) error) {
		g.evaluator.fingerprints = func(ctx context.Context, r *Request) (Evaluation, error) {
			return prints(""), only(r, ctx, do)
		}
	},
	"force prompt": func(g *fixture, do func(context.Context) error) {
		g.keep("", decision.Always, 0)
		g.evaluator.fingerprints = func(_ context.Context, r *Request) (Evaluation, error) {
			if r.Destination == "bad" {
				return prints(""), nil
			}
			return prints("good"), nil
		}
		g.evaluator.force = func(ctx context.Context, _ decision.Record) (bool, uint32, error) { return true, 0, do(ctx) }
	},
	"prepare": func(g *fixture, do func(context.Context) error) {
		g.user.prepare = func(ctx context.Context, p *Prompt) error { return only(&p.Request, ctx, do) }
	},
	"display": func(g *fixture, do func(context.Context) error) {
		g.user.answers = func(s *shownDialog) (Choice, error) {
			if s.Destination == "bad" {
				return Choice{Option: policy.Always}, do(context.Background())
			}
			return Choice{Option: policy.Yes}, nil
		}
	},
}

// plugInMaking are the calls that know nothing of the request: the first one is
// made for the one about "bad".
var plugInMaking = map[string]func(g *fixture, do func(context.Context) error){
	"find evaluator": func(g *fixture, do func(context.Context) error) {
		find := g.server.evaluators.find
		first := firstOnly(g, do)
		g.server.evaluators.find = func(uid uint32) (EvaluatorFactory, error) {
			create, _ := find(uid)
			return create, first()
		}
	},
	"find creator": func(g *fixture, do func(context.Context) error) {
		find := g.server.creators.find
		first := firstOnly(g, do)
		g.server.creators.find = func(uid uint32) (DialogCreatorFactory, error) {
			create, _ := find(uid)
			return create, first()
		}
	},
	"make evaluator": func(g *fixture, do func(context.Context) error) {
		first := firstOnly(g, do)
		g.server.evaluators.find = func(uint32) (EvaluatorFactory, error) {
			return func(uint32) (PolicyEvaluator, error) { return g.evaluator, first() }, nil
		}
	},
	"make creator": func(g *fixture, do func(context.Context) error) {
		first := firstOnly(g, do)
		g.server.creators.find = func(uint32) (DialogCreatorFactory, error) {
			return func(uint32) (DialogCreator, error) { return &creator{user: g.user}, first() }, nil
		}
	},
}

// firstOnly does it the first time, with a context that outlasts all limits.
func firstOnly(g *fixture, do func(context.Context) error) func() error {
	var done atomic.Bool
	ctx, cancel := context.WithCancel(context.Background())
	g.t.Cleanup(cancel)
	return func() error {
		if done.Swap(true) {
			return nil
		}
		return do(ctx)
	}
}

// everyCall is plugInCalls and plugInMaking.
func everyCall() map[string]func(*fixture, func(context.Context) error) {
	all := maps.Clone(plugInCalls)
	maps.Copy(all, plugInMaking)
	return all
}

// only does it to the request for "bad".
func only(r *Request, ctx context.Context, do func(context.Context) error) error {
	if r.Destination == "bad" {
		return do(ctx)
	}
	return nil
}

func checkFault(t *testing.T, set func(*fixture, func(context.Context) error), do func(context.Context) error, want error) {
	g := newFixture(t, evaluated(policy.AllOptions))
	g.user.always(policy.Yes)
	set(g, do)
	before := len(g.records())
	bad := g.begin(anApp, "bad")
	synctest.Wait()
	good := g.begin(anApp, "good")
	<-bad.done
	<-good.done
	if bad.got != policy.DecisionNo || bad.err == nil || want != nil && !errors.Is(bad.err, want) {
		t.Errorf("%v, %v, want %v", bad.got, bad.err, want)
	}
	handled(t, bad.err)
	if text := bad.err.Error(); strings.ContainsRune(text, '\n') || !strings.Contains(text, "0x2000000") {
		t.Errorf("the error says %q", text)
	}
	expect(t, good, policy.DecisionYes)
	if n := len(g.records()); n != before {
		t.Errorf("%d records, %d before", n, before)
	}
}

func TestLimitsHaveDefaults(t *testing.T) {
	if got := (Limits{}).filled(); got != (Limits{5 * time.Second, 10 * time.Second, 2 * time.Minute, time.Second}) {
		t.Errorf("%+v", got)
	}
	if got := (Limits{-1, -1, -1, -1}).filled(); got != (Limits{-1, -1, -1, time.Second}) {
		t.Errorf("%+v", got)
	}
	set := Limits{1, 2, 3, 4}
	if got := set.filled(); got != set {
		t.Errorf("%+v", got)
	}
}
