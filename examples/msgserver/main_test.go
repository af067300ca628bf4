package main

import (
	"bytes"
	"context"
	"errors"
	"log"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"ups/runtime/decision/sqlite"
)

// What the README shows is what the program prints.
func TestOutputIsThatOfTheReadme(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, db := range []string{"", filepath.Join(t.TempDir(), "decisions.db")} {
		t.Setenv("TMPDIR", t.TempDir())
		var out bytes.Buffer
		if err := run(t.Context(), &out, options{db: db, log: slog.New(slog.DiscardHandler)}); err != nil {
			t.Fatal(err)
		}
		if shown := "```console\n$ go run ./examples/msgserver -db decisions.db\n" + out.String() + "```\n"; !bytes.Contains(readme, []byte(shown)) {
			t.Errorf("the README doesn't have\n%s", shown)
		}
		if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) != 0 {
			t.Errorf("left in the temporary folder: %v, error %v", left, err)
		}
	}
}

// What can't be started leaves nothing behind.
func TestStartFails(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	elsewhere := filepath.Join(t.TempDir(), "nosuch", "decisions.db")
	var out bytes.Buffer
	if err := run(t.Context(), &out, options{db: elsewhere}); err == nil || out.Len() != 0 {
		t.Errorf("error %v, output %s", err, out.String())
	}
	if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) != 0 {
		t.Errorf("left in the temporary folder: %v, error %v", left, err)
	}
}

// The new name of a damaged database is reported.
func TestDamagedDatabaseIsReported(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	damaged := filepath.Join(t.TempDir(), "decisions.db")
	db, err := sqlite.Open(t.Context(), damaged, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := errors.Join(db.Close(), os.Truncate(damaged, 1000)); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	log.SetOutput(&said)
	defer log.SetOutput(os.Stderr)
	if err := run(t.Context(), &bytes.Buffer{}, options{db: damaged, log: slog.New(slog.DiscardHandler)}); err != nil {
		t.Fatal(err)
	}
	moved, err := filepath.Glob(damaged + ".damaged-*Z")
	if err != nil || len(moved) != 1 || !strings.Contains(said.String(), moved[0]) {
		t.Errorf("moved to %v, error %v, and it said %s", moved, err, said.String())
	}
}

// The policy file and the README name only what is there.
func TestReadmeNamesWhatIsThere(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	links := 0
	for _, part := range strings.Split(string(readme), "](")[1:] {
		name, _, _ := strings.Cut(part, ")")
		links++
		if _, err := os.Stat(name); err != nil {
			t.Error(err)
		}
	}
	if links < 8 {
		t.Errorf("%d links", links)
	}
}

// TestMain makes the test binary stand in for msgserver, for a test that needs a
// process to interrupt.
func TestMain(m *testing.M) {
	if os.Getenv("MSGSERVER_ARGS") != "" {
		os.Args = append(os.Args[:1], strings.Fields(os.Getenv("MSGSERVER_ARGS"))...)
		main()
		return
	}
	os.Exit(m.Run())
}

// interrupter cancels when text is written. A dialog may write beside the
// demonstration, as it may to a file.
type interrupter struct {
	text   string
	cancel context.CancelFunc

	mu      sync.Mutex
	written bytes.Buffer
}

func (w *interrupter) Write(b []byte) (int, error) {
	if bytes.Contains(b, []byte(w.text)) {
		w.cancel()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.written.Write(b)
}

func (w *interrupter) String() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.written.String()
}

// Whenever it is interrupted, run returns, asks for nothing more, and leaves
// nothing in the temporary folder; an answer from before is stored.
func TestInterrupted(t *testing.T) {
	for _, c := range []struct{ at, never string }{
		{"may game send to +447700900001?", "game sends again"},
		{"may mail send", "mail sends again"},
		{"may weather send", "on the air to +447700900001: \"sunny\""},
	} {
		t.Setenv("TMPDIR", t.TempDir())
		ctx, cancel := context.WithCancel(t.Context())
		out := &interrupter{text: c.at, cancel: cancel}
		err := run(ctx, out, options{log: slog.New(slog.DiscardHandler)})
		if !errors.Is(err, context.Canceled) || strings.Contains(out.String(), c.never) {
			t.Errorf("at %q: error %v, output\n%s", c.at, err, out.String())
		}
		if left, err := os.ReadDir(os.TempDir()); err != nil || len(left) != 0 {
			t.Errorf("left in the temporary folder: %v, error %v", left, err)
		}
	}
}
