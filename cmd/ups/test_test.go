package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"ups/cmd/ups/internal/console"
)

// screen is what a command has written so far.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
	more chan struct{} // of capacity 1
}

func newScreen() *screen { return &screen{more: make(chan struct{}, 1)} }

func (s *screen) Write(b []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.text.Write(b)
	select {
	case s.more <- struct{}{}:
	default:
	}
	return len(b), nil
}

// next waits until a text is written, and returns what was up to its end, which
// is then off the screen.
func (s *screen) next(t *testing.T, want string) string {
	t.Helper()
	guard := time.After(time.Minute)
	for {
		s.mu.Lock()
		if i := strings.Index(s.text.String(), want); i >= 0 {
			seen := string(s.text.Next(i + len(want)))
			s.mu.Unlock()
			return seen
		}
		s.mu.Unlock()
		select {
		case <-s.more:
		case <-guard:
			s.mu.Lock()
			defer s.mu.Unlock()
			t.Fatalf("%q isn't written, but %q", want, s.text.String())
		}
	}
}

const watchedSource = `#include "options.rh"
UID2 KUidUpsPolicyResourceFile
UID3 1
RESOURCE POLICIES p { header = POLICY_HEADER { authorisationpolicy = EAlwaysCheck; dialogcreator = 1; };
policies = { POLICY { options = OPTIONS; } }; }
`

func watchedOptions(options string) string {
	return "#include <ups/policies.rh>\n#define OPTIONS " + options + "\n"
}

func watchedScenario(expect string) string {
	return "service: 0x1/0x2\nscenarios: [ { name: watched, steps: [ { request: x, client: 0x1, expect: " + expect + " } ] } ]\n"
}

// ups test --watch runs again on a change of a scenario, of a source, of what
// it includes, of the configuration, when a file comes, after mistakes too; and ends with the status
// of the last run.
func TestWatchScenarios(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	writeSource(t, at("include/options.rh"), watchedOptions("KYes"))
	writeSource(t, at("ups_00000001_00000002.rss"), watchedSource)
	writeSource(t, at("a.scenario.yaml"), watchedScenario("yes"))
	out, errs := newScreen(), newScreen()
	con := testConsole(out, errs)
	ctx, interrupt := context.WithCancel(t.Context())
	status := make(chan int)
	go func() {
		status <- run(ctx, con, []string{"test", "--watch", "--junit", at("junit.xml"), "-I", at("include"), dir})
	}()
	out.next(t, "1 scenario in 1 file: all passed\n")

	writeSource(t, at("a.scenario.yaml"), watchedScenario("no"))
	if seen := out.next(t, "0 passed, 1 failed\n"); !strings.Contains(seen, "got yes, want no") {
		t.Errorf("a scenario changed: %s", seen)
	}
	writeSource(t, at("include/options.rh"), watchedOptions("KNo"))
	out.next(t, "1 scenario in 1 file: all passed\n")
	writeSource(t, at("ups_00000001_00000002.rss"), "nonsense")
	out.next(t, "1 file could not be run\n")
	errs.next(t, "its policies don't compile\n")
	writeSource(t, at("ups_00000001_00000002.rss"), watchedSource)
	out.next(t, "1 scenario in 1 file: all passed\n")
	writeSource(t, at("b.scenario.yaml"), "scenarois: []")
	out.next(t, "1 scenario in 2 files: 1 passed, 0 failed; 1 file could not be run\n")
	errs.next(t, "did you mean scenarios?\n")
	writeSource(t, at("b.scenario.yaml"), watchedScenario("yes"))
	out.next(t, "2 scenarios in 2 files: 1 passed, 1 failed\n")

	writeSource(t, at(".ups.yaml"), "exclude: [b.scenario.yaml")
	errs.next(t, ".ups.yaml")
	writeSource(t, at(".ups.yaml"), "exclude: [b.scenario.yaml]")
	out.next(t, "1 scenario in 1 file: all passed\n")
	if err := os.Remove(at(".ups.yaml")); err != nil {
		t.Fatal(err)
	}
	out.next(t, "2 scenarios in 2 files: 1 passed, 1 failed\n")

	interrupt()
	if got := <-status; got != console.StatusErrors {
		t.Errorf("status %d, want that of the last run", got)
	}
}

// Interrupted in the midst of things, ups test says so.
func TestTestInterrupted(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	con := testConsole(io.Discard, newScreen())
	if got := run(ctx, con, []string{"test", "../../examples/handset"}); got != console.StatusFailed {
		t.Errorf("status %d", got)
	}
}

func TestSingleDash(t *testing.T) {
	for line, want := range map[string]string{
		"test -run x p":             "test --run x p",
		"test p -run=x":             "test p --run=x",
		"--color never test -run x": "--color never test --run x",
		"compile -run x":            "compile -run x",
		"test -- -run":              "test -- -run",
		"test -runner":              "test -runner",
	} {
		if got := singleDash(strings.Fields(line)); !slices.Equal(got, strings.Fields(want)) {
			t.Errorf("%s: %q", line, got)
		}
	}
}
