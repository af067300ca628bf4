package service

import (
	"context"
	"log/slog"
	"time"
	"ups/runtime/internal/lifetime"
)

// Clock is the time, and calls what is due.
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

// enter begins the lifetime of a session; it fails with ErrClosed once the
// service is closed.
func (s *Server) enter(session *lifetime.Lifetime) error {
	if err := s.countIn(); err != nil {
		return err
	}
	s.life.Attach(session)
	return nil
}

func (s *Server) countIn() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err := s.life.Begin(); err != nil {
		return err
	}
	s.stopIdle()
	s.sessions++
	s.countSessions()
	return nil
}

// leave counts a session out. After the last, the time to the idle end runs.
func (s *Server) leave() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sessions--
	s.countSessions()
	if s.sessions == 0 && s.opt.Idle > 0 {
		s.startIdle(s.idleRun)
	}
}

func (s *Server) startIdle(run uint64) {
	s.idle = s.opt.Clock.AfterFunc(s.opt.Idle, func() { s.endIdle(run) })
}

// stopIdle makes sure that the timer, if it runs, ends nothing.
func (s *Server) stopIdle() {
	if s.idle != nil {
		s.idle()
		s.idle = nil
	}
	s.idleRun++ // it may have fired, and be waiting for the mutex
}

// endIdle ends the service unless a session came just when the time was over,
// or something is undeleted. The mutex is held, so that none comes from then on.
func (s *Server) endIdle(run uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case run != s.idleRun:
	case s.undeleted():
		s.startIdle(run)
	case s.life.Cancel():
		s.log(context.Background(), slog.LevelInfo, "service ends: no session is left")
	}
}

func (s *Server) countSessions() {
	if s.opt.Metrics != nil {
		s.opt.Metrics.Sessions(s.sessions)
	}
}
