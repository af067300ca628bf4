package runtime

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync/atomic"

	"ups/runtime/decision"
)

// tell adds a server to those who are told what a reload has changed, for as
// long as the pointer leads to it. Those that have ended go: a store may see
// one server after another.
func (s *Store) tell(server *atomic.Pointer[Server]) {
	s.reloading.Lock()
	defer s.reloading.Unlock()
	s.servers = slices.DeleteFunc(s.servers, func(p *atomic.Pointer[Server]) bool { return p.Load() == nil })
	s.servers = append(s.servers, server)
}

// changed tells what a reload has changed. The store is being reloaded.
func (s *Store) changed(changes []Change) {
	for _, p := range s.servers {
		if server := p.Load(); server != nil {
			server.policiesChanged(changes, s.current.Load())
		}
	}
	if s.onChange != nil {
		s.callbacks.add(func() { s.onChange(changes) })
	}
}

// policiesChanged is told of every change of the store, whoever brought it
// about, and of the snapshot that the store holds meanwhile. Requests under way
// have their lists; those that come later get the new ones already. Sessions
// notice by the count.
func (s *Server) policiesChanged(changes []Change, held *snapshot) {
	if s.life.begin() != nil {
		return
	}
	defer s.life.end()
	s.policies.Add(1)
	ctx := context.Background()
	for _, c := range changes {
		s.log(ctx, slog.LevelInfo, "policies changed", slog.String("kind", c.Kind.String()),
			hex("server", c.Service.Server), hex("service", c.Service.Service))
	}
	s.purge(ctx, held)
}

// policyFilesChanged is NotifyPolicyFilesChanged. Sessions are told and
// decisions purged even if the store finds nothing new. A purge that failed is
// tried again, so that the caller gets to know.
func (s *Server) policyFilesChanged(ctx context.Context) error {
	before := s.policies.Load()
	if err := s.opt.Store.Reload(); err != nil {
		return fmt.Errorf("policy files: %w", err)
	}
	changed := s.policies.Load() != before
	if changed && !s.unpurged.any() {
		return nil
	}
	if !changed {
		s.policies.Add(1)
	}
	return s.purgeNow(ctx)
}

// purgeNow purges by what the store holds now. No reload must be under way in
// the same goroutine.
func (s *Server) purgeNow(ctx context.Context) error {
	return s.opt.Store.hold(func(held *snapshot) error { return s.purge(ctx, held) })
}

// purge deletes what a change of policies makes void (docs/service.md,
// Purge), and reports that it can't. It leaves alone the records of
// services whose policy file can't be used. On the device such a file ends the
// service before it purges; here its major version isn't known, and the answers
// may be what the file's repair brings back to life.
//
// The store holds the snapshot until the records are gone: were it reloaded
// meanwhile, the purge would take answers to the new versions for void.
func (s *Server) purge(ctx context.Context, held *snapshot) error {
	active, unusable := held.active(s.opt.Store)
	known := s.unpurged.any() // it was said that the database fails to purge
	n, err := s.unpurged.run(ctx, s.opt.DB, &purge{active, unusable})
	if err == nil {
		s.purged(ctx, n)
		return nil
	}
	if !known {
		s.fault(ctx, "purging decisions", err)
	}
	s.tryLater()
	return fmt.Errorf("purging decisions: %w", err)
}

func (s *Server) purged(ctx context.Context, records int) {
	s.log(ctx, slog.LevelInfo, "decisions purged", slog.Int("records", records))
}

// outdated reports whether the policies of a request are no longer those that
// decisions are kept for. Those that can't be used are no reason to forget.
//
// It waits for no file, since the request has the gate. Policies that aren't
// loaded came with a reload whose purge is still to load them, and then to
// delete what was stored before.
func (s *Server) outdated(r *Request) bool {
	e := s.opt.Store.current.Load().entries[decision.Service{Server: r.Server, Service: r.Service}]
	if e == nil {
		return true
	}
	l := e.loaded.Load()
	switch {
	case l == nil:
		return false
	case l.err != nil:
		return !errors.Is(l.err, ErrBadPolicyFile)
	}
	return l.list.file.Header.MajorVersion != r.Policy.Major
}
