package sqlite

import (
	"database/sql"
	"errors"
	"fmt"
	"path/filepath"
	"testing"

	"github.com/ncruces/go-sqlite3"

	"ups/runtime/decision"
)

// TestForgedRecord reads a record that is too long to have been stored, and one
// that SQLite must refuse before it takes memory for it.
func TestForgedRecord(t *testing.T) {
	for _, length := range []int{decision.MaxDescription + 1, 2 * maxLength} {
		path := filepath.Join(t.TempDir(), "d.db")
		if err := create(t.Context(), path); err != nil {
			t.Fatal(err)
		}
		forge(t, path, length)
		view, err := View(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		for _, err := range view.List(t.Context(), decision.Filter{}) {
			refused := errors.Is(err, sqlite3.TOOBIG)
			if !errors.Is(err, decision.ErrCorrupt) || refused != (length > maxLength) {
				t.Errorf("%d bytes: error %v, want ErrCorrupt", length, err)
			}
		}
		if err := view.Close(); err != nil {
			t.Error(err)
		}
	}
}

// forge stores a record of a description of n bytes by plain SQL.
func forge(t *testing.T, path string, n int) {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.ToSlash(path)+"?vfs="+vfsName)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	insert := fmt.Sprintf(`INSERT INTO decision (server, service, major, client, evaluator, fingerprint, entity, description, result, info)
		VALUES (1, 2, 3, 4, 5, x'', x'', CAST(zeroblob(%d) AS TEXT), 1, 0)`, n)
	if _, err := db.Exec(insert); err != nil {
		t.Fatal(err)
	}
}
