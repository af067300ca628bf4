package scenario

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ups/runtime/service"
)

// Only when all requests stand somewhere is a service at rest.
func TestQuiet(t *testing.T) {
	for _, c := range []struct {
		begun, requests, waiting int
		dialog, shown, round     bool
		quiet                    bool
	}{
		{0, 0, 0, false, false, false, true},
		{1, 1, 0, true, true, false, true},
		{3, 3, 2, true, true, false, true},
		{1, 0, 0, false, false, false, false}, // one isn't there yet, or is just ending
		{1, 1, 0, false, false, false, false}, // one is being evaluated
		{1, 1, 0, true, false, false, false},  // a dialog is made, or is being answered
		{2, 2, 0, true, true, false, false},   // one hasn't come to the line
		{2, 2, 2, false, false, true, false},
		{3, 3, 2, true, true, true, false}, // those in line look up again
		{3, 2, 1, true, true, false, false},
	} {
		s := service.Status{Requests: c.requests, Waiting: c.waiting, Dialog: c.dialog, Round: c.round}
		if quiet(s, c.begun, c.shown) != c.quiet {
			t.Errorf("%+v: quiet %v", c, !c.quiet)
		}
	}
}

// What doesn't come to rest ends by the guard, or when ctx does.
func TestGuard(t *testing.T) {
	never := func() bool { return false }
	if err := await(t.Context(), time.Millisecond, never); !errors.Is(err, errStuck) {
		t.Errorf("%v", err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := await(ctx, time.Hour, never); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	looks := 0
	if err := await(t.Context(), time.Minute, func() bool { looks++; return looks == 3 }); err != nil || looks != 3 {
		t.Errorf("%v after %d looks", err, looks)
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
