package service

import (
	"context"
	"fmt"
	"log/slog"

	"ups/runtime"
)

// policiesChanged is called with every change of the store, whoever reloaded it,
// and with the snapshot that the store holds meanwhile. Requests under way have
// their lists; those that come later get the new ones already. Sessions notice
// by the count.
func (s *Server) policiesChanged(changes []runtime.Change, held *runtime.Snapshot) {
	if s.life.Begin() != nil {
		return
	}
	defer s.life.End()
	s.policies.change()
	ctx := context.Background()
	for _, c := range changes {
		s.log(ctx, slog.LevelInfo, "policies changed", slog.String("kind", c.Kind.String()),
			hex("server", c.Service.Server), hex("service", c.Service.Service))
	}
	s.purge(ctx, held)
}

// policyFilesChanged is NotifyPolicyFilesChanged. Sessions fetch their
// configuration anew, and decisions are purged, even if the store finds nothing
// new. A purge that failed is tried again, so that its error is returned.
func (s *Server) policyFilesChanged(ctx context.Context) error {
	before := s.policies.version()
	if err := s.opt.Store.Reload(); err != nil {
		return fmt.Errorf("policy files: %w", err)
	}
	changed := s.policies.version() != before
	if changed && !s.unpurged.any() {
		return nil
	}
	if !changed {
		s.policies.change()
	}
	return s.purgeNow(ctx)
}

// purgeNow purges by what the store holds now. No reload must be under way in
// the same goroutine.
func (s *Server) purgeNow(ctx context.Context) error {
	return s.opt.Store.Hold(func(held *runtime.Snapshot) error { return s.purge(ctx, held) })
}

// purge deletes what a change of policies makes void (docs/service.md,
// Purge). It spares the records of services whose policy file can't be used. On
// the device such a file ends the service before it purges; here its major
// version isn't known, and the answers may count again once it is mended.
//
// The store holds the snapshot until the records are gone: were it reloaded
// meanwhile, the purge would delete answers under the new versions.
func (s *Server) purge(ctx context.Context, held *runtime.Snapshot) error {
	known := s.unpurged.any() // the fault was reported
	n, err := s.unpurged.run(ctx, s.opt.DB, newPurge(held))
	if err == nil {
		s.purged(ctx, n)
		return nil
	}
	if !known {
		s.fault(ctx, "purging decisions", err)
	}
	s.retryLater()
	return fmt.Errorf("purging decisions: %w", err)
}

func (s *Server) purged(ctx context.Context, records int) {
	s.ageing.sweep(ctx, s.opt.DB)
	s.log(ctx, slog.LevelInfo, "decisions purged", slog.Int("records", records))
}

// outdated reports whether an answer to the request would be void: its policies
// were replaced.
func (s *Server) outdated(r *Request) bool {
	return s.opt.Store.Outdated(r.Server, r.Service, r.Policy.Major)
}
