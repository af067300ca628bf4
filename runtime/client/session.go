package client

import (
	"bytes"
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"ups/runtime"
	"ups/runtime/internal/lifetime"
)

// Session is a system server's connection to the service, as service.Session is; it
// needs only one. It connects again when the connection is lost, and then its
// subsessions go on.
type Session struct {
	client *Client
	life   *lifetime.Lifetime
	// streaming is done when its streams end; stop ends them.
	streaming context.Context
	stop      context.CancelFunc
	over      chan struct{} // closed when the stream has ended for good

	mu      sync.Mutex
	now     *link         // nil while the session isn't connected
	lost    error         // why it isn't
	changed chan struct{} // closed when one of them changes
	asking  *asking       // nil before anything is asked
}

// link is what the server has said last in the stream of a session.
type link struct {
	session  []byte
	server   uint32 // SID
	services map[uint32]runtime.ServiceConfig
}

// Connect opens a session. It fails with the server's error, ErrUnavailable, or the
// cause of ctx, which doesn't bound the session.
func (c *Client) Connect(ctx context.Context) (*Session, error) {
	if err := c.life.Begin(); err != nil {
		return nil, err
	}
	streaming, stop := context.WithCancel(context.Background())
	s := &Session{client: c, streaming: streaming, stop: stop, over: make(chan struct{}), changed: make(chan struct{})}
	s.life = lifetime.New(c.life, s.hangUp)
	c.life.Attach(s.life)
	go s.stay(streaming)
	err := s.life.Do(ctx, func(ctx context.Context) error {
		_, err := s.first(ctx)
		return err
	})
	if err != nil {
		s.life.Close() // it may be closed already
		return nil, err
	}
	return s, nil
}

// first returns what the server says, or why it can't be asked.
func (s *Session) first(ctx context.Context) (*link, error) {
	for {
		now, changed, lost := s.state()
		switch {
		case now != nil:
			return now, nil
		case lost != nil:
			return nil, lost
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

// link returns what holds now. If the session isn't connected it waits.
func (s *Session) link(ctx context.Context) (*link, error) {
	if now, _, _ := s.state(); now != nil {
		return now, nil
	}
	return s.await(ctx, func(*link) bool { return true })
}

// after returns what holds once the server has another session for this one.
func (s *Session) after(ctx context.Context, old *link) (*link, error) {
	return s.await(ctx, func(now *link) bool { return !bytes.Equal(now.session, old.session) })
}

// await waits until the session is connected as wanted, as long as there is hope and
// Options.Wait lasts.
func (s *Session) await(ctx context.Context, wanted func(*link) bool) (*link, error) {
	patience := time.NewTimer(s.client.opt.Wait)
	defer patience.Stop()
	for {
		now, changed, lost := s.state()
		switch {
		case now != nil && wanted(now):
			return now, nil
		case lost != nil && !retried(lost):
			return nil, lost
		}
		select {
		case <-changed:
		case <-patience.C:
			return nil, unavailable(lost)
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		}
	}
}

func (s *Session) connectedBy(id []byte) bool {
	now, _, _ := s.state()
	return now != nil && bytes.Equal(now.session, id)
}

func (s *Session) state() (now *link, changed <-chan struct{}, lost error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now, s.changed, s.lost
}

// asks returns the stream in which requests of the server's session are asked.
func (s *Session) asks(session []byte) *asking {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.asking != nil {
		if s.asking.is(session) {
			return s.asking
		}
		s.asking.finish()
	}
	s.asking = s.client.newAsking(s.streaming, session)
	return s.asking
}

func (s *Session) set(now *link, lost error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now, s.lost = now, lost
	close(s.changed)
	s.changed = make(chan struct{})
}

// Config returns the configuration of a service: the zero value, with its UID, if it
// has no policy file. It fails with service.ErrClosed, ErrUnavailable, and the cause
// of ctx.
func (s *Session) Config(ctx context.Context, service uint32) (config runtime.ServiceConfig, err error) {
	err = s.life.Do(ctx, func(ctx context.Context) error {
		now, err := s.link(ctx)
		if err == nil {
			config = now.of(service)
		}
		return err
	})
	return config, err
}

// Services returns the configuration of all services that have a policy file, in the
// order of their UIDs, and a channel that is closed once that, or the connection, has
// changed. It fails as Config does.
func (s *Session) Services(ctx context.Context) (configs []runtime.ServiceConfig, changed <-chan struct{}, err error) {
	err = s.life.Do(ctx, func(ctx context.Context) error {
		_, changed, _ = s.state()
		now, err := s.link(ctx)
		if err != nil {
			return err
		}
		for _, uid := range slices.Sorted(maps.Keys(now.services)) {
			configs = append(configs, now.services[uid])
		}
		return nil
	})
	return configs, changed, err
}

func (l *link) of(service uint32) runtime.ServiceConfig {
	if config, ok := l.services[service]; ok {
		return config
	}
	return runtime.ServiceConfig{Service: service}
}

// Done is closed when the session has been closed, and its last request has ended.
func (s *Session) Done() <-chan struct{} { return s.life.Done() }

// Close closes the session and its subsessions; requests under way fail with
// service.ErrClosed. It returns when they have. A second Close returns
// service.ErrClosed, and no earlier.
func (s *Session) Close() error { return s.life.Close() }

// hangUp is called when the last request of the session has ended.
func (s *Session) hangUp() {
	s.stop()
	<-s.over
	if s.asking != nil {
		<-s.asking.ended
	}
}
