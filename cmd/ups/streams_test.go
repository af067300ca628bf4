package main

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// A pipe that is named on the command line is read, as what a shell
// substitutes for a process is.
func TestNamedPipe(t *testing.T) {
	dir := t.TempDir()
	source := sourcesOf(t, "accept", 72)[0]
	src, err := os.ReadFile(source)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(strings.TrimSuffix(source, ".rss") + ".rsc")
	if err != nil {
		t.Fatal(err)
	}
	pipe := filepath.Join(dir, "pipe")
	if err := unix.Mkfifo(pipe, 0o666); err != nil {
		t.Fatal(err)
	}
	written := make(chan error, 1)
	go func() { written <- os.WriteFile(pipe, src, 0) }()
	r := ups(t, dir, "", "compile", "-o", "out.rsc", "pipe")
	if r.status != 0 {
		t.Fatalf("status %d: %s", r.status, r.stderr)
	}
	if err := <-written; err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile("out.rsc"); string(got) != string(want) {
		t.Errorf("%d bytes, want %d (%v)", len(got), len(want), err)
	}
}

// A pipe that nobody writes to doesn't keep ups from being interrupted.
func TestNamedPipeInterrupted(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := unix.Mkfifo(pipe, 0o666); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := new(system).read(ctx, pipe, 1); !errors.Is(err, errInterrupted) {
		t.Errorf("read: %v", err)
	}
	if f, err := new(system).open(ctx, pipe); f != nil || !errors.Is(err, errInterrupted) {
		t.Errorf("open: %v", err)
	}
	sys := &system{
		stdin: strings.NewReader(""), stdout: io.Discard, stderr: io.Discard,
		getenv: func(string) string { return "" }, isTerminal: func(any) bool { return false },
	}
	if status := run(ctx, sys, []string{"test", pipe}); status != statusFailed {
		t.Errorf("test: status %d", status)
	}
}

// Nor does one that nobody reads from.
func TestUnreadPipeInterrupted(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := unix.Mkfifo(pipe, 0o666); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- new(system).writeOutputs(ctx, []output{{name: pipe, data: []byte("x")}}) }()
	cancel()
	if err := <-done; err != errInterrupted {
		t.Errorf("got %v", err)
	}
}
