package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"

	"ups/runtime/api/upsv1/upsv1connect"
	"ups/runtime/client"
)

// sessionTable opens sessions that stay, and looks at the memory of the server: once
// they are there, and at its peak while one more session asks. That makes garbage, of
// which there may be as much as there is of everything else (GOGC).
func (o *options) sessionTable(p *programs) error {
	fmt.Printf("\n| sessions | connections | seconds to open | KB a session | resident MB | peak MB, under load |\n|---|--:|--:|--:|--:|--:|\n")
	for _, k := range []struct {
		name string
		open func(s *server, n int) (connections int, err error)
	}{
		{"runtime/client, as few connections as can be", openShared},
		{"runtime/client, a connection each", openEach},
		{"HTTP/1.1, a connection each", openPlain},
	} {
		if err := o.sessionRow(p, k.name, k.open); err != nil {
			return fmt.Errorf("%s: %w", k.name, err)
		}
	}
	return nil
}

func (o *options) sessionRow(p *programs, name string, open func(*server, int) (int, error)) (err error) {
	s, err := p.startUPS(o.sessions)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.stop()) }()
	before, err := s.memory()
	if err != nil {
		return err
	}
	start := time.Now()
	connections, err := open(s, o.sessions)
	if err != nil {
		return err
	}
	took := time.Since(start)
	if err := s.holds(o.sessions); err != nil {
		return err
	}
	opened, err := s.memory()
	if err != nil {
		return err
	}
	if err := o.askIn(s, p.requests); err != nil {
		return err
	}
	asked, err := s.memory()
	if err != nil {
		return err
	}
	fmt.Printf("| %s, %d sessions | %d | %.1f | %.1f | %s | %s |\n", name, o.sessions, connections, took.Seconds(),
		float64(opened.resident-before.resident)/1000/float64(o.sessions), megabytes(opened.resident), megabytes(asked.peak))
	return nil
}

// askIn asks in one session, as many at the same time as there are connections in the
// other tables.
func (o *options) askIn(s *server, list []request) error {
	w := &way{server: s, open: libraryShared}
	if err := w.begin(list, o.connections); err != nil {
		return err
	}
	for range o.rounds {
		if err := w.turn(len(list), o.turn); err != nil {
			return err
		}
	}
	return nil
}

func megabytes(n int64) string { return fmt.Sprintf("%.0f", float64(n)/1e6) }

// holds makes sure that so many sessions are open.
func (s *server) holds(sessions int) error {
	c, err := client.Dial(context.Background(), client.Options{Address: "unix:" + s.socket})
	if err != nil {
		return err
	}
	status, err := c.Status(context.Background())
	if err == nil && status.Sessions != sessions {
		err = fmt.Errorf("%d sessions are open, and not %d", status.Sessions, sessions)
	}
	return errors.Join(err, c.Close())
}

// counted returns options for a client whose connections are counted.
func (s *server) counted(n *atomic.Int64) client.Options {
	return client.Options{Dial: func(ctx context.Context) (net.Conn, error) {
		n.Add(1)
		return new(net.Dialer).DialContext(ctx, "unix", s.socket)
	}}
}

// openShared opens the sessions in one client: HTTP/2 has as many in a connection as
// the server allows.
func openShared(s *server, n int) (int, error) {
	var connections atomic.Int64
	c, err := client.Dial(context.Background(), s.counted(&connections))
	if err != nil {
		return 0, err
	}
	err = times(n, func() error {
		_, err := c.Connect(context.Background())
		return err
	})
	return int(connections.Load()), err
}

func openEach(s *server, n int) (int, error) {
	var connections atomic.Int64
	err := times(n, func() error {
		c, err := client.Dial(context.Background(), s.counted(&connections))
		if err != nil {
			return err
		}
		_, err = c.Connect(context.Background())
		return err
	})
	return int(connections.Load()), err
}

// openPlain opens sessions as programs do that have no library of HTTP/2.
func openPlain(s *server, n int) (int, error) {
	// A message of the Connect protocol has a byte of flags and four of its length
	// before it; this one is empty.
	ask := post(upsv1connect.SessionServiceConnectProcedure, "application/connect+proto", make([]byte, 5))
	return n, times(n, func() error {
		conn, err := net.Dial("unix", s.socket)
		if err != nil {
			return err
		}
		s.kept.Store(conn, true)
		if _, err := conn.Write(ask); err != nil {
			return err
		}
		answer, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			return err
		}
		var head [5]byte
		if _, err := io.ReadFull(answer.Body, head[:]); err != nil || head[0] != 0 {
			return errors.Join(err, fmt.Errorf("no session: %s, %v", answer.Status, head))
		}
		return nil
	})
}

// times does something n times, some of them at the same time.
func times(n int, do func() error) error {
	const together = 32
	var group sync.WaitGroup
	var next atomic.Int64
	errs := make([]error, together)
	for k := range together {
		group.Go(func() {
			for errs[k] == nil && next.Add(1) <= int64(n) {
				errs[k] = do()
			}
		})
	}
	group.Wait()
	return errors.Join(errs...)
}
