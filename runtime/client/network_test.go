package client_test

import (
	"context"
	"crypto/tls"
	"errors"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"ups/internal/certtest"
	"ups/runtime/client"
	"ups/runtime/server"
)

// network is how callers, which have numbers, come to the server.
type network interface {
	serve(*http.Server) error
	// peer says what the system knows of one who has connected, and caller who
	// that is.
	peer(net.Conn) server.Peer
	caller(server.Peer) (number int, err error)
	// options are those of a client that is the caller of that number.
	options(number int) client.Options
}

// queue is a listener for connections that come from elsewhere, each with the
// number of its caller.
type queue struct {
	conns  chan net.Conn
	closed chan struct{}
	once   sync.Once
}

// numbered is a connection of a caller.
type numbered struct {
	net.Conn
	number int
}

func newQueue() *queue { return &queue{conns: make(chan net.Conn), closed: make(chan struct{})} }

func (q *queue) Accept() (net.Conn, error) {
	select {
	case c := <-q.conns:
		return c, nil
	case <-q.closed:
		return nil, net.ErrClosed
	}
}

func (q *queue) Close() error {
	q.once.Do(func() { close(q.closed) })
	return nil
}

func (q *queue) Addr() net.Addr { return &net.UnixAddr{Name: "queue", Net: "unix"} }

func (q *queue) offer(ctx context.Context, c net.Conn, number int) error {
	select {
	case q.conns <- numbered{c, number}:
		return nil
	case <-q.closed:
		return net.ErrClosed
	case <-ctx.Done():
		return context.Cause(ctx)
	}
}

func (q *queue) serve(s *http.Server) error { return s.Serve(q) }

func (q *queue) peer(c net.Conn) server.Peer {
	return server.Peer{Unix: &server.UnixPeer{UID: uint32(c.(numbered).number)}}
}

func (q *queue) caller(p server.Peer) (int, error) { return int(p.Unix.UID), nil }

// memory connects by pipes.
type memory struct{ *queue }

func inMemory(testing.TB) network { return memory{newQueue()} }

func (m memory) options(number int) client.Options {
	return client.Options{Dial: func(ctx context.Context) (net.Conn, error) {
		here, there := net.Pipe()
		if err := m.offer(ctx, there, number); err != nil {
			return nil, &net.OpError{Op: "dial", Net: "pipe", Err: err}
		}
		return here, nil
	}}
}

// sockets are Unix sockets, one for each caller: all of them are this process.
type sockets struct {
	*queue
	t      testing.TB
	folder string
}

func unixSocket(t testing.TB) network {
	folder, err := os.MkdirTemp("", "ups") // short: the path of a socket has 107 bytes at most
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(folder) })
	return sockets{newQueue(), t, folder}
}

func (s sockets) options(number int) client.Options {
	path := filepath.Join(s.folder, strconv.Itoa(number))
	l, err := net.Listen("unix", path)
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			if s.offer(context.Background(), c, number) != nil {
				c.Close()
			}
		}
	}()
	return client.Options{Address: "unix:" + path}
}

// mutual is TCP with certificates on both ends; a caller's has its number as name.
type mutual struct {
	net.Listener
	*certtest.Authority
}

func mutualTLS(t testing.TB) network {
	l, err := net.Listen("tcp", "localhost:0")
	if err != nil {
		t.Fatal(err)
	}
	return mutual{l, certtest.NewAuthority(t)}
}

func (m mutual) serve(s *http.Server) error {
	s.TLSConfig = &tls.Config{
		MinVersion: tls.VersionTLS13, Certificates: []tls.Certificate{m.Issue("server")},
		ClientAuth: tls.RequireAndVerifyClientCert, ClientCAs: m.Pool(),
	}
	return s.ServeTLS(m.Listener, "", "")
}

func (m mutual) peer(net.Conn) server.Peer { return server.Peer{} }

func (m mutual) caller(p server.Peer) (int, error) {
	if p.Certificate == nil {
		return 0, errors.New("no certificate")
	}
	return strconv.Atoi(p.Certificate.Subject.CommonName)
}

func (m mutual) options(number int) client.Options {
	return client.Options{
		Address: "https://localhost:" + strconv.Itoa(m.Addr().(*net.TCPAddr).Port),
		TLS:     &tls.Config{RootCAs: m.Pool(), Certificates: []tls.Certificate{m.Issue(strconv.Itoa(number))}},
	}
}
