package msg

import (
	"maps"
	"net"
	"slices"
	"sync"

	"ups/runtime/service"
)

// Who the message server is, and what it guards: its policy file is
// ups_20041001_0000002b.rsc.
const (
	SID     = 0x20041001
	Service = 43
)

// Options are what a server is made of.
type Options struct {
	// UPS is the session with the User Prompt Service, the one and only: to make
	// one loads policies. The server closes it.
	UPS   Session
	Radio Radio
	// Progress is called whenever a message enters a state, by the goroutine of
	// its request. It may be nil.
	Progress func(Progress)
}

// Process is the identity of a client, as the system knows it. Nothing of it comes
// from what the client sends.
type Process struct {
	service.Client
	Capabilities service.Capabilities
}

// Server is the message server. All methods may be called from any goroutine.
type Server struct {
	session  Session
	radio    Radio
	progress func(Progress)

	mu     sync.Mutex
	closed bool
	open   map[net.Conn]struct{}
	served sync.WaitGroup
}

// NewServer makes a server.
func NewServer(o Options) *Server {
	return &Server{session: o.UPS, radio: o.Radio, progress: o.Progress, open: map[net.Conn]struct{}{}}
}

// Serve serves a client until it disconnects, and closes the connection. The
// subsession costs next to nothing before the user must be asked, so each
// connection has one. The error is nil unless the client breaks the protocol,
// or the server is closed (net.ErrClosed).
func (s *Server) Serve(conn net.Conn, who Process) error {
	if !s.enter(conn) {
		conn.Close()
		return net.ErrClosed
	}
	defer s.leave(conn)
	subsession, err := s.session.Open(who.Client)
	if err != nil {
		conn.Close()
		return err
	}
	defer subsession.Close()
	c := connection{server: s, who: who, subsession: subsession, conn: conn, lines: newReader(conn)}
	return c.serve()
}

// Close disconnects all clients, and returns when nothing of them is left.
func (s *Server) Close() error {
	s.mu.Lock()
	s.closed = true
	open := slices.Collect(maps.Keys(s.open))
	s.mu.Unlock()
	for _, conn := range open {
		conn.Close()
	}
	s.served.Wait()
	return s.session.Close()
}

func (s *Server) enter(conn net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return false
	}
	s.open[conn] = struct{}{}
	s.served.Add(1)
	return true
}

func (s *Server) leave(conn net.Conn) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.open, conn)
	s.served.Done()
}
