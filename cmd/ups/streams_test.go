package main

import (
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"ups/cmd/ups/internal/console"
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
	con := testConsole(io.Discard, io.Discard)
	if status := run(ctx, con, []string{"test", pipe}); status != console.StatusFailed {
		t.Errorf("test: status %d", status)
	}
}

// What can't be written ends every command with an error, help and scripts for
// shells too.
func TestFullOutput(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer full.Close()
	for _, line := range []string{"", "--help", "help compile", "--version", "version", "completion bash", "completion zsh", "lint --list", "explain --help", "match --help", "rcomp --help"} {
		var stderr strings.Builder
		con := testConsole(full, &stderr)
		if status := run(t.Context(), con, strings.Fields(line)); status != console.StatusFailed || stderr.String() != "ups: /dev/full: no space left on device\n" {
			t.Errorf("%q: status %d, %q", line, status, stderr.String())
		}
	}
}
