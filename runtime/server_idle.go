package runtime

import (
	"context"
	"log/slog"
	"time"
)

// Clock tells the time, and what to do when it comes.
type Clock interface {
	Now() time.Time
	// AfterFunc calls f, in a goroutine of its own, once d has passed. Stop
	// keeps it from that, and reports whether it did.
	AfterFunc(d time.Duration, f func()) (stop func() bool)
}

type systemClock struct{}

func (systemClock) Now() time.Time { return time.Now() }

func (systemClock) AfterFunc(d time.Duration, f func()) (stop func() bool) {
	return time.AfterFunc(d, f).Stop
}

// enter counts a session in; it fails with ErrClosed once the service has
// ended.
func (s *Server) enter(c closer) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended {
		return ErrClosed
	}
	s.stopIdle()
	s.open[c] = struct{}{}
	s.countSessions()
	return nil
}

// leave counts a session out. After the last, the time to the idle end runs.
func (s *Server) leave(c closer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, c)
	s.countSessions()
	if len(s.open) == 0 && !s.ended && s.opt.Idle > 0 {
		run := s.idleRun
		s.idle = s.opt.Clock.AfterFunc(s.opt.Idle, func() { s.endIdle(run) })
	}
}

// stopIdle makes sure that the timer, if it runs, ends nothing.
func (s *Server) stopIdle() {
	if s.idle != nil {
		s.idle()
		s.idle = nil
	}
	s.idleRun++ // it may have fired, and be waiting for the mutex
}

// endIdle ends the service unless a session came just when the time was over.
func (s *Server) endIdle(run uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if run != s.idleRun {
		return
	}
	s.log(context.Background(), slog.LevelInfo, "service ends: no session is left")
	s.end()
}

// end is the end of the service; the mutex is held.
func (s *Server) end() {
	s.ended = true
	s.told.Store(nil)
	s.stopIdle()
	close(s.done)
}

func (s *Server) countSessions() {
	if s.opt.Metrics != nil {
		s.opt.Metrics.Sessions(len(s.open))
	}
}
