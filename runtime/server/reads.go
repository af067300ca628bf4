package server

import (
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"ups/runtime/api/upsv1/upsv1connect"
)

// What a peer may have read without completing calls: reads a second over time, and
// at once. A frame of HTTP/2 takes two reads.
const (
	readsASecond = 2000
	readsAtOnce  = 20_000
)

// readsOfCall is what completing a call earns a peer: more reads than a call takes,
// so that who calls isn't slowed down.
const readsOfCall = 32

// longestPause is how long a connection isn't read at a time, so that one that is
// closed meanwhile ends soon.
const longestPause = time.Second

// Listener returns a listener whose connections are read no faster than their peer
// has reason to send: frames that begin no call, and calls that are taken back, cost
// the server more than who sends them. It goes below TLS.
func (s *Server) Listener(l net.Listener) net.Listener { return &meteredListener{l} }

type meteredListener struct{ net.Listener }

func (l *meteredListener) Accept() (net.Conn, error) {
	c, err := l.Listener.Accept()
	if err != nil {
		return nil, err
	}
	return &meteredConn{Conn: c}, nil
}

// meteredConn is a connection whose reads count.
type meteredConn struct {
	net.Conn
	reads atomic.Pointer[reads] // of the peer; nil until ConnContext
}

func (c *meteredConn) Read(p []byte) (int, error) {
	if r := c.reads.Load(); r != nil {
		time.Sleep(r.take(time.Now()))
	}
	return c.Conn.Read(p)
}

// metered returns the connection of a Listener below c, or nil.
func metered(c net.Conn) *meteredConn {
	for {
		if m, ok := c.(*meteredConn); ok {
			return m
		}
		above, ok := c.(interface{ NetConn() net.Conn }) // TLS
		if !ok {
			return nil
		}
		c = above.NetConn()
	}
}

// accepted returns the connection as a listener below Listener has accepted it.
func accepted(c net.Conn) net.Conn {
	if m := metered(c); m != nil {
		return m.Conn
	}
	return c
}

// reads are what a peer may have read.
type reads struct {
	mu   sync.Mutex
	left float64   // negative if more were taken than there were
	at   time.Time // when left was right; at first long ago
}

// take takes a read, and returns how long to wait before it.
func (r *reads) take(now time.Time) time.Duration {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.passed(now)
	r.left--
	if r.left >= 0 {
		return 0
	}
	return min(time.Duration(-r.left*float64(time.Second)/readsASecond), longestPause)
}

// earn is for a call that has been completed.
func (r *reads) earn() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.left += readsOfCall // the limit is passed's
}

// full reports whether the peer may have as much read as one that is new.
func (r *reads) full(now time.Time) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.passed(now)
	return r.left >= readsAtOnce
}

// passed counts the time since it was called before.
func (r *reads) passed(now time.Time) {
	if d := now.Sub(r.at); d > 0 {
		r.left, r.at = min(r.left+d.Seconds()*readsASecond, readsAtOnce), now
	}
}

// readsIn returns what the peer of a call may have read.
func readsIn(ctx context.Context) *reads {
	of, _ := ctx.Value(readsKey).(*reads)
	if of == nil {
		of = &reads{} // without ConnContext nothing is counted
	}
	return of
}

// earning makes the messages of a plug-in earn what calls do.
func earning(r *http.Request) {
	if r.URL.Path == upsv1connect.PlugInServiceAttachProcedure {
		r.Body = &earningBody{r.Body, readsIn(r.Context())}
	}
}

// earningBody is of a call that lasts, in which each message earns what a call does.
type earningBody struct {
	io.ReadCloser
	reads *reads
}

func (b *earningBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	if n > 0 {
		b.reads.earn()
	}
	return n, err
}
