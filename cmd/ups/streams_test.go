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

	"ups/cmd/ups/internal/console"
	"ups/cmd/ups/internal/output"
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
	if _, err := new(console.Console).Read(ctx, pipe, 1); !errors.Is(err, console.ErrInterrupted) {
		t.Errorf("read: %v", err)
	}
	if f, err := new(console.Console).Open(ctx, pipe); f != nil || !errors.Is(err, console.ErrInterrupted) {
		t.Errorf("open: %v", err)
	}
	con := &console.Console{
		Stdin: strings.NewReader(""), Stdout: io.Discard, Stderr: io.Discard,
		Getenv: func(string) string { return "" }, IsTerminal: func(any) bool { return false },
	}
	if status := run(ctx, con, []string{"test", pipe}); status != console.StatusFailed {
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
	go func() {
		done <- output.Write(ctx, new(console.Console), []output.File{{Name: pipe, Data: []byte("x")}})
	}()
	cancel()
	if err := <-done; err != console.ErrInterrupted {
		t.Errorf("got %v", err)
	}
}

// What can't be written ends every command with an error, help and scripts for
// shells too.
func TestFullOutput(t *testing.T) {
	for _, line := range []string{"", "--help", "help compile", "--version", "version", "completion bash", "completion zsh", "lint --list", "explain --help", "match --help", "rcomp --help"} {
		var stderr strings.Builder
		con := &console.Console{
			Stdin: strings.NewReader(""), Stdout: fullWriter{}, Stderr: &stderr,
			Getenv: func(string) string { return "" }, IsTerminal: func(any) bool { return false },
		}
		if status := run(t.Context(), con, strings.Fields(line)); status != console.StatusFailed || stderr.String() != "ups: full\n" {
			t.Errorf("%q: status %d, %q", line, status, stderr.String())
		}
	}
}
