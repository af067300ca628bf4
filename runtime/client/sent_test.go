//go:build unix

package client

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ups/runtime/service"
)

// through makes the client's connections those that wrap returns.
func (m *machine) through(wrap func(net.Conn) net.Conn) func(*Options) {
	return func(o *Options) {
		o.Dial = func(ctx context.Context) (net.Conn, error) {
			c, err := new(net.Dialer).DialContext(ctx, "unix", m.socket)
			if err != nil {
				return nil, err
			}
			return wrap(c), nil
		}
	}
}

// A request that can't be written, since the server has gone and the client hasn't
// noticed, was asked of nobody: it goes on at the next server.
func TestUnsent(t *testing.T) {
	m := newMachine(t)
	m.start()
	gone := make(chan struct{}, 10)
	_, sub := m.open(m.dial(m.through(func(c net.Conn) net.Conn {
		return &unnoticing{Conn: c, gone: gone, closed: make(chan struct{})}
	})))
	expectYes(t, "at first", sub)
	m.kill()
	<-gone
	m.start()
	expectYes(t, "at the next server", sub)
}

// unnoticing is a connection whose reader isn't told that the other end has gone.
type unnoticing struct {
	net.Conn
	gone   chan<- struct{} // is told in its place
	once   sync.Once
	closed chan struct{}
}

func (c *unnoticing) Read(b []byte) (int, error) {
	n, err := c.Conn.Read(b)
	if err != nil {
		c.gone <- struct{}{}
		<-c.closed
	}
	return n, err
}

func (c *unnoticing) Close() error {
	c.once.Do(func() { close(c.closed) })
	return c.Conn.Close()
}

// With several connections, a request that can't be written on one of them goes on over
// another: its session is still there.
func TestUnsentInSession(t *testing.T) {
	m := newMachine(t)
	m.streams = 1 // so the session has a connection of its own
	m.start()
	var last atomic.Pointer[unwritable]
	session, sub := m.open(m.dial(m.through(func(c net.Conn) net.Conn {
		last.Store(&unwritable{Conn: c})
		return last.Load()
	})))
	expectYes(t, "at first", sub)
	before, _, _ := session.state()
	last.Load().broken.Store(true)
	expectYes(t, "over another connection", sub)
	if now, _, _ := session.state(); now != before {
		t.Error("the session was lost")
	}
}

// unwritable is a connection on which nothing can be written any more.
type unwritable struct {
	net.Conn
	broken atomic.Bool
}

func (c *unwritable) Write(b []byte) (int, error) {
	if c.broken.Load() {
		return 0, errors.New("broken")
	}
	return c.Conn.Write(b)
}

// A request whose answer has begun, and is cut off, isn't asked again, though its
// connection is lost before the client has returned from writing it.
func TestAnswerCutOff(t *testing.T) {
	m := newMachine(t)
	var outcomes atomic.Int32
	m.opt.OnOutcome = func(context.Context, service.Outcome, error) { outcomes.Add(1) }
	m.start()
	var cutting atomic.Bool
	_, sub := m.open(m.dial(m.through(func(c net.Conn) net.Conn {
		return &cuttingOff{Conn: c, cutting: &cutting}
	})))
	expectYes(t, "at first", sub)
	cutting.Store(true)
	if o, err := sub.Authorise(t.Context(), aQuery); !errors.Is(err, ErrInterrupted) || o.Decision.Allows() {
		t.Errorf("cut off: %+v, %v", o, err)
	}
	if n := outcomes.Load(); n != 2 {
		t.Errorf("%d requests came to the service, want 2", n)
	}
	expectYes(t, "afterwards", sub)
}

// cuttingOff is a connection of HTTP/2 that ends before an answer's first data frame,
// if cutting is set, which it unsets. Its writer returns late then.
type cuttingOff struct {
	net.Conn
	cutting *atomic.Bool
	rest    []byte // of the frame that was read
}

const frameHeader = 9 // length; and the type at 3, which is 0 for data

func (c *cuttingOff) Read(b []byte) (int, error) {
	if len(c.rest) == 0 {
		frame := make([]byte, frameHeader)
		if _, err := io.ReadFull(c.Conn, frame); err != nil {
			return 0, err
		}
		if frame[3] == 0 && c.cutting.CompareAndSwap(true, false) {
			return 0, io.EOF
		}
		length := binary.BigEndian.Uint32(frame) >> 8
		c.rest = append(frame, make([]byte, length)...)
		if _, err := io.ReadFull(c.Conn, c.rest[frameHeader:]); err != nil {
			return 0, err
		}
	}
	n := copy(b, c.rest)
	c.rest = c.rest[n:]
	return n, nil
}

func (c *cuttingOff) Write(b []byte) (int, error) {
	late := len(b) > 3 && b[3] == 0 && c.cutting.Load()
	n, err := c.Conn.Write(b)
	if late {
		time.Sleep(50 * time.Millisecond)
	}
	return n, err
}
