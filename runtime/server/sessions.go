package server

import (
	"crypto/rand"
	"fmt"
	"sync"
	"sync/atomic"

	"ups/runtime/service"
)

// sessions are those that are open, by their ids.
type sessions struct {
	mu   sync.Mutex
	byID map[string]*session
}

// session is one that a caller has opened.
type session struct {
	*service.Session
	owner   string // Identity.Name
	caller  service.Caller
	callers *callers

	mu          sync.Mutex
	closed      bool
	subsessions map[uint64]*subsession
	last        uint64 // id of a subsession
}

// subsession is one for a client of the caller.
type subsession struct {
	*service.Subsession
	gone    *atomic.Bool // the client's process has ended: so said the caller
	release func()
}

// add makes an id for a session, which nobody can guess.
func (s *sessions) add(opened *session) (id string) {
	b := make([]byte, 16)
	rand.Read(b) // never fails
	id = string(b)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.byID == nil {
		s.byID = map[string]*session{}
	}
	s.byID[id] = opened
	return id
}

func (s *sessions) remove(id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.byID, id)
}

// find returns a session of the caller. To others it isn't there. It ends, with its
// stream, when its caller has got another SID or other capabilities since, by a
// change of the configuration: it would have to connect again.
func (s *sessions) find(id []byte, who Identity) (*session, error) {
	s.mu.Lock()
	found := s.byID[string(id)]
	s.mu.Unlock()
	switch {
	case found == nil || found.owner != who.Name:
		return nil, ErrNoSession
	case found.caller != who.Caller:
		go found.Session.Close() // which waits for the requests in it
		return nil, fmt.Errorf("%w: the configuration has changed, connect again", ErrNoSession)
	}
	return found, nil
}

// open opens a subsession.
func (s *session) open(client service.Client) (id uint64, err error) {
	release, err := s.callers.take(s.owner, aSubsession)
	if err != nil {
		return 0, err
	}
	sub, err := openFor(s.Session, client)
	if err != nil {
		release()
		return 0, err
	}
	sub.release = release
	return s.add(sub)
}

// openFor opens a subsession whose client is gone once its caller says so.
func openFor(s *service.Session, client service.Client) (*subsession, error) {
	gone := new(atomic.Bool)
	client.ProcessGone = gone.Load
	opened, err := s.Open(client)
	if err != nil {
		return nil, err
	}
	return &subsession{Subsession: opened, gone: gone, release: func() {}}, nil
}

func (s *session) add(sub *subsession) (uint64, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		sub.release()
		return 0, service.ErrClosed
	}
	if s.subsessions == nil {
		s.subsessions = map[uint64]*subsession{}
	}
	s.last++
	s.subsessions[s.last] = sub
	return s.last, nil
}

func (s *session) subsession(id uint64) (*subsession, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if sub := s.subsessions[id]; sub != nil {
		return sub, nil
	}
	return nil, fmt.Errorf("%w: the subsession is closed, or never was", ErrNoSession)
}

// closeSubsession closes one, and returns when its request has ended.
func (s *session) closeSubsession(id uint64) error {
	sub, err := s.subsession(id)
	if err != nil {
		return err
	}
	err = sub.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.subsessions[id] == sub {
		delete(s.subsessions, id)
		sub.release()
	}
	return err
}

// close closes the session, and with it its subsessions.
func (s *session) close() {
	s.Session.Close() // it fails only if the service has closed it before
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	for _, sub := range s.subsessions {
		sub.release()
	}
	s.subsessions = nil
}
