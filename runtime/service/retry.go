package service

import (
	"context"
	"log/slog"
	"time"

	"ups/runtime/decision"
)

// retryAfter is the time between two tries of what the database failed to
// delete.
const retryAfter = 5 * time.Second

// undeleted reports whether the database has failed to delete records that must
// not answer any more: a record that is void, or a purge. As long as it is so,
// the service doesn't end by itself, since nothing else knows of them.
func (s *Server) undeleted() bool { return s.revoked.any() || s.unpurged.any() }

// retryLater makes sure that the deletions are tried again.
func (s *Server) retryLater() {
	if s.retrying.CompareAndSwap(false, true) {
		s.opt.Clock.AfterFunc(retryAfter, s.retry)
	}
}

func (s *Server) retry() {
	s.retrying.Store(false)
	if s.life.Begin() != nil {
		return
	}
	defer s.life.End()
	ctx := context.Background()
	s.revoked.retry(ctx, s)
	s.retryPurge(ctx)
	if s.undeleted() {
		s.retryLater()
	}
}

func (s *Server) retryPurge(ctx context.Context) {
	if s.unpurged.any() {
		if n, err := s.unpurged.retry(ctx, s.opt.DB); err == nil {
			s.purged(ctx, n)
		}
	}
}

// isVoid reports whether a record that the database has doesn't count any more.
func (s *Server) isVoid(r *decision.Record) bool {
	return s.revoked.has(r.ID) || s.unpurged.voids(r.Key)
}

// giveBackUses is called at the end of the service, when nothing else runs.
func (s *Server) giveBackUses() {
	ctx, cancel := context.WithTimeout(context.Background(), retryAfter)
	defer cancel()
	if err := s.ageing.giveBack(ctx, s.opt.DB); err != nil {
		s.fault(ctx, "giving back uses of answers", err)
	}
}

// retryAtEnd is called at the end of the service, when nothing else runs.
func (s *Server) retryAtEnd() {
	ctx, cancel := context.WithTimeout(context.Background(), retryAfter)
	defer cancel()
	s.revoked.retry(ctx, s)
	if s.unpurged.any() {
		if _, err := s.unpurged.retry(ctx, s.opt.DB); err != nil {
			s.log(ctx, slog.LevelError, "decisions are still not purged, and count again from now on", slog.Any("error", err))
		}
	}
	if n := s.revoked.len(); n > 0 {
		s.log(ctx, slog.LevelError, "records that are void are still not deleted, and count again from now on", slog.Int("records", n))
	}
}
