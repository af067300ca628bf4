package panel

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"ups/runtime/service"
)

// outcomes are the last answers to requests. Each source has its own share, so that
// a service that decides much without asking doesn't push out what people answered.
type outcomes struct {
	mu   sync.Mutex
	last [service.SourcePrompt + 1]ring
	n    uint64 // outcomes so far
}

// ring keeps the last outcomes of a source.
type ring struct {
	outcomes []outcome
	next     int
}

// outcomesKept is how many outcomes of each source are kept.
const outcomesKept = 200

// outcome is an answer to a request.
type outcome struct {
	service.Outcome
	Err    error
	At     time.Time
	number uint64
}

// OnOutcome keeps an answer to a request, for service.Options.OnOutcome.
func (p *Panel) OnOutcome(_ context.Context, o service.Outcome, err error) {
	o.Opaque, o.Client.ProcessGone = nil, nil // may hold much, and aren't shown
	p.outcomes.add(outcome{Outcome: o, Err: err, At: p.opt.Now()})
}

func (s *outcomes) add(o outcome) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.n++
	o.number = s.n
	r := &s.last[min(int(o.Source), len(s.last)-1)]
	if len(r.outcomes) < outcomesKept {
		r.outcomes = append(r.outcomes, o)
		return
	}
	r.outcomes[r.next] = o
	r.next = (r.next + 1) % outcomesKept
}

// list returns the outcomes, the newest first.
func (s *outcomes) list() []outcome {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []outcome
	for i := range s.last {
		all = append(all, s.last[i].outcomes...)
	}
	slices.SortFunc(all, func(a, b outcome) int { return cmp.Compare(b.number, a.number) })
	return all
}
