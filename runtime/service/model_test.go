package service

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"ups/policy"
	"ups/runtime/decision"
)

// The rules of the gate, the queue and disputes, as one loop over events that
// happen at different moments; the service must do the same. Times are of the
// bubble, so nothing depends on the machine.

// modelRequest is a request of the model, and what becomes of it.
type modelRequest struct {
	number      int
	client      uint32
	fingerprint string
	arrives     time.Duration
	takes       time.Duration // the user, to answer
	cancelled   time.Duration // 0: never
	choice      Choice

	decision policy.Decision
	source   Source
	failed   bool

	disputes *modelRecord
	record   *modelRecord
	forced   bool
	info     uint32
}

// modelRecord is a stored answer of the model.
type modelRecord struct {
	key    string
	result decision.Result
	info   uint32
	held   int // disputes
}

// model is the service.
type model struct {
	records map[string]*modelRecord
	up      *modelRequest
	ends    time.Duration // of the dialog that is up
	line    []*modelRequest
	shown   []string // the dialogs, in order
}

// evaluatorRule is what the evaluator does with a record.
func evaluatorRule(info uint32) (force bool, next uint32) { return info%3 == 2, info + 1 }

func (m *model) find(q *modelRequest) *modelRecord {
	for _, f := range []string{q.fingerprint, "all"} {
		if r := m.records[fmt.Sprint(q.client, f)]; r != nil {
			return r
		}
	}
	return nil
}

// look is step 3. It reports whether a dialog is needed.
func (m *model) look(q *modelRequest) bool {
	r := m.find(q)
	if q.disputes != r {
		m.lift(q)
	}
	switch {
	case r == nil:
		q.record, q.info, q.forced = nil, 0, false
		return true
	case r.held > 0:
		if q.disputes != r {
			q.record, q.info, q.forced = r, r.info, false
		}
		return true
	}
	force, info := evaluatorRule(r.info)
	q.record, q.info, q.forced = r, info, force
	if force {
		q.disputes = r
		r.held++
		return true
	}
	r.info = info
	q.decision, q.source = policy.DecisionSessionNo, SourceStored
	if r.result == decision.Always {
		q.decision = policy.DecisionSessionYes
	}
	return false
}

func (m *model) lift(q *modelRequest) {
	if q.disputes != nil {
		q.disputes.held--
		q.disputes = nil
	}
}

func (m *model) show(q *modelRequest, now time.Duration) {
	m.up, m.ends = q, now+q.takes
	m.shown = append(m.shown, fmt.Sprintf("%d forced %v info %d", q.number, q.forced, q.info))
}

func (m *model) arrive(q *modelRequest, now time.Duration) {
	switch {
	case !m.look(q):
	case m.up == nil:
		m.show(q, now)
	default:
		m.line = append(m.line, q)
	}
}

// release is the end of a dialog: all that wait are looked up again.
func (m *model) release(now time.Duration) {
	m.lift(m.up)
	m.up = nil
	waiting := m.line
	m.line = nil
	for _, q := range waiting {
		m.arrive(q, now)
	}
}

func (m *model) answer(now time.Duration) {
	q := m.up
	if q.forced {
		delete(m.records, q.record.key)
	}
	q.source, q.decision = SourcePrompt, policy.AllOptions.DecisionFor(q.choice.Option)
	if q.choice.Option&(policy.Always|policy.Never) != 0 {
		r := &modelRecord{key: fmt.Sprint(q.client, []string{q.fingerprint, "all"}[q.choice.Fingerprint]), info: q.choice.Info}
		if q.choice.Option == policy.Always {
			r.result = decision.Always
		}
		if old := m.records[r.key]; old != nil {
			old.result, old.info = r.result, r.info
		} else {
			m.records[r.key] = r
		}
	}
	m.release(now)
}

func (m *model) cancel(q *modelRequest, now time.Duration) {
	at := slices.Index(m.line, q)
	if at < 0 && m.up != q {
		return // it has ended
	}
	q.failed = true
	if m.up == q {
		m.release(now)
		return
	}
	m.line = slices.Delete(m.line, at, at+1)
	m.lift(q)
}

// run plays all requests.
func (m *model) run(requests []*modelRequest) {
	type event struct {
		at time.Duration
		do func(now time.Duration)
	}
	var events []event
	for _, q := range requests {
		events = append(events, event{q.arrives, func(now time.Duration) { m.arrive(q, now) }})
		if q.cancelled > 0 {
			events = append(events, event{q.cancelled, func(now time.Duration) { m.cancel(q, now) }})
		}
	}
	slices.SortFunc(events, func(a, b event) int { return int(a.at - b.at) })
	for _, e := range events {
		for m.up != nil && m.ends < e.at {
			m.answer(m.ends)
		}
		e.do(e.at)
	}
	for m.up != nil {
		m.answer(m.ends)
	}
}

// randomRequests makes requests that come faster than the user answers.
func randomRequests(r *rand.Rand, n int) []*modelRequest {
	options := []policy.Options{policy.Yes, policy.No, policy.SessionYes, policy.SessionNo, policy.Always, policy.Never, policy.Always, policy.Never}
	var all []*modelRequest
	for i := range n {
		q := &modelRequest{
			number: i, client: 1 + r.Uint32N(3), fingerprint: fmt.Sprint("f", r.IntN(3)),
			arrives: time.Duration(r.Int64N(int64(100 * time.Second))),
			takes:   time.Duration(1 + r.Int64N(int64(4*time.Second))),
			choice:  Choice{Option: options[r.IntN(len(options))], Fingerprint: r.IntN(2), Info: r.Uint32N(3)},
		}
		if r.IntN(4) == 0 {
			q.cancelled = q.arrives + 1 + time.Duration(r.Int64N(int64(5*time.Second)))
		}
		all = append(all, q)
	}
	return all
}

func TestServiceAgreesWithModel(t *testing.T) {
	prompted, settled, cancelled, forced := 0, 0, 0, 0
	for seed := range uint64(modelRuns) {
		synctest.Test(t, func(t *testing.T) {
			requests := randomRequests(rand.New(rand.NewPCG(seed, 1)), 100)
			m := &model{records: map[string]*modelRecord{}}
			m.run(requests)
			playAndCompare(t, seed, m, requests)
			for _, q := range requests {
				prompted += count(q.source == SourcePrompt)
				settled += count(q.source == SourceStored)
				cancelled += count(q.failed)
				forced += count(q.forced && q.source == SourcePrompt)
			}
		})
		if t.Failed() {
			return
		}
	}
	// The generated requests must make all of it happen.
	if min(prompted, settled, cancelled) < modelRuns*5 || forced < modelRuns {
		t.Errorf("%d prompted (%d forced), %d settled, %d cancelled", prompted, forced, settled, cancelled)
	}
}

func count(is bool) int {
	if is {
		return 1
	}
	return 0
}

func playAndCompare(t *testing.T, seed uint64, m *model, requests []*modelRequest) {
	g := newFixture(t, evaluated(policy.AllOptions))
	var shown []string
	g.evaluator.fingerprints = func(_ context.Context, r *Request) (Evaluation, error) {
		return prints(requests[r.Opaque[0]].fingerprint, "all"), nil
	}
	g.evaluator.force = func(_ context.Context, rec decision.Record) (bool, uint32, error) {
		force, info := evaluatorRule(rec.Info)
		return force, info, nil
	}
	g.user.answers = func(s *shownDialog) (Choice, error) {
		q := requests[s.Opaque[0]]
		shown = append(shown, fmt.Sprintf("%d forced %v info %d", q.number, s.Forced, s.info))
		return s.after(q.takes, q.choice)
	}
	got := make([]*pending, len(requests))
	for i, q := range requests {
		got[i] = g.schedule(i, q)
	}
	for i, q := range requests {
		p := got[i]
		<-p.done
		if p.got != q.decision || (p.err != nil) != q.failed || q.failed && !errors.Is(p.err, context.Canceled) {
			t.Errorf("seed %d, request %d: %v, %v, want %v, failed %v", seed, i, p.got, p.err, q.decision, q.failed)
		}
	}
	equal(t, fmt.Sprintf("seed %d, dialogs", seed), shown, m.shown...)
	g.compareRecords(seed, m)
}

// schedule makes a request that comes, and is cancelled, when it shall be.
func (g *fixture) schedule(i int, q *modelRequest) *pending {
	ctx, cancel := context.WithCancel(context.Background())
	p := &pending{cancel: cancel, done: make(chan struct{})}
	sub := g.open(q.client)
	if q.cancelled > 0 {
		time.AfterFunc(q.cancelled, cancel)
	}
	time.AfterFunc(q.arrives, func() {
		defer close(p.done)
		defer cancel()
		p.got, p.err = decided(sub.Authorise(ctx, Query{Service: theService, Passed: true, Opaque: []byte{byte(i)}}))
	})
	return p
}

func (g *fixture) compareRecords(seed uint64, m *model) {
	g.t.Helper()
	records := g.records()
	if len(records) != len(m.records) {
		g.t.Errorf("seed %d: %d records, want %d", seed, len(records), len(m.records))
	}
	for _, r := range records {
		want := m.records[fmt.Sprint(r.Client, r.Fingerprint)]
		if want == nil || want.result != r.Result || want.info != r.Info {
			g.t.Errorf("seed %d: %+v, want %+v", seed, r, want)
		}
	}
}
