package console

import (
	"context"
	"errors"
	"io"
	"os"
	"syscall"

	"ups/internal/readfile"
)

const (
	Stdio     = "-"       // names standard input or output on the command line
	StdinName = "<stdin>" // what diagnostics call standard input
)

// ErrReaderGone says that the reader of a standard stream has stopped, as head
// does. That is no failure.
var ErrReaderGone = errors.New("nobody reads what is written")

// Out returns standard output. A failure is remembered for Finish, since not
// all who write look at errors: cobra doesn't when it prints help.
func (c *Console) Out() io.Writer { return (*stdout)(c) }

type stdout Console

func (c *stdout) Write(b []byte) (int, error) {
	n, err := c.Stdout.Write(b)
	if err != nil {
		c.failed.CompareAndSwap(nil, &err)
	}
	return n, err
}

// Write sends a result to standard output.
func (c *Console) Write(b []byte) error {
	if err := c.SpareInputs(Stdio); err != nil {
		return err
	}
	_, err := c.Out().Write(b)
	return StreamError(err)
}

// StreamError returns ErrReaderGone for a stream that nobody reads any more, and
// other errors of a standard stream as they are.
func StreamError(err error) error {
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe) {
		return ErrReaderGone
	}
	return err
}

// Read returns the content of what a person named, standard input for "-", up
// to a limit. It doesn't wait for input longer than ctx lasts.
func (c *Console) Read(ctx context.Context, name string, limit int64) ([]byte, error) {
	return OrInterrupted(ctx, func() ([]byte, error) { return c.ReadNamed(name, limit) })
}

// ReadNamed is Read that waits for input without end.
func (c *Console) ReadNamed(name string, limit int64) ([]byte, error) {
	if name == Stdio {
		return readfile.All(StdinName, c.Stdin, limit)
	}
	b, err := readfile.Named(name, limit)
	if err == nil {
		c.Inputs.Add(name)
	}
	return b, err
}

// Open opens what a person named, to be read bit by bit. It may be a pipe whose
// writer never comes.
func (c *Console) Open(ctx context.Context, name string) (io.ReadCloser, error) {
	if name == Stdio {
		return io.NopCloser(c.Stdin), nil
	}
	f, err := OrInterrupted(ctx, func() (*os.File, error) { return os.Open(name) })
	if err != nil {
		return nil, err
	}
	c.Inputs.Add(name)
	return f, nil
}

// OrInterrupted returns what f does, or ErrInterrupted if ctx ends before f
// does.
func OrInterrupted[T any](ctx context.Context, f func() (T, error)) (T, error) {
	type result struct {
		value T
		err   error
	}
	done := make(chan result, 1)
	go func() {
		value, err := f()
		done <- result{value, err}
	}()
	select {
	case r := <-done:
		return r.value, r.err
	case <-ctx.Done():
		var none T
		return none, ErrInterrupted
	}
}

// Interruptible returns a reader that fails with ErrInterrupted when ctx is
// done, even if r, as a terminal, has nothing to read.
func Interruptible(ctx context.Context, r io.Reader) io.ReadCloser {
	out, in := io.Pipe()
	context.AfterFunc(ctx, func() { in.CloseWithError(ErrInterrupted) })
	go func() {
		_, err := io.Copy(in, r)
		in.CloseWithError(err)
	}()
	return out
}
