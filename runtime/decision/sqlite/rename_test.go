package sqlite

import (
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"ups/runtime/decision"
)

// TestRenameNew checks that nothing which has the new name is replaced.
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
	if to, err := renameDamaged(path, id, time.Now()); !errors.Is(err, decision.ErrNotDatabase) {
		t.Errorf("moved to %q, %v, want ErrNotDatabase", to, err)
	}
	if got, err := os.ReadFile(path); err != nil || string(got) != "precious" {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := connect(path, id, withOwner); err != nil {
		t.Fatal(err)
	}
	if _, err := openHandle(t.Context(), path, id, withOwner); !errors.Is(err, decision.ErrNotDatabase) {
		t.Errorf("connecting: %v, want ErrNotDatabase", err)
	}
}

// TestRenameSidecarsFails has a log that can't be renamed: the database must
// not be taken for one that was moved as a whole. One that isn't there is no
// error.
func TestRenameSidecarsFails(t *testing.T) {
	for _, failing := range []string{walSuffix, shmSuffix} {
		err := renameSidecars("d.db", "d.db.damaged", func(from, to string) error {
			if from == "d.db"+failing && to == "d.db.damaged"+failing {
				return &os.LinkError{Op: "rename", Old: from, New: to, Err: syscall.EIO}
			}
			return &os.LinkError{Op: "rename", Old: from, New: to, Err: fs.ErrNotExist}
		})
		if !errors.Is(err, syscall.EIO) {
			t.Errorf("%s: error %v, want %v", failing, err, syscall.EIO)
		}
	}
	var renamed []string
	err := renameSidecars("d.db", "d.db.damaged", func(from, _ string) error {
		renamed = append(renamed, from)
		return fs.ErrNotExist
	})
	if err != nil || len(renamed) != 2 {
		t.Errorf("without a log: %v, %v", renamed, err)
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

// TestReadingMakesNoLog opens beside an owner that has just closed.
func TestReadingMakesNoLog(t *testing.T) {
	path := filepath.Join(t.TempDir(), "d.db")
	if err := create(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if _, err := openHandle(t.Context(), path, idOf(t, path), withOwner); !errors.Is(err, errNoLog) {
		t.Errorf("error %v, want %v", err, errNoLog)
	}
	if entries, err := os.ReadDir(filepath.Dir(path)); err != nil || len(entries) != 1 {
		t.Errorf("%v, %v: a file was made", entries, err)
	}
}

// TestViewWaitsForOwner reads a database whose owner has the lock, and no log
// yet.
func TestViewWaitsForOwner(t *testing.T) {
	path := filepath.Join(t.TempDir(), "d.db")
	if err := create(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	var o ownerLock
	if err := o.acquire(path); err != nil {
		t.Fatal(err)
	}
	time.AfterFunc(60*time.Millisecond, func() { o.release() })
	view, err := View(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if err := view.Close(); err != nil {
		t.Error(err)
	}
}

// TestHeads holds what is taken for a log, and for its index in memory.
func TestHeads(t *testing.T) {
	zeros := string(make([]byte, walHeaderSize))
	index := string(binary.NativeEndian.AppendUint32(nil, walVersion)) + zeros
	tests := []struct {
		head       string
		log, index bool
	}{
		{"", true, true},
		{zeros, true, true},
		{"\x37\x7f\x06\x82 damaged after it", true, false},
		{"\x37\x7f\x06\x83\x00\x2d\xe2\x18\x00\x00\x10\x00", true, false},
		{"damg\x00\x2d\xe2\x18\x00\x00\x10\x00", true, false},
		{"\x37\x7f\x06", false, false},
		{"damg\x00\x2d\xe2\x19\x00\x00\x10\x00", false, false},
		{"precious", false, false},
		{zeros[1:] + "x", false, false},
		{index, false, true},
	}
	for _, tt := range tests {
		if log, index := isLogHead([]byte(tt.head)), isIndexHead([]byte(tt.head)); log != tt.log || index != tt.index {
			t.Errorf("%q: log %v, index %v, want %v, %v", tt.head, log, index, tt.log, tt.index)
		}
	}
}
