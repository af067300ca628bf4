package service

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"sync/atomic"

	"ups/runtime"
	"ups/runtime/internal/lifetime"
)

// Session is a system server's connection to the service; it needs only one. It
// has the service configuration, which says which requests need not be
// sent, and fetches it anew when policies have changed. All methods may be
// called from any goroutine.
type Session struct {
	server *Server
	caller Caller
	life   *lifetime.Lifetime
	config atomic.Pointer[configuration]

	mu       sync.Mutex
	fetching chan struct{} // closed when the fetch that is under way has ended; nil if none is
}

// configuration is the service configuration of a system server at one time.
type configuration struct {
	version  uint64 // Server.policies when it was fetched
	services map[uint32]runtime.ServiceConfig
}

// Connect opens a session for a system server and fetches its service
// configuration, which loads its policy files and may wait for one that is
// being written (Store.Watch). It fails with ErrClosed if the service is
// closed, also meanwhile, and with the cause of ctx; ctx doesn't bound the
// session.
func (s *Server) Connect(ctx context.Context, caller Caller) (*Session, error) {
	session := &Session{server: s, caller: caller}
	session.life = lifetime.New(s.life, session.onEnd)
	if err := s.enter(session.life); err != nil {
		return nil, err
	}
	err := session.life.Do(ctx, func(ctx context.Context) error {
		_, err := session.fetch(ctx)
		return err
	})
	if err != nil {
		session.Close()
		return nil, err
	}
	s.log(ctx, slog.LevelDebug, "session opened", hex("server", caller.SID))
	return session, nil
}

// Config returns the configuration of a service: the zero value, with its UID,
// if it has no policy file. If policies have changed it is fetched first, which
// may load files. It fails only with ErrClosed and the cause of ctx.
func (s *Session) Config(ctx context.Context, service uint32) (config runtime.ServiceConfig, err error) {
	err = s.life.Do(ctx, func(ctx context.Context) error {
		config, err = s.service(ctx, service)
		return err
	})
	return config, err
}

// Services returns the configuration of all services that have a policy file, in
// the order of their UIDs, and a channel that is closed once policies have
// changed. It fails as Config does.
func (s *Session) Services(ctx context.Context) (configs []runtime.ServiceConfig, changed <-chan struct{}, err error) {
	err = s.life.Do(ctx, func(ctx context.Context) error {
		changed = s.server.policies.next()
		c := s.current()
		if c == nil {
			if c, err = s.fetch(ctx); err != nil {
				return err
			}
		}
		for _, uid := range slices.Sorted(maps.Keys(c.services)) {
			configs = append(configs, c.services[uid])
		}
		return nil
	})
	return configs, changed, err
}

// service is Config for what runs in the session already.
func (s *Session) service(ctx context.Context, service uint32) (runtime.ServiceConfig, error) {
	c := s.current()
	if c == nil {
		var err error
		if c, err = s.fetch(ctx); err != nil {
			return runtime.ServiceConfig{}, err
		}
	}
	return c.of(service), nil
}

// current returns the configuration that was fetched, nil if policies have
// changed since.
func (s *Session) current() *configuration {
	c := s.config.Load()
	if c == nil || c.version != s.server.policies.version() {
		return nil
	}
	return c
}

func (c *configuration) of(service uint32) runtime.ServiceConfig {
	if config, ok := c.services[service]; ok {
		return config
	}
	return runtime.ServiceConfig{Service: service}
}

// fetch gets the configuration that holds now. The disk may be slow, and a file
// in the making, so waiting can be cancelled, while one goroutine fetches to the
// end for all that wait. It uses nothing but the store, so closing the session
// doesn't wait for it.
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
//
// The fetch is over before the store reports what is wrong with files, since
// Report may ask for a configuration too.
func (s *Session) fetchNow(fetched chan struct{}) {
	version := s.server.policies.version()
	s.server.opt.Store.Read(func(now *runtime.Snapshot) {
		c := &configuration{version: version, services: map[uint32]runtime.ServiceConfig{}}
		for _, config := range now.Config(s.caller.SID) {
			c.services[config.Service] = config
		}
		s.config.Store(c)
		s.mu.Lock()
		s.fetching = nil
		s.mu.Unlock()
		close(fetched)
	})
}

// Close closes the session and its subsessions; requests under way fail with
// ErrClosed. It returns when they have. A second Close returns ErrClosed, and no
// earlier (see Server).
func (s *Session) Close() error { return s.life.Close() }

// onEnd is called when the last request of the session has ended.
func (s *Session) onEnd() {
	s.server.leave()
	s.server.log(context.Background(), slog.LevelDebug, "session closed", hex("server", s.caller.SID))
}

// Done is closed when the session has been closed, and its last request has
// ended.
func (s *Session) Done() <-chan struct{} { return s.life.Done() }
