package sqlite_test

import (
	"errors"
	"path/filepath"
	"testing"

	"ups/runtime/decision"
	"ups/runtime/decision/decisiontest"
	"ups/runtime/decision/sqlite"
)

// open opens a database that must be sound, and closes it when the test ends.
func open(t testing.TB, path string, cache int) decision.DB {
	t.Helper()
	db, err := sqlite.Open(t.Context(), path, sqlite.Options{
		CacheSize: cache,
		Report:    func(e sqlite.Event) { t.Errorf("reported: %+v", e) },
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := db.Close(); err != nil && !errors.Is(err, decision.ErrClosed) {
			t.Error(err)
		}
	})
	return db
}

func openNew(t testing.TB) decision.DB { return open(t, filepath.Join(t.TempDir(), "decisions.db"), 3) }

func openUncached(t testing.TB) decision.DB {
	return open(t, filepath.Join(t.TempDir(), "decisions.db"), -1)
}

func TestContract(t *testing.T) {
	t.Run("cached", func(t *testing.T) { decisiontest.Run(t, openNew) })
	t.Run("uncached", func(t *testing.T) { decisiontest.Run(t, openUncached) })
}
