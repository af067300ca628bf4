package observe

import (
	"bytes"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// fixture is a decision log, and what is said of it.
type fixture struct {
	*File
	path string
	said *bytes.Buffer
	lost int
}

func newFixture(t *testing.T) *fixture {
	t.Helper()
	f := &fixture{path: filepath.Join(t.TempDir(), "decisions.jsonl"), said: &bytes.Buffer{}}
	var err error
	if f.File, err = Open(f.path, slog.New(slog.NewTextHandler(f.said, nil)), func() { f.lost++ }); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { f.Close() })
	return f
}

func holds(t *testing.T, path, want string) {
	t.Helper()
	b, err := os.ReadFile(path)
	if err != nil || string(b) != want {
		t.Errorf("%s: %q, %v, want %q", path, b, err, want)
	}
}

func TestFile(t *testing.T) {
	f := newFixture(t)
	f.Write([]byte("1\n"))
	f.Write([]byte("2\n"))
	holds(t, f.path, "1\n2\n")
	info, err := os.Stat(f.path)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	again, err := Open(f.path, slog.New(slog.DiscardHandler), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	again.Write([]byte("3\n"))
	holds(t, f.path, "1\n2\n3\n")
}

func TestReopen(t *testing.T) {
	f := newFixture(t)
	f.Write([]byte("1\n"))
	moved := f.path + ".1"
	if err := os.Rename(f.path, moved); err != nil {
		t.Fatal(err)
	}
	f.Write([]byte("2\n"))
	f.torn = true // which the new file isn't
	if err := f.Reopen(); err != nil {
		t.Fatal(err)
	}
	f.Write([]byte("3\n"))
	holds(t, moved, "1\n2\n")
	holds(t, f.path, "3\n")
	if f.said.Len() != 0 {
		t.Errorf("it is said that %s", f.said)
	}
}

// What may have been lost when the file before was closed is said, and the new file is
// written to.
func TestReopenClosed(t *testing.T) {
	f := newFixture(t)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if err := f.Reopen(); err != nil {
		t.Fatal(err)
	}
	f.Write([]byte("1\n"))
	holds(t, f.path, "1\n")
	if strings.Count(f.said.String(), "level=WARN") != 1 {
		t.Errorf("it is said that %s", f.said)
	}
}

// If there is nowhere to write to, lines go where they went.
func TestReopenFails(t *testing.T) {
	f := newFixture(t)
	moved := f.path + ".1"
	if err := os.Rename(f.path, moved); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(f.path, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := f.Reopen(); err == nil {
		t.Fatal("a folder is written to")
	}
	f.Write([]byte("1\n"))
	holds(t, moved, "1\n")
}

// full is a disk that takes some bytes more.
type full struct {
	bytes.Buffer
	room int
}

var errFull = errors.New("full")

func (d *full) Write(b []byte) (int, error) {
	n := min(len(b), d.room)
	d.room -= n
	d.Buffer.Write(b[:n])
	if n < len(b) {
		return n, errFull
	}
	return n, nil
}

// The line after one of which a part was written begins anew, and what is lost is
// said once.
func TestFull(t *testing.T) {
	for room, want := range map[int]string{5: "line\nlast\n", 6: "line\nl\nlast\n", 7: "line\nli\nlast\n", 9: "line\nline\nlast\n"} {
		disk, said, lost := &full{room: room}, &bytes.Buffer{}, 0
		f := Stream(disk, slog.New(slog.NewTextHandler(said, nil)), func() { lost++ })
		for i := range 4 {
			if _, err := f.Write([]byte("line\n")); errors.Is(err, errFull) != (i > 0) {
				t.Errorf("room for %d bytes, line %d: %v", room, i, err)
			}
		}
		disk.room = 100
		f.Write([]byte("last\n"))
		if got := disk.String(); got != want {
			t.Errorf("room for %d bytes: %q, want %q", room, got, want)
		}
		if lost != 3 || strings.Count(said.String(), "can't be written") != 1 || strings.Count(said.String(), "again") != 1 {
			t.Errorf("room for %d bytes: %d lost:\n%s", room, lost, said)
		}
	}
}

// When a log is closed, lines are lost. What somebody else has opened stays open, and is
// opened by nobody again.
func TestClose(t *testing.T) {
	f := newFixture(t)
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write([]byte("1\n")); !errors.Is(err, os.ErrClosed) || f.lost != 1 {
		t.Errorf("%v, %d lost", err, f.lost)
	}
	var w bytes.Buffer
	s := Stream(&w, slog.New(slog.DiscardHandler), nil)
	if err := errors.Join(s.Reopen(), s.Close()); err != nil {
		t.Error(err)
	}
	if s.Write([]byte("2\n")); w.String() != "2\n" {
		t.Errorf("%q", w.String())
	}
}

func TestSuits(t *testing.T) {
	dir := t.TempDir()
	if err := Suits(filepath.Join(dir, "none")); err != nil {
		t.Error(err)
	}
	if err := Suits(dir); err == nil {
		t.Error("a folder suits")
	}
	socket, err := net.Listen("unix", filepath.Join(dir, "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer socket.Close()
	want := Suits(socket.Addr().String())
	if want == nil {
		t.Fatal("a socket suits")
	}
	if _, err := Open(socket.Addr().String(), slog.New(slog.DiscardHandler), nil); err == nil || err.Error() != want.Error() {
		t.Errorf("opening it: %v, want %v", err, want)
	}
}
