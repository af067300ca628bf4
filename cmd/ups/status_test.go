package main

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"ups/runtime/decision"
)

// TestOneMessageForOneCause shows errors that are made up of others.
func TestOneMessageForOneCause(t *testing.T) {
	full := fmt.Errorf("a.db: %w: %w", decision.ErrFull, syscall.ENOSPC)
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"an error that says what it wraps", full, "ups: a.db: no room for the decision database: no space left on device\n"},
		{"errors side by side", errors.Join(full, errors.New("x"), errFound), "ups: a.db: no room for the decision database: no space left on device\nups: x\n"},
		{"one of them joined", errors.Join(errors.Join(full)), "ups: a.db: no room for the decision database: no space left on device\n"},
	}
	for _, tt := range tests {
		var stderr strings.Builder
		s := &system{stderr: &stderr}
		if status := s.finish(tt.err); status != statusFailed || stderr.String() != tt.want {
			t.Errorf("%s: status %d, %q, want %q", tt.name, status, stderr.String(), tt.want)
		}
	}
}

// TestFullDiskIsToldOnce has a disk that is full when many files are written.
func TestFullDiskIsToldOnce(t *testing.T) {
	var outcomes []outcome
	for i := range 3000 {
		o := outcome{err: wrap(fmt.Sprintf("out/%d.rsc", i), syscall.ENOSPC)}
		switch i {
		case 7:
			o = outcome{failed: true}
		case 9:
			o = outcome{err: errors.New("src/9.rss: permission denied")}
		}
		outcomes = append(outcomes, o)
	}
	var stderr strings.Builder
	s := &system{stderr: &stderr}
	const want = "ups: out/0.rsc: no space left on device\nups: src/9.rss: permission denied\n" +
		"ups: 2997 more could not be written: no space left on device\n"
	if status := s.finish(joinOutcomes(nil, outcomes)); status != statusFailed || stderr.String() != want {
		t.Errorf("status %d, %d lines, %.400q, want %q", status, strings.Count(stderr.String(), "\n"), stderr.String(), want)
	}
}
