package service

import (
	"context"
	"sync/atomic"
	"testing"

	"ups/policy"
	"ups/runtime/decision"
)

// benchFixture is a service that nobody observes.
func benchFixture(b *testing.B, f *policy.File) *fixture {
	return newFixture(b, f, func(o *Options) {
		o.OnOutcome = nil
		o.DB = decision.NewCached(o.DB, 0)
	})
}

// authorise asks b.N times, and fails unless all are allowed.
func authorise(b *testing.B, sub *Subsession) {
	ctx := context.Background()
	b.ReportAllocs()
	for b.Loop() {
		if d, err := decided(sub.Authorise(ctx, Query{Service: theService, Destination: "+44 1234", Passed: true})); !d.Allows() || err != nil {
			b.Fatal(d, err)
		}
	}
}

// A request that the client library answers.
func BenchmarkAuthoriseCheck(b *testing.B) {
	f := list(offer(policy.Yes))
	f.Header.AuthorisationPolicy = policy.CheckIfFailed
	authorise(b, benchFixture(b, f).open(anApp))
}

// A policy without a prompt: at most 1 µs and 2 allocations.
func BenchmarkAuthoriseSilent(b *testing.B) {
	authorise(b, benchFixture(b, list(offer(policy.Yes))).open(anApp))
}

// A stored answer from the cache, default evaluator: under 3 µs.
func BenchmarkAuthoriseStored(b *testing.B) {
	g := benchFixture(b, list(offer(policy.AllOptions)))
	g.keepFor(theService, 0)
	authorise(b, g.open(anApp))
}

// The same with a policy evaluator, each call of which has a goroutine.
func BenchmarkAuthoriseStoredEvaluator(b *testing.B) {
	g := benchFixture(b, evaluated(policy.AllOptions))
	g.evaluator.fingerprints = byDestination
	g.keep("+44 1234", decision.Always, 0)
	authorise(b, g.open(anApp))
}

// A prompt that is answered at once, and not stored.
func BenchmarkAuthorisePrompt(b *testing.B) {
	g := benchFixture(b, list(offer(policy.AllOptions)))
	g.user.always(policy.Yes)
	authorise(b, g.open(anApp))
}

// Throughput with as many clients as there are processors, each of them with
// a subsession: nine silent answers to each stored one.
func BenchmarkAuthoriseParallel(b *testing.B) {
	silent := offer(policy.Yes)
	silent.Destination = policy.NewText("*1234")
	g := benchFixture(b, list(silent, offer(policy.AllOptions)))
	g.keepFor(theService, 0)
	var clients atomic.Uint32
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		clients.Add(1)
		sub, n := g.open(anApp), 0
		for pb.Next() {
			destination := "+44 1234"
			if n++; n%10 == 0 {
				destination = "+44 999"
			}
			if d, err := decided(sub.Authorise(context.Background(), Query{Service: theService, Destination: destination, Passed: true})); !d.Allows() || err != nil {
				b.Error(d, err)
				return
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "requests/s")
}

// The allocations that are claimed, which timings on a busy machine don't
// disturb.
func TestAllocationsOfAuthorise(t *testing.T) {
	silent := newFixture(t, list(offer(policy.Yes)), func(o *Options) { o.OnOutcome = nil }).open(anApp)
	stored := newFixture(t, list(offer(policy.AllOptions)), func(o *Options) { o.OnOutcome = nil })
	stored.keepFor(theService, 0)
	for _, c := range []struct {
		name string
		sub  *Subsession
		most float64
	}{{"silent", silent, 2}, {"stored", stored.open(anApp), 12}} {
		ctx := context.Background()
		got := testing.AllocsPerRun(200, func() {
			if d, err := decided(c.sub.Authorise(ctx, Query{Service: theService, Destination: "x", Passed: true})); !d.Allows() || err != nil {
				t.Fatal(d, err)
			}
		})
		if got > c.most && !raced {
			t.Errorf("%s: %v allocations, at most %v", c.name, got, c.most)
		}
	}
}
