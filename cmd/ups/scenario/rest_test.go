package scenario

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// Only when all requests stand somewhere is a service at rest.
func TestQuiet(t *testing.T) {
	for _, c := range []struct {
		begun, waiting, up int
		quiet              bool
	}{
		{0, 0, 0, true}, {1, 0, 1, true}, {3, 2, 1, true},
		{1, 0, 0, false}, {1, 1, 0, false}, {2, 0, 1, false}, {2, 2, 0, false}, {3, 1, 1, false},
	} {
		r := newRest()
		r.begun, r.waiting, r.up = c.begun, c.waiting, c.up
		if r.quiet() != c.quiet {
			t.Errorf("%+v: quiet %v", c, !c.quiet)
		}
	}
}

// What doesn't come to rest ends by the guard, or when ctx does.
func TestGuard(t *testing.T) {
	r := newRest()
	r.begun = 1
	if _, err := r.await(t.Context(), time.Millisecond); !errors.Is(err, errStuck) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := r.await(ctx, time.Hour); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	done := make(chan error)
	go func() {
		_, err := r.await(t.Context(), time.Minute)
		done <- err
	}()
	r.change(func() { r.begun = 0 })
	if err := <-done; err != nil {
		t.Error(err)
	}
}

// A run that is interrupted says so, and leaves nothing behind.
func TestInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	r := Run(ctx, filepath.Join("testdata", "overlap.scenario.yaml"), Options{})
	if !errors.Is(r.Err, context.Canceled) {
		t.Errorf("%v", r.Err)
	}
}

// Scenarios leave no files, whether they pass or fail.
func TestLeavesNothing(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("TMPDIR", dir)
	for _, path := range goldenFiles(t) {
		Run(t.Context(), path, Options{})
	}
	left, err := os.ReadDir(dir)
	if err != nil || len(left) != 0 {
		t.Errorf("%v, %v", left, err)
	}
}
