package sqlite_test

import (
	"os"
	"path/filepath"
	"testing"

	"ups/runtime/decision"
	"ups/runtime/decision/decisiontest"
	"ups/runtime/decision/sqlite"
)

// TestViewMakesNothing reads a database without owner.
func TestViewMakesNothing(t *testing.T) { wantViewOf(t, made(t, 700), 700) }

// crashed makes the files that a service leaves which is killed when it has
// stored 20 records that are in the log alone.
func crashed(t *testing.T) string {
	t.Helper()
	from := made(t, 30)
	db := open(t, from, -1)
	for i := range 20 {
		store(t, db, decisiontest.Sample(30+i))
	}
	path := filepath.Join(t.TempDir(), "d.db")
	for _, suffix := range []string{"", "-wal", "-shm"} {
		write(t, path+suffix, string(read(t, from+suffix)))
	}
	return path
}

func TestViewAfterCrash(t *testing.T) {
	path := crashed(t)
	wantViewOf(t, path, 50)
	if err := os.Remove(path + "-shm"); err != nil {
		t.Fatal(err)
	}
	wantViewOf(t, path, 50)
	if n := len(decisiontest.All(t, open(t, path, -1), decision.Filter{})); n != 50 {
		t.Errorf("the owner has %d records, want 50", n)
	}
}

// wantViewOf expects a view to have n records, and to change nothing.
func wantViewOf(t *testing.T, path string, n int) {
	t.Helper()
	before := snapshot(t, filepath.Dir(path))
	view, err := sqlite.View(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	if got := len(decisiontest.All(t, view, decision.Filter{})); got != n {
		t.Errorf("%d records, want %d", got, n)
	}
	if during := snapshot(t, filepath.Dir(path)); during != before {
		t.Errorf("reading changed something:\n%.1000s", during)
	}
	if err := view.Close(); err != nil || snapshot(t, filepath.Dir(path)) != before {
		t.Errorf("closing: %v, or something was changed", err)
	}
}

// TestOwnerBeginsBesideView has owners come and go while a view reads.
func TestOwnerBeginsBesideView(t *testing.T) {
	for name, path := range map[string]string{"after a clean close": made(t, 50), "after a crash": crashed(t)} {
		t.Run(name, func(t *testing.T) {
			view, err := sqlite.View(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			defer view.Close()
			for n := 50; n < 4000; n += 790 {
				if got := count(t, view); got != n {
					t.Fatalf("the view counts %d records, want %d", got, n)
				}
				owner := open(t, path, -1)
				fill(t, owner, n, n+790)
				if got := count(t, view); got != n+790 {
					t.Fatalf("beside the owner the view counts %d records, want %d", got, n+790)
				}
				if err := owner.Close(); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
}

func count(t *testing.T, db decision.DB) int {
	t.Helper()
	n, err := db.Count(t.Context(), decision.Filter{})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestListBesideOwners lists step by step while owners begin, change what was
// not listed yet, and end.
func TestListBesideOwners(t *testing.T) {
	path := made(t, 2000)
	view, err := sqlite.View(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer view.Close()
	n := 0
	for rec, err := range view.List(t.Context(), decision.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		if n++; rec.ID != uint64(n) {
			t.Fatalf("record %d follows %d others", rec.ID, n-1)
		}
		if n%300 == 0 {
			owner := open(t, path, -1)
			if err := owner.UpdateInfo(t.Context(), 2000, uint32(n)); err != nil {
				t.Fatal(err)
			}
			owner.Close()
		}
		if n == 2000 && rec.Info != 1500 {
			t.Errorf("the last record has the info %d, want what was stored before it was read, 1500", rec.Info)
		}
	}
	if n != 2000 {
		t.Errorf("%d records, want 2000", n)
	}
}

// TestLogAppearsBesideView has an owner come, store in the log alone, and be
// killed, between two looks of a view.
func TestLogAppearsBesideView(t *testing.T) {
	from := made(t, 30)
	path := filepath.Join(t.TempDir(), "d.db")
	write(t, path, string(read(t, from)))
	view, err := sqlite.View(t.Context(), path)
	if err != nil {
		t.Fatal(err)
	}
	defer view.Close()
	owner := open(t, from, -1)
	store(t, owner, decisiontest.Sample(30))
	write(t, path+"-wal", string(read(t, from+"-wal")))
	if n := count(t, view); n != 31 {
		t.Errorf("the view counts %d records, want 31", n)
	}
}
