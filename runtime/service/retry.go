package service

import (
	"context"
	"log/slog"
	"time"

	"ups/runtime/decision"
)

// retryAfter is the time between two tries of what the database failed to do.
const retryAfter = 5 * time.Second

// owes reports whether something is left to do that the database failed to do:
// a record that is void to delete, or a purge. As long as it is, the
// service doesn't end by itself, since only the service knows of it.
func (s *Server) owes() bool { return s.revoked.any() || s.unpurged.any() }

// tryLater makes sure that what is owed is tried again.
func (s *Server) tryLater() {
	if s.retrying.CompareAndSwap(false, true) {
		s.opt.Clock.AfterFunc(retryAfter, s.tryAgain)
	}
}

func (s *Server) tryAgain() {
	s.retrying.Store(false)
	if s.life.begin() != nil {
		return
	}
	defer s.life.end()
	ctx := context.Background()
	s.revoked.retry(ctx, s)
	s.retryPurge(ctx)
	if s.owes() {
		s.tryLater()
	}
}

func (s *Server) retryPurge(ctx context.Context) {
	if s.unpurged.any() {
		if n, err := s.unpurged.retry(ctx, s.opt.DB); err == nil {
			s.purged(ctx, n)
		}
	}
}

// hides reports whether a record is void, although the database has it still.
func (s *Server) hides(r *decision.Record) bool {
	return s.revoked.has(r.ID) || s.unpurged.voids(r.Key)
}

// lastTry is at the end of the service, when nothing else runs.
func (s *Server) lastTry() {
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
