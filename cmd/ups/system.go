package main

import (
	"context"
	"errors"
	"io"
	"os"
	"syscall"

	"golang.org/x/term"

	"ups/internal/readfile"
)

// system is all of the process that commands touch, besides files: tests give
// their own.
type system struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	getenv         func(string) string
	// isTerminal reports whether a stream is one that a person sits at.
	isTerminal func(stream any) bool
	inputs     inputs
	quiet      bool // --quiet: notes, summaries and progress are left out
}

// process gives the system of this process.
func process() *system {
	return &system{
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		getenv: os.Getenv, isTerminal: isTerminal,
	}
}

func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

const (
	stdio     = "-"       // names standard input or output on the command line
	stdinName = "<stdin>" // what diagnostics call standard input
)

// errReaderGone says that whoever read a standard stream has stopped, as head
// does. That is their right, and no failure.
var errReaderGone = errors.New("nobody reads what is written")

// write sends a result to standard output.
func (s *system) write(b []byte) error {
	if err := s.spareInputs(stdio); err != nil {
		return err
	}
	_, err := s.stdout.Write(b)
	return stream(err)
}

// stream tells a reader that has gone from other errors of a standard stream.
func stream(err error) error {
	if errors.Is(err, syscall.EPIPE) || errors.Is(err, io.ErrClosedPipe) {
		return errReaderGone
	}
	return err
}

// read gives the content of what a person named, standard input for "-", up
// to a limit. It doesn't wait for input longer than ctx lasts.
func (s *system) read(ctx context.Context, name string, limit int64) ([]byte, error) {
	type result struct {
		b   []byte
		err error
	}
	done := make(chan result, 1)
	go func() {
		b, err := s.readNamed(name, limit)
		done <- result{b, err}
	}()
	select {
	case r := <-done:
		return r.b, r.err
	case <-ctx.Done():
		return nil, errInterrupted
	}
}

// open opens what a person named, to be read bit by bit. It may be a pipe whose
// writer never comes.
func (s *system) open(ctx context.Context, name string) (io.ReadCloser, error) {
	if name == stdio {
		return io.NopCloser(s.stdin), nil
	}
	type result struct {
		f   *os.File
		err error
	}
	done := make(chan result, 1)
	go func() {
		f, err := os.Open(name)
		done <- result{f, err}
	}()
	select {
	case r := <-done:
		if r.err != nil {
			return nil, r.err
		}
		s.inputs.add(name)
		return r.f, nil
	case <-ctx.Done():
		return nil, errInterrupted
	}
}

func (s *system) readNamed(name string, limit int64) ([]byte, error) {
	if name == stdio {
		return readfile.All(stdinName, s.stdin, limit)
	}
	b, err := readfile.Named(name, limit)
	if err == nil {
		s.inputs.add(name)
	}
	return b, err
}
