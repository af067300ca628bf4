package runtime

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// Session is what a system server has to ask the service by; it needs only
// one. It keeps the service configuration, to tell which requests need not be
// sent, and fetches it anew when policies have changed. All methods may be
// called from any goroutine.
type Session struct {
	server *Server
	caller Caller
	config atomic.Pointer[configuration]

	mu     sync.Mutex
	open   map[*Subsession]struct{}
	closed bool
}

// configuration is the service configuration of a system server at one time.
type configuration struct {
	version  uint64 // Server.policies when it was fetched
	services map[uint32]ServiceConfig
}

// Connect opens a session for a system server and fetches its service
// configuration, which loads its policy files. It fails with ErrClosed if the
// service has ended.
func (s *Server) Connect(caller Caller) (*Session, error) {
	session := &Session{server: s, caller: caller, open: map[*Subsession]struct{}{}}
	if err := s.enter(session); err != nil {
		return nil, err
	}
	session.configuration()
	s.log(context.Background(), slog.LevelDebug, "session opened", hex("server", caller.SID))
	return session, nil
}

// Config gives the configuration of a service: the zero value, with its UID,
// if it has no policy file.
func (s *Session) Config(service uint32) ServiceConfig {
	if c, ok := s.configuration().services[service]; ok {
		return c
	}
	return ServiceConfig{Service: service}
}

// configuration gives what was fetched after the last change of policies that
// the session was told of. The count is read first: a change that comes while
// it is fetched makes it be fetched once more.
func (s *Session) configuration() *configuration {
	version := s.server.policies.Load()
	if c := s.config.Load(); c != nil && c.version == version {
		return c
	}
	c := &configuration{version: version, services: map[uint32]ServiceConfig{}}
	for _, config := range s.server.opt.Store.Config(s.caller.SID) {
		c.services[config.Service] = config
	}
	s.config.Store(c)
	return c
}

// Close closes the session and its subsessions; requests under way fail with
// ErrClosed. It returns when they have. A second Close gives ErrClosed.
func (s *Session) Close() error {
	s.mu.Lock()
	if s.closed {
		s.mu.Unlock()
		return ErrClosed
	}
	s.closed = true
	open := slices.Collect(maps.Keys(s.open))
	s.mu.Unlock()
	for _, sub := range open {
		sub.Close()
	}
	s.server.leave(s)
	s.server.log(context.Background(), slog.LevelDebug, "session closed", hex("server", s.caller.SID))
	return nil
}

// add counts a subsession in.
func (s *Session) add(sub *Subsession) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return ErrClosed
	}
	s.open[sub] = struct{}{}
	return nil
}

func (s *Session) remove(sub *Subsession) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, sub)
}
