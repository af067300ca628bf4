package batch

import (
	"errors"
	"fmt"
	"strings"
	"syscall"
	"testing"

	"ups/cmd/ups/internal/console"
)

// TestFullDiskIsReportedOnce has a disk that is full when many files are written.
func TestFullDiskIsReportedOnce(t *testing.T) {
	var outcomes []Outcome
	for i := range 3000 {
		o := Outcome{Err: console.Named(fmt.Sprintf("out/%d.rsc", i), syscall.ENOSPC)}
		switch i {
		case 7:
			o = Outcome{Failed: true}
		case 9:
			o = Outcome{Err: errors.New("src/9.rss: permission denied")}
		}
		outcomes = append(outcomes, o)
	}
	var stderr strings.Builder
	s := &console.Console{Stderr: &stderr}
	const want = "ups: out/0.rsc: no space left on device\nups: src/9.rss: permission denied\n" +
		"ups: 2997 more could not be written: no space left on device\n"
	if status := s.Finish(Join(nil, outcomes)); status != console.StatusFailed || stderr.String() != want {
		t.Errorf("status %d, %d lines, %.400q, want %q", status, strings.Count(stderr.String(), "\n"), stderr.String(), want)
	}
}
