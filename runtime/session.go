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

	mu       sync.Mutex
	open     map[*Subsession]struct{}
	fetching chan struct{} // closed when the fetch that is under way has ended; nil if none is
	closed   bool
}

// configuration is the service configuration of a system server at one time.
type configuration struct {
	version  uint64 // Server.policies when it was fetched
	services map[uint32]ServiceConfig
}

// Connect opens a session for a system server and fetches its service
// configuration, which loads its policy files and may wait for one that is
// being written (Store.Watch). It fails with ErrClosed if the service has
// ended, and with the cause of ctx; ctx means nothing to the session.
func (s *Server) Connect(ctx context.Context, caller Caller) (*Session, error) {
	session := &Session{server: s, caller: caller, open: map[*Subsession]struct{}{}}
	if err := s.enter(session); err != nil {
		return nil, err
	}
	if _, err := session.fetch(ctx); err != nil {
		session.Close()
		return nil, err
	}
	s.log(ctx, slog.LevelDebug, "session opened", hex("server", caller.SID))
	return session, nil
}

// Config gives the configuration of a service: the zero value, with its UID,
// if it has no policy file. If policies have changed it is fetched first, which
// may load files; it fails only with the cause of ctx.
func (s *Session) Config(ctx context.Context, service uint32) (ServiceConfig, error) {
	c := s.current()
	if c == nil {
		var err error
		if c, err = s.fetch(ctx); err != nil {
			return ServiceConfig{}, err
		}
	}
	return c.of(service), nil
}

// current gives the configuration if it is the one that holds now, else nil.
func (s *Session) current() *configuration {
	c := s.config.Load()
	if c == nil || c.version != s.server.policies.Load() {
		return nil
	}
	return c
}

func (c *configuration) of(service uint32) ServiceConfig {
	if config, ok := c.services[service]; ok {
		return config
	}
	return ServiceConfig{Service: service}
}

// fetch gets the configuration that holds now. The disk may be slow, and a
// file in the making: who waits can be cancelled, while the one goroutine that
// fetches for all of them goes on to its end.
func (s *Session) fetch(ctx context.Context) (*configuration, error) {
	for {
		s.mu.Lock()
		if s.fetching == nil {
			s.fetching = make(chan struct{})
			go s.fetchNow(s.fetching)
		}
		fetched := s.fetching
		s.mu.Unlock()
		select {
		case <-fetched:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
		if c := s.current(); c != nil {
			return c, nil
		}
	}
}

// fetchNow fetches. The count is read first: a change that comes meanwhile
// makes it be fetched once more.
func (s *Session) fetchNow(fetched chan struct{}) {
	c := &configuration{version: s.server.policies.Load(), services: map[uint32]ServiceConfig{}}
	for _, config := range s.server.opt.Store.Config(s.caller.SID) {
		c.services[config.Service] = config
	}
	s.config.Store(c)
	s.mu.Lock()
	s.fetching = nil
	s.mu.Unlock()
	close(fetched)
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
	var all sync.WaitGroup // at once: each may take the time of grace of a plug-in
	for _, sub := range open {
		all.Go(func() { sub.Close() })
	}
	all.Wait()
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
