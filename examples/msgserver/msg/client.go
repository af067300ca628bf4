package msg

import (
	"bufio"
	"context"
	"errors"
	"net"
	"sync"
)

// Client is the client library of the message server: one connection, with one
// request outstanding at a time.
type Client struct {
	conn  net.Conn
	lines *bufio.Scanner
	busy  sync.Mutex // held by the request outstanding
}

// Connect connects a process to a server. It stands for the kernel: it is the
// system that starts the process that tells the server who it is.
func Connect(s *Server, who Process) *Client {
	near, far := net.Pipe()
	go s.Serve(far, who)
	return NewClient(near)
}

// NewClient makes a client of a connection whose other end is being served.
func NewClient(conn net.Conn) *Client {
	return &Client{conn: conn, lines: newReader(conn)}
}

// Send sends a message; it returns when the message is sent, or won't be. The
// user may be asked, so this can take minutes. Cancelling ctx takes the request
// back, with the cause of ctx as the error; it is nil if that came too late,
// and the message is sent. Other errors are of type Error.
func (c *Client) Send(ctx context.Context, m Message) error {
	return c.call(ctx, request{Function: sendMessage, Number: m.To, Text: m.Text})
}

// SetCentre sets the number of the message centre. The user is never asked.
func (c *Client) SetCentre(ctx context.Context, number string) error {
	return c.call(ctx, request{Function: setCentre, Number: number})
}

// Close disconnects. A request outstanding is cancelled.
func (c *Client) Close() error { return c.conn.Close() }

func (c *Client) call(ctx context.Context, r request) error {
	if !c.busy.TryLock() {
		return ErrInUse
	}
	defer c.busy.Unlock()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err := write(c.conn, r); err != nil {
		return lost(err)
	}
	answer, err := c.await(ctx)
	switch {
	case err != nil:
		return lost(err)
	case answer == ErrCancelled && ctx.Err() != nil:
		return context.Cause(ctx)
	case answer != 0:
		return answer
	}
	return nil
}

// await waits for the reply, also after a cancel: the server says whether that
// came in time. A cancel that is being written must be out before the next
// request, or it would be for that one.
func (c *Client) await(ctx context.Context) (Error, error) {
	cancelSent := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		defer close(cancelSent)
		write(c.conn, request{Function: cancelRequest}) // or the connection is gone, which read will notice
	})
	var answer reply
	err := read(c.lines, &answer)
	if !stop() {
		<-cancelSent
	}
	return answer.Error, err
}

// lost returns what a failed connection is to its user.
func lost(err error) error {
	if errors.Is(err, ErrArgument) { // it never got to the connection
		return ErrArgument
	}
	return ErrServerTerminated
}
