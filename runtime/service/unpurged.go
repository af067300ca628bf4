package service

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"

	"ups/runtime"
	"ups/runtime/decision"
)

// purge says what is void: the arguments of decision.DB.Purge. Nil voids
// nothing.
type purge struct {
	active map[decision.Service]uint16
	spare  []decision.Service
}

// newPurge is the purge that is due when those are the policy files.
func newPurge(now *runtime.Snapshot) *purge {
	active, unusable := now.Active()
	p := &purge{active: make(map[decision.Service]uint16, len(active))}
	for service, major := range active {
		p.active[decision.Service(service)] = major
	}
	for _, service := range unusable {
		p.spare = append(p.spare, decision.Service(service))
	}
	return p
}

// voids reports whether the purge deletes the record of that key.
func (p *purge) voids(k decision.Key) bool {
	service := decision.Service{Server: k.Server, Service: k.Service}
	if p == nil || slices.Contains(p.spare, service) {
		return false
	}
	major, ok := p.active[service]
	return !ok || major != k.Major
}

// with is the purge that deletes what p or q does.
func (p *purge) with(q *purge) *purge {
	if p == nil {
		return q
	}
	both := &purge{active: map[decision.Service]uint16{}}
	for _, service := range p.spare {
		if slices.Contains(q.spare, service) {
			both.spare = append(both.spare, service)
		} else if major, ok := q.active[service]; ok {
			both.active[service] = major
		}
	}
	for service, major := range p.active {
		if m, ok := q.active[service]; ok && m == major || slices.Contains(q.spare, service) {
			both.active[service] = major
		}
	}
	return both
}

// purges are the purges that the database failed to do, as one. What they were
// to delete is void: requests and management don't see it, and no answer is
// stored beside it, even if a policy file of its version comes back.
type purges struct {
	running sync.Mutex // while one runs; is taken after the store's
	pending atomic.Pointer[purge]
}

// run runs a purge and the pending one before it; if it fails, both are pending.
func (o *purges) run(ctx context.Context, db decision.DB, p *purge) (int, error) {
	o.running.Lock()
	defer o.running.Unlock()
	return o.purge(ctx, db, o.pending.Load().with(p))
}

// retry runs the pending purge.
func (o *purges) retry(ctx context.Context, db decision.DB) (int, error) {
	o.running.Lock()
	defer o.running.Unlock()
	if p := o.pending.Load(); p != nil {
		return o.purge(ctx, db, p)
	}
	return 0, nil
}

func (o *purges) purge(ctx context.Context, db decision.DB, p *purge) (int, error) {
	n, err := db.Purge(ctx, p.active, p.spare)
	if err != nil {
		o.pending.Store(p)
		return n, err
	}
	o.pending.Store(nil)
	return n, nil
}

func (o *purges) any() bool { return o.pending.Load() != nil }

// voids reports whether a record is void, though it may still be stored.
func (o *purges) voids(k decision.Key) bool { return o.pending.Load().voids(k) }
