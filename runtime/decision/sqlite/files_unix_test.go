//go:build !windows

package sqlite_test

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"ups/runtime/decision/sqlite"
)

// The names of a database's files are those that it has on disk, whatever name it
// was opened by, so that they can be compared.
func TestFilesBehindLinks(t *testing.T) {
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	folder, there, absent := filepath.Join(dir, "folder"), filepath.Join(dir, "folder", "there.db"), filepath.Join(dir, "folder", "absent.db")
	write(t, there, "")
	for old, name := range map[string]string{folder: "linked", there: "linked.db"} {
		if err := os.Symlink(old, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	t.Chdir(dir)
	for path, want := range map[string]string{
		"folder/there.db":  there,
		"linked/there.db":  there,
		"linked.db":        there,
		"folder/absent.db": absent,
		"linked/absent.db": absent,
		"none/absent.db":   filepath.Join(dir, "none", "absent.db"),
	} {
		got, err := sqlite.Files(path)
		if all := []string{want, want + "-wal", want + "-shm", want + "-journal", want + ".lock"}; err != nil || !slices.Equal(got, all) {
			t.Errorf("%s: %q, %v; want %q", path, got, err, all)
		}
	}
}

// A refusal says what stands there instead of a database.
func TestRefusalsSayWhy(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{"empty": "", "text": strings.Repeat("notes ", 100), "other": "SQLite format 3\x00" + strings.Repeat("\x00", 100)} {
		write(t, filepath.Join(dir, name), content)
	}
	write(t, filepath.Join(dir, "folder", "mine"), "")
	if err := os.Symlink("/dev/null", filepath.Join(dir, "device")); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"empty":  "the file is empty",
		"text":   "the file does not begin as a SQLite database does",
		"other":  "it is a SQLite database of something else",
		"folder": "is a folder, and must be a regular file",
		"device": "is a device, and must be a regular file",
	} {
		db, err := sqlite.View(t.Context(), filepath.Join(dir, name))
		if err == nil {
			db.Close()
		}
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", name, err, want)
		}
	}
}

// What a name has become since it was looked at can neither redirect what is
// opened nor hold it up.
func TestOpenAfterSwap(t *testing.T) {
	dir := t.TempDir()
	mine, link, pipe := filepath.Join(dir, "mine"), filepath.Join(dir, "link"), filepath.Join(dir, "pipe")
	write(t, mine, "precious")
	if err := errors.Join(os.Symlink(mine, link), syscall.Mkfifo(pipe, 0o600)); err != nil {
		t.Fatal(err)
	}
	if f, err := sqlite.OpenNoFollow(link, os.O_RDWR); err == nil {
		f.Close()
		t.Error("a symbolic link was followed")
	}
	opened := make(chan error, 1)
	go func() {
		f, err := sqlite.OpenNoFollow(pipe, os.O_RDONLY)
		if err == nil {
			err = f.Close()
		}
		opened <- err
	}()
	select {
	case err := <-opened:
		if err != nil {
			t.Error(err)
		}
	case <-time.After(time.Minute):
		t.Error("a pipe holds up who opens it")
	}
}
