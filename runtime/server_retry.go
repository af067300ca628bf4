package runtime

import (
	"context"
	"log/slog"
	"time"
)

// retryAfter is the time between two tries of what the database failed to do.
const retryAfter = 5 * time.Second

// owes reports whether something is left to do that the database failed to do:
// a record of a forced prompt to delete, or a purge. As long as it is, the
// service doesn't end by itself, since only the service knows of it.
func (s *Server) owes() bool { return s.revoked.any() || s.unpurged.Load() }

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
	if s.unpurged.Load() {
		s.purgeNow(ctx)
	}
	if s.owes() {
		s.tryLater()
	}
}

// lastTry is at the end of the service, when nothing else runs.
func (s *Server) lastTry() {
	ctx, cancel := context.WithTimeout(context.Background(), retryAfter)
	defer cancel()
	s.revoked.retry(ctx, s)
	if n := s.revoked.len(); n > 0 {
		s.log(ctx, slog.LevelError, "records of forced prompts are still not deleted, and count again from now on", slog.Int("records", n))
	}
}
