package msg

import (
	"bufio"
	"context"
	"errors"
	"io"
	"net"
	"sync"
)

// connection is one client's session with the message server. It also reads while
// a request is under way, so that it notices a cancel, and the end of the client.
type connection struct {
	server     *Server
	who        Process
	subsession Subsession
	conn       net.Conn
	lines      *bufio.Scanner
	answers    answers
}

// outstanding is the request that a client has made last.
type outstanding struct {
	cancel context.CancelFunc
	ended  chan struct{} // closed when it has
}

// nothing is what a client begins with: a request that has ended.
func nothing() outstanding {
	o := outstanding{func() {}, make(chan struct{})}
	close(o.ended)
	return o
}

func (o *outstanding) underWay() bool {
	select {
	case <-o.ended:
		return false
	default:
		return true
	}
}

// errTwoRequests is for a client that doesn't wait for its reply. The client
// library never does that, so it is not to be humoured: the platform panics
// such a client.
var errTwoRequests = errors.New("a second request before the reply to the first")

// serve serves the client until it disconnects, or breaks the protocol. All
// that it started has ended when it returns.
func (c *connection) serve() error {
	var requests sync.WaitGroup
	defer requests.Wait()
	defer c.conn.Close() // nobody may be left to read a reply
	ctx, disconnected := context.WithCancel(context.Background())
	defer disconnected()

	last := nothing()
	for {
		var r request
		switch err := read(c.lines, &r); {
		case disconnection(err):
			return nil
		case err != nil:
			return err
		case r.Function == cancelRequest:
			last.cancel()
		case last.underWay():
			return errTwoRequests
		default:
			requests.Wait() // so replies that aren't read don't pile up
			last = c.start(ctx, &requests, &r)
		}
	}
}

func disconnection(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrClosedPipe) || errors.Is(err, net.ErrClosed)
}

// start lets a request run. It has ended before its reply is written, since the
// client's next may follow at once.
func (c *connection) start(ctx context.Context, requests *sync.WaitGroup, r *request) outstanding {
	ctx, cancel := context.WithCancel(ctx)
	ended := make(chan struct{})
	requests.Go(func() {
		answer := reply{code(c.dispatch(ctx, r))}
		cancel()
		close(ended)
		write(c.conn, answer) // or the client is gone, which serve will notice
	})
	return outstanding{cancel, ended}
}

// dispatch checks a request, and does it if the check lets it go on.
func (c *connection) dispatch(ctx context.Context, r *request) error {
	passed, err := check(r.Function, c.who.Capabilities)
	if err != nil {
		return err
	}
	switch r.Function {
	case sendMessage:
		return c.process(ctx, r, passed)
	case setCentre:
		return c.setCentre(ctx, r.Number)
	}
	return ErrNotSupported
}

// process takes the message out of a request, which makes it one that the user
// can be asked about, and has it sent. Whether the check passed goes with it.
func (c *connection) process(ctx context.Context, r *request, passed bool) error {
	m, err := extract(r)
	if err != nil {
		return err
	}
	p := processor{from: c, message: m, passed: passed}
	return p.run(ctx)
}

func (c *connection) setCentre(ctx context.Context, number string) error {
	if !validNumber(number) {
		return ErrArgument
	}
	if err := c.server.radio.SetCentre(ctx, number); err != nil {
		return ErrNotSent
	}
	return nil
}

func (c *connection) report(m Message, s State, err error) {
	if f := c.server.progress; f != nil {
		f(Progress{c.who.SID, m.To, s, err})
	}
}
