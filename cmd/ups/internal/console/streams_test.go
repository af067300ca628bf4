package console

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"
)

// A pipe that nobody writes to doesn't keep ups from being interrupted.
func TestInterrupted(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := unix.Mkfifo(pipe, 0o666); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := new(Console).Read(ctx, pipe, 1); !errors.Is(err, ErrInterrupted) {
		t.Errorf("read: %v", err)
	}
	if f, err := new(Console).Open(ctx, pipe); f != nil || !errors.Is(err, ErrInterrupted) {
		t.Errorf("open: %v", err)
	}
}
