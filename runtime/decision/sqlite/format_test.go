package sqlite_test

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"ups/runtime/decision"
	"ups/runtime/decision/decisiontest"
	"ups/runtime/decision/sqlite"
)

// TestWrittenByModernc uses files that this software wrote when its SQLite was
// modernc.org/sqlite: 40 samples in the database and four more in its log, as
// a process left them that was killed.
func TestWrittenByModernc(t *testing.T) {
	for want, suffixes := range map[int][]string{40: {""}, 44: {"", "-wal"}} {
		path := filepath.Join(t.TempDir(), "d.db")
		for _, suffix := range suffixes {
			if err := os.WriteFile(path+suffix, read(t, "testdata/modernc.db"+suffix), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		view, err := sqlite.View(t.Context(), path)
		if err != nil {
			t.Fatal(err)
		}
		viewed := decisiontest.All(t, view, decision.Filter{})
		if len(viewed) > 0 {
			got, found, err := view.Lookup(t.Context(), viewed[0].Key)
			if got != viewed[0] || !found || err != nil {
				t.Errorf("in a view: %v, %v, %v, want %v", got, found, err, viewed[0])
			}
		}
		view.Close()
		if version(t, path) != 1 {
			t.Errorf("a view made it version %d", version(t, path))
		}
		db := open(t, path, -1)
		recs := decisiontest.All(t, db, decision.Filter{})
		if !slices.Equal(recs, viewed) {
			t.Errorf("%v, and in the view before: %v", recs, viewed)
		}
		if len(recs) != want {
			t.Errorf("%d records, want %d", len(recs), want)
		}
		for i, got := range recs {
			rec := decisiontest.Sample(i)
			rec.Age = decision.Age{} // of which that version kept nothing
			if rec.ID = got.ID; got != rec {
				t.Errorf("record %d is %v, want %v", i, got, rec)
			}
		}
		fill(t, db, want, 100)
		if err := db.Close(); err != nil {
			t.Error(err)
		}
		if n := count(t, open(t, path, -1)); n != 100 {
			t.Errorf("%d records after a change, want 100", n)
		}
	}
}

// version returns the version that the header of a database says.
func version(t *testing.T, path string) byte {
	t.Helper()
	return read(t, path)[63]
}
