package sqlite

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"ups/runtime/decision"
)

// TestRenameNew holds that nothing which has the new name is replaced.
func TestRenameNew(t *testing.T) {
	dir := t.TempDir()
	from, to := filepath.Join(dir, "from"), filepath.Join(dir, "to")
	for _, path := range []string{from, to} {
		if err := os.WriteFile(path, []byte(path), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := renameNew(from, to); !errors.Is(err, fs.ErrExist) {
		t.Errorf("onto a file: %v, want ErrExist", err)
	}
	for _, path := range []string{from, to} {
		if got, err := os.ReadFile(path); err != nil || string(got) != path {
			t.Errorf("%s holds %q, %v", path, got, err)
		}
	}
	if err := errors.Join(os.Remove(to), renameNew(from, to)); err != nil {
		t.Error(err)
	}
	if err := renameNew(from, to); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("of nothing: %v, want ErrNotExist", err)
	}
}

// TestCreateOverFile has a file appear where a database is being made.
func TestCreateOverFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "d.db")
	if err := os.WriteFile(path, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := create(t.Context(), path); !errors.Is(err, fs.ErrExist) {
		t.Errorf("error %v, want ErrExist", err)
	}
	got, err := os.ReadFile(path)
	entries, listed := os.ReadDir(filepath.Dir(path))
	if string(got) != "precious" || len(entries) != 1 || errors.Join(err, listed) != nil {
		t.Errorf("%q, %v, %v: want the file, and nothing else", got, entries, errors.Join(err, listed))
	}
}

// TestMoveAsideOnlyTheSame has the file change between the moment when it was
// found damaged and that when it is moved.
func TestMoveAsideOnlyTheSame(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "d.db")
	if err := create(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	id := idOf(t, path)
	if err := os.Rename(path, path+".old"); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte("precious"), 0o600); err != nil {
		t.Fatal(err)
	}
	if to, err := moveAside(path, id, time.Now()); !errors.Is(err, decision.ErrForeign) {
		t.Errorf("moved to %q, %v, want ErrForeign", to, err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "precious" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := connect(path, id, beside); err != nil {
		t.Fatal(err)
	}
	if _, err := openHandle(t.Context(), path, id, beside); !errors.Is(err, decision.ErrForeign) {
		t.Errorf("connecting: %v, want ErrForeign", err)
	}
}

func TestFullIsNamed(t *testing.T) {
	for _, cause := range []error{syscall.ENOSPC, syscall.EDQUOT} {
		err := classify(&fs.PathError{Op: "write", Path: "x", Err: cause})
		if !errors.Is(err, decision.ErrFull) || !errors.Is(err, cause) {
			t.Errorf("%v: %v, want ErrFull", cause, err)
		}
	}
}
