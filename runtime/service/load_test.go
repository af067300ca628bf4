package service

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	goruntime "runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ups/policy"
	"ups/runtime/decision"
)

// load is how long TestServiceUnderLoad runs. With -race, a minute is what a
// change of the gate asks for: go test -race -run UnderLoad ./runtime -load 1m
var load = flag.Duration("load", 2*time.Second, "how long to keep the service under load")

const (
	loadClients  = 200
	loadServices = 20
	loadSIDs     = 10 // few, so that stored answers come to be used
)

// Many clients, random answers, cancels, forced prompts, changes of policies,
// management and sessions that close, in real time. What must hold: one
// dialog at a time; every request ends (no wake-up is lost); no goroutine is
// left; what is stored is what the requests say they stored, and no more.
func TestServiceUnderLoad(t *testing.T) {
	before := goruntime.NumGoroutine()
	l := &loadTest{fixture: newFixture(t, nil), kept: map[uint64]Outcome{}}
	l.prepare()
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	end := time.Now().Add(*load)
	time.AfterFunc(*load, func() {
		l.awaitSources(30 * time.Second)
		cancel()
	})
	var all sync.WaitGroup
	for i := range loadClients {
		all.Go(func() { l.client(ctx, rand.New(rand.NewPCG(uint64(i), 2))) })
	}
	all.Go(func() { l.changePolicies(end) })
	all.Go(func() { l.look(ctx) })
	ended := make(chan struct{})
	go func() {
		all.Wait()
		close(ended)
	}()
	select {
	case <-ended:
	case <-time.After(*load + 2*time.Minute):
		buf := make([]byte, 1<<20)
		t.Fatalf("requests do not end: a wake-up is lost\n%s", buf[:goruntime.Stack(buf, true)])
	}
	l.askOnce()
	l.check(t)
	l.server.Close()
	checkGoroutines(t, before)
}

// loadTest is a service under load.
type loadTest struct {
	*fixture
	version  atomic.Uint32 // major version of all policy files
	answered [5]atomic.Int64
	failures atomic.Int64

	mu   sync.Mutex
	kept map[uint64]Outcome // by id of the record
	void map[uint64]bool    // ids that a forced prompt deleted
}

// prepare puts the policies in place, and lets the user and the evaluator do
// as they like.
func (l *loadTest) prepare() {
	l.putPolicies(1)
	l.changed()
	l.void = map[uint64]bool{}
	l.server.opt.OnOutcome = l.noteOutcome
	l.evaluator.fingerprints = func(_ context.Context, r *Request) (Evaluation, error) { return prints(r.Destination, "all"), nil }
	l.evaluator.force = func(_ context.Context, rec decision.Record) (bool, uint32, error) {
		force, info := evaluatorRule(rec.Info + rand.Uint32N(3))
		return force, info, nil
	}
	l.user.answers = func(s *shownDialog) (Choice, error) {
		options := []policy.Options{policy.Yes, policy.No, policy.SessionYes, policy.Always, policy.Never, policy.Always, policy.Never, policy.Always, policy.Never}
		c := Choice{Option: options[rand.IntN(len(options))], Fingerprint: rand.IntN(2)}
		if rand.IntN(50) == 0 {
			return Choice{}, ErrNoAnswer
		}
		return s.after(time.Duration(rand.IntN(200))*time.Microsecond, c)
	}
}

func (l *loadTest) putPolicies(major uint32) {
	for service := range uint32(loadServices) {
		f := evaluated(policy.AllOptions)
		f.Header.MajorVersion = uint16(major)
		silent := offer(policy.Yes)
		silent.Destination = policy.NewText("silent*")
		f.Policies = append([]policy.Policy{silent}, f.Policies...)
		putFile(l.t, l.rom, service, f)
	}
	l.version.Store(major)
}

func (l *loadTest) noteOutcome(_ context.Context, o Outcome, _ error) {
	l.answered[o.Source].Add(1)
	l.mu.Lock()
	defer l.mu.Unlock()
	if o.Forced && o.Source == SourcePrompt {
		l.void[o.Record] = true
	}
	if o.Stored != 0 {
		l.kept[o.Stored] = o
	}
}

// client asks, now and then cancels, and now and then comes anew.
func (l *loadTest) client(ctx context.Context, r *rand.Rand) {
	sub := l.open(1 + r.Uint32N(loadSIDs))
	defer func() { sub.Close() }()
	for ctx.Err() == nil {
		destination := fmt.Sprint("d", r.IntN(4))
		if r.IntN(2) == 0 {
			destination = "silent"
		}
		one, cancel := context.WithCancel(ctx)
		if r.IntN(4) == 0 {
			time.AfterFunc(time.Duration(r.IntN(3000))*time.Microsecond, cancel)
		}
		d, err := decided(sub.Authorise(one, Query{Service: r.Uint32N(loadServices), Destination: destination, Passed: true}))
		cancel()
		if err != nil && (d != policy.DecisionNo || !errors.Is(err, context.Canceled) && !errors.Is(err, context.DeadlineExceeded) && !errors.Is(err, ErrNoAnswer)) {
			l.failures.Add(1)
			l.t.Errorf("%v, %v", d, err)
		}
		if r.IntN(100) == 0 {
			sub.Close()
			sub = l.open(1 + r.Uint32N(loadSIDs))
		}
	}
}

// askOnce is a client after all others, whose answer is stored: on a busy machine
// the last policies may have had no time for that.
func (l *loadTest) askOnce() {
	l.user.always(policy.Always)
	last := Query{Service: loadServices - 1, Destination: "last", Passed: true}
	if d, err := decided(l.open(loadSIDs+1).Authorise(context.Background(), last)); d != policy.DecisionSessionYes || err != nil {
		l.t.Errorf("after the load: %v, %v", d, err)
	}
}

// sources are where answers come from under load.
var sources = []Source{SourceNone, SourceSilent, SourceStored, SourcePrompt}

// awaitSources waits until requests were answered from each: on a busy machine it may
// take longer than the load is to last.
func (l *loadTest) awaitSources(most time.Duration) {
	for end := time.Now().Add(most); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if !slices.ContainsFunc(sources, func(s Source) bool { return l.answered[s].Load() == 0 }) {
			return
		}
	}
}

// changePolicies installs policies of the next major version, again and again,
// but leaves a quarter of the time for the last of them to gather records.
func (l *loadTest) changePolicies(end time.Time) {
	for pause := min(*load/4, 3*time.Second); time.Until(end) > pause+*load/4; {
		time.Sleep(pause)
		l.putPolicies(l.version.Load() + 1)
		l.changed()
	}
}

// look reads all records, as a control panel does.
func (l *loadTest) look(ctx context.Context) {
	m := l.manager()
	defer m.Close()
	for ctx.Err() == nil {
		for _, err := range m.Records(ctx, decision.Filter{}) {
			if err != nil && ctx.Err() == nil {
				l.t.Errorf("view: %v", err)
			}
		}
		time.Sleep(time.Millisecond)
	}
}

// check holds what is stored against what the requests say.
func (l *loadTest) check(t *testing.T) {
	t.Helper()
	if n := l.user.most.Load(); n != 1 {
		t.Errorf("%d dialogs at a time", n)
	}
	there := map[uint64]bool{}
	for _, r := range l.records() {
		there[r.ID] = true
		o, ok := l.kept[r.ID]
		want := decision.Never
		if o.Choice == policy.Always {
			want = decision.Always
		}
		if !ok || r.Result != want || r.Client != o.Client.SID || r.Service != o.Service || r.Major != uint16(l.version.Load()) {
			t.Errorf("record %+v, of the outcome %+v", r, o)
		}
	}
	for id, o := range l.kept {
		if o.Policy.Major == uint16(l.version.Load()) && !l.void[id] && !there[id] {
			t.Errorf("record %d is lost: %+v", id, o)
		}
	}
	if len(there) == 0 {
		t.Error("nothing was stored under the last policies")
	}
	for _, s := range sources {
		if l.answered[s].Load() == 0 {
			t.Errorf("no request was answered from %v", s)
		}
	}
	t.Logf("silent %d, stored %d, prompts %d, failed %d; %d records, %d changes of policies", l.answered[SourceSilent].Load(),
		l.answered[SourceStored].Load(), l.answered[SourcePrompt].Load(), l.answered[SourceNone].Load(), len(there), l.version.Load())
}

// checkGoroutines waits for those that are just ending.
func checkGoroutines(t *testing.T, before int) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if goruntime.NumGoroutine() <= before {
			return
		}
	}
	buf := make([]byte, 1<<20)
	t.Errorf("%d goroutines, %d before\n%s", goruntime.NumGoroutine(), before, buf[:goruntime.Stack(buf, true)])
}
