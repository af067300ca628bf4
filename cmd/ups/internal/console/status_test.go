package console

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
		{"errors side by side", errors.Join(full, errors.New("x"), ErrFound), "ups: a.db: no room for the decision database: no space left on device\nups: x\n"},
		{"one of them joined", errors.Join(errors.Join(full)), "ups: a.db: no room for the decision database: no space left on device\n"},
	}
	for _, tt := range tests {
		var stderr strings.Builder
		s := &Console{Stderr: &stderr}
		if status := s.Finish(tt.err); status != StatusFailed || stderr.String() != tt.want {
			t.Errorf("%s: status %d, %q, want %q", tt.name, status, stderr.String(), tt.want)
		}
	}
}
