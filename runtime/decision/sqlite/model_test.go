package sqlite_test

import (
	"path/filepath"
	"testing"

	"ups/runtime/decision"
	"ups/runtime/decision/decisiontest"
)

func TestModel(t *testing.T) {
	t.Parallel()
	path := ""
	fresh := func(t testing.TB) decision.DB {
		path = filepath.Join(t.TempDir(), "decisions.db")
		return open(t, path, 3)
	}
	reopen := func(t testing.TB, db decision.DB) decision.DB {
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		return open(t, path, 3)
	}
	decisiontest.Model(t, fresh, reopen)
}
