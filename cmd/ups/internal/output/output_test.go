package output

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"

	"golang.org/x/sys/unix"

	"ups/cmd/ups/internal/console"
)

var errFull = errors.New("full")

type fullWriter struct{}

func (fullWriter) Write([]byte) (int, error) { return 0, errFull }

// TestAllOrNothing has a second output that can't be written: the first stays
// as it was.
func TestAllOrNothing(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	dir := t.TempDir()
	tests := []struct {
		name   string
		ctx    context.Context
		second string
	}{
		{"no such folder", context.Background(), filepath.Join(dir, "nosuch", "b")},
		{"a folder", context.Background(), dir},
		{"below a file", context.Background(), filepath.Join(dir, "a", "b")},
		{"interrupted", ctx, filepath.Join(dir, "b")},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			first := filepath.Join(dir, "a")
			if err := os.WriteFile(first, []byte("old"), 0o640); err != nil {
				t.Fatal(err)
			}
			con := &console.Console{Stdout: fullWriter{}}
			err := Write(tt.ctx, con, []File{{Name: first, Data: []byte("new")}, {Name: tt.second, Data: []byte("new")}})
			if got, _ := os.ReadFile(first); err == nil || string(got) != "old" {
				t.Errorf("%q after %v", got, err)
			}
			if found := leftovers(t, dir); len(found) > 0 {
				t.Errorf("left behind: %v", found)
			}
		})
	}
	if err := Write(context.Background(), &console.Console{Stdout: fullWriter{}}, []File{{Name: console.Stdio, Data: nil}}); !errors.Is(err, errFull) {
		t.Errorf("got %v", err)
	}
}

// TestReplaceKeeps shows what of the old file stays: its permissions, and the
// link that it was reached through.
func TestReplaceKeeps(t *testing.T) {
	dir := t.TempDir()
	file, link := filepath.Join(dir, "file"), filepath.Join(dir, "link")
	if err := errors.Join(os.WriteFile(file, []byte("old"), 0o600), os.Chmod(file, 0o604), os.Symlink("file", link)); err != nil {
		t.Fatal(err)
	}
	con := &console.Console{Stdout: io.Discard}
	if err := Write(context.Background(), con, []File{{Name: link, Data: []byte("new")}, {Name: os.DevNull, Data: []byte("x")}}); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(file); string(got) != "new" {
		t.Errorf("%q, %v", got, err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode().Type() != os.ModeSymlink {
		t.Errorf("the link is gone: %v, %v", info, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o604 {
		t.Errorf("permissions: %v, %v", info, err)
	}
}

// A pipe that nobody reads from doesn't keep ups from being interrupted.
func TestUnreadPipeInterrupted(t *testing.T) {
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := unix.Mkfifo(pipe, 0o666); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() {
		done <- Write(ctx, new(console.Console), []File{{Name: pipe, Data: []byte("x")}})
	}()
	cancel()
	if err := <-done; err != console.ErrInterrupted {
		t.Errorf("got %v", err)
	}
}
