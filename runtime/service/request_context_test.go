package service

import (
	"context"
	"testing"
	"testing/synctest"

	"ups/policy"
	"ups/runtime/decision"
)

// The context of a request is the same in all calls of plug-ins, and is done when
// the request is over: not with a call, and not while it is being cancelled.
func TestRequestContext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := newFixture(t, evaluated(policy.AllOptions))
		var seen []context.Context
		note := func(ctx context.Context) { seen = append(seen, RequestContext(ctx)) }
		g.evaluator.fingerprints = func(ctx context.Context, _ *Request) (Evaluation, error) {
			note(ctx)
			return prints("x"), nil
		}
		g.evaluator.force = func(ctx context.Context, rec decision.Record) (bool, uint32, error) {
			note(ctx)
			return true, rec.Info, nil
		}
		g.user.prepare = func(ctx context.Context, _ *Prompt) error {
			note(ctx)
			return nil
		}
		g.user.always(policy.Always)
		g.must(anApp, "x", policy.DecisionSessionYes, SourcePrompt)
		for i, ctx := range seen {
			if ctx != seen[0] || ctx.Err() == nil {
				t.Errorf("call %d: the same %v, %v", i, ctx == seen[0], ctx.Err())
			}
		}
		if len(seen) != 2 {
			t.Errorf("%d calls", len(seen))
		}
		vanishing := make(chan bool)
		g.user.prepare = func(ctx context.Context, _ *Prompt) error {
			note(ctx)
			<-ctx.Done()
			vanishing <- true
			return nil
		}
		p := g.begin(anApp, "x")
		synctest.Wait()
		p.cancel()
		synctest.Wait()
		last := seen[len(seen)-1]
		if len(seen) != 5 || last == seen[0] || last != seen[2] || last.Err() != nil {
			t.Errorf("%d calls; of another request %v, done %v", len(seen), last != seen[0], last.Err())
		}
		<-vanishing
		<-p.done
		if last.Err() == nil {
			t.Error("the request is over, and its context isn't done")
		}
	})
	if ctx := context.Background(); RequestContext(ctx) != ctx {
		t.Error("not the context itself")
	}
}
