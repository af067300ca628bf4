package servicetest

import (
	"context"
	"sync"

	"ups/runtime/decision"
	"ups/runtime/service"
)

// fakeEvaluator is the policy evaluator of the fixture. Without functions it does as the
// default one.
type fakeEvaluator struct {
	fingerprints func(context.Context, *service.Request) (service.Evaluation, error)
	force        func(context.Context, decision.Record) (bool, uint32, error)
	mu           sync.Mutex
	forceAsked   []uint64 // ids that force was asked about
}

func (m *fakeEvaluator) new(uint32) (service.PolicyEvaluator, error) { return m, nil }

func (m *fakeEvaluator) Fingerprints(ctx context.Context, r *service.Request) (service.Evaluation, error) {
	if m.fingerprints != nil {
		return m.fingerprints(ctx, r)
	}
	return service.Evaluation{Fingerprints: []service.Fingerprint{{}}}, nil
}

func (m *fakeEvaluator) ForcePrompt(ctx context.Context, rec decision.Record) (bool, uint32, error) {
	m.mu.Lock()
	m.forceAsked = append(m.forceAsked, rec.ID)
	m.mu.Unlock()
	if m.force != nil {
		return m.force(ctx, rec)
	}
	return false, rec.Info, nil
}

// asked returns what force was asked about since the last time.
func (m *fakeEvaluator) asked() []uint64 {
	m.mu.Lock()
	defer m.mu.Unlock()
	was := m.forceAsked
	m.forceAsked = nil
	return was
}

// prints makes an evaluation of those fingerprints.
func prints(bytes ...string) service.Evaluation {
	var e service.Evaluation
	for _, b := range bytes {
		e.Fingerprints = append(e.Fingerprints, service.Fingerprint{Bytes: b, Description: "of " + b})
	}
	return e
}

// byDestination makes an evaluator's one fingerprint of the destination.
func byDestination(_ context.Context, r *service.Request) (service.Evaluation, error) {
	return prints(r.Destination), nil
}
