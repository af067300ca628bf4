package sqlite_test

import (
	"database/sql"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"ups/runtime/decision"
	"ups/runtime/decision/decisiontest"
	"ups/runtime/decision/sqlite"
)

// made returns the path of a closed database of n samples.
func made(t testing.TB, n int) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "decisions 100%?#.db") // a name that a URL must escape
	db := open(t, path, -1)
	fill(t, db, 0, n)
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	return path
}

func fill(t testing.TB, db decision.DB, from, to int) {
	t.Helper()
	var recs []decision.Record
	for i := from; i < to; i++ {
		recs = append(recs, decisiontest.Sample(i))
	}
	if err := db.StoreAll(t.Context(), decisiontest.Each(recs)); err != nil {
		t.Fatal(err)
	}
}

// openFaulty opens a database whose events are kept.
func openFaulty(t testing.TB, path string) (decision.DB, *[]sqlite.Event, error) {
	t.Helper()
	events := &[]sqlite.Event{}
	db, err := sqlite.Open(t.Context(), path, sqlite.Options{
		CacheSize: -1,
		Report:    func(e sqlite.Event) { *events = append(*events, e) },
		Now:       func() time.Time { return time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC) },
	})
	if err == nil {
		t.Cleanup(func() { db.Close() })
	}
	return db, events, err
}

func TestSurvivesReopening(t *testing.T) {
	path := made(t, 50)
	for _, suffix := range []string{"-wal", "-shm", ".new"} {
		if _, err := os.Stat(path + suffix); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("%s is left after a clean close: %v", suffix, err)
		}
	}
	if info, err := os.Stat(path); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, want readable by its owner only", info.Mode())
	}
	recs := decisiontest.All(t, open(t, path, 0), decision.Filter{})
	if len(recs) != 50 || recs[7].Description != "destination 7" {
		t.Errorf("%d records after reopening, want 50", len(recs))
	}
}

func TestOwnership(t *testing.T) {
	path := made(t, 5)
	owner := open(t, path, 0)
	if _, _, err := openFaulty(t, path); !errors.Is(err, decision.ErrLocked) {
		t.Errorf("second opening: %v, want ErrLocked", err)
	}
	view, err := sqlite.View(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer view.Close()
	fill(t, owner, 5, 8)
	if n := len(decisiontest.All(t, view, decision.Filter{})); n != 8 {
		t.Errorf("the view has %d records, want 8", n)
	}
	if _, err := view.Store(t.Context(), decisiontest.Sample(9)); !errors.Is(err, decision.ErrReadOnly) {
		t.Errorf("storing in a view: %v, want ErrReadOnly", err)
	}
	if _, err := sqlite.View(t.Context(), path+".none"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("viewing nothing: %v", err)
	}
}

// execute changes a database by plain SQL, as another program would.
func execute(t *testing.T, path, statement string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec(statement); err != nil {
		t.Fatal(err)
	}
}

func TestRefusesWithoutTouching(t *testing.T) {
	newer := made(t, 5)
	sqlite.SetVersion(t, newer, 1000)
	bookmarks := filepath.Join(t.TempDir(), "bookmarks.db")
	execute(t, bookmarks, "CREATE TABLE bookmark (url TEXT)")
	for path, want := range map[string]error{newer: decision.ErrNewer, bookmarks: decision.ErrNotDatabase} {
		before, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		_, events, err := openFaulty(t, path)
		if !errors.Is(err, want) || len(*events) != 0 {
			t.Errorf("error %v, events %v, want %v and none", err, *events, want)
		}
		if _, err := sqlite.View(t.Context(), path); !errors.Is(err, want) {
			t.Errorf("viewing: %v, want %v", err, want)
		}
		if after, err := os.ReadFile(path); err != nil || string(after) != string(before) {
			t.Errorf("%v: the file was touched (%v)", want, err)
		}
	}
}

func TestMovesAsideWhatIsDamaged(t *testing.T) {
	whole := string(read(t, made(t, 5)))
	for name, content := range map[string]string{"cut in the first page": whole[:2000], "cut after it": whole[:4096], "a bit": whole[:200] + "\x01" + whole[201:]} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "d.db")
			if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
				t.Fatal(err)
			}
			if _, err := sqlite.Open(t.Context(), path, sqlite.Options{}); !errors.Is(err, decision.ErrCorrupt) {
				t.Errorf("without a Report: %v, want ErrCorrupt", err)
			}
			_, events, err := openFaulty(t, path)
			if err != nil {
				t.Fatal(err)
			}
			wantKept(t, *events, path, content)
		})
	}
}

// wantKept expects one event, and the damaged bytes under the dated name.
func wantKept(t *testing.T, events []sqlite.Event, path, content string) {
	t.Helper()
	if len(events) != 1 || events[0].MovedTo != path+".damaged-20260304T050607Z" || !errors.Is(events[0].Err, decision.ErrCorrupt) {
		t.Fatalf("events %+v, want one move", events)
	}
	if kept, err := os.ReadFile(events[0].MovedTo); err != nil || string(kept) != content {
		t.Errorf("the file was not kept as it was (%v)", err)
	}
}

func TestTwoDamagedInOneSecond(t *testing.T) {
	damaged := read(t, made(t, 1))[:1000]
	path := filepath.Join(t.TempDir(), "d.db")
	for _, suffix := range []string{"", ".2", ".3"} {
		if err := os.WriteFile(path, damaged, 0o600); err != nil {
			t.Fatal(err)
		}
		db, events, err := openFaulty(t, path)
		if err != nil {
			t.Fatal(err)
		}
		if want := path + ".damaged-20260304T050607Z" + suffix; (*events)[0].MovedTo != want {
			t.Errorf("moved to %s, want %s", (*events)[0].MovedTo, want)
		}
		db.Close()
		os.Remove(path)
	}
}
