package sqlite

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"ups/runtime/decision"
)

func TestMigrations(t *testing.T) {
	path := filepath.Join(t.TempDir(), "d.db")
	if err := create(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	db, err := connect(path, idOf(t, path), readWrite)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	next := append(migrations[:len(migrations):len(migrations)], "ALTER TABLE decision ADD COLUMN note TEXT", "bad SQL")
	if err := migrate(t.Context(), db, next); err == nil {
		t.Fatal("a step of bad SQL passed")
	}
	// The good step stands, the bad one left nothing, the newer file is refused.
	var version, notes int
	if err := db.QueryRow("SELECT user_version, (SELECT count(note) FROM decision) FROM pragma_user_version").Scan(&version, &notes); err != nil {
		t.Fatal(err)
	}
	if version != len(migrations)+1 || notes != 0 {
		t.Errorf("version %d, want %d", version, len(migrations)+1)
	}
	if err := migrate(t.Context(), db, migrations); !errors.Is(err, decision.ErrNewer) {
		t.Errorf("error %v, want ErrNewer", err)
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := inspect(f, path); err != nil {
		t.Errorf("while the new version stands in the log alone: %v", err)
	}
	if _, err := openHandle(t.Context(), path, idOf(t, path), withOwner); !errors.Is(err, decision.ErrNewer) {
		t.Errorf("error %v, want ErrNewer", err)
	}
}

func TestEmptyDatabaseIsSound(t *testing.T) {
	path := filepath.Join(t.TempDir(), "d.db")
	if err := create(t.Context(), path); err != nil {
		t.Fatal(err)
	}
	if data, err := os.ReadFile(path); err != nil || string(data[18:20]) != "\x02\x02" {
		t.Errorf("%v, the first change would make a journal", err)
	}
	db, err := connect(path, idOf(t, path), readWrite)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for pragma, want := range map[string]string{
		"integrity_check": "ok", "journal_mode": "wal", "synchronous": "2", "encoding": "UTF-8", "page_size": "4096",
	} {
		var got string
		if err := db.QueryRow("PRAGMA " + pragma).Scan(&got); err != nil || got != want {
			t.Errorf("%s is %q, want %q (%v)", pragma, got, want, err)
		}
	}
}

func idOf(t *testing.T, path string) fs.FileInfo {
	t.Helper()
	info, err := os.Lstat(path)
	if err != nil {
		t.Fatal(err)
	}
	return info
}
