package sqlite_test

import (
	"os"
	"path/filepath"
	"testing"

	"ups/runtime/decision"
	"ups/runtime/decision/decisiontest"
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
		db := open(t, path, -1)
		recs := decisiontest.All(t, db, decision.Filter{})
		if len(recs) != want {
			t.Errorf("%d records, want %d", len(recs), want)
		}
		for i, got := range recs {
			rec := decisiontest.Sample(i)
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
