package decision

import (
	"math/rand/v2"
	"testing"
)

// Whatever is looked up, changed, deleted and forgotten, the cache finds by id
// just those entries that have a record.
func TestCacheFindsItsEntriesByID(t *testing.T) {
	db := NewCached(NewMemory(), 8)
	r := rand.New(rand.NewPCG(1, 1))
	most := 0
	for range 5000 {
		key := Key{Client: r.Uint32N(24)}
		rec, _, err := db.Lookup(t.Context(), key)
		if err != nil {
			t.Fatal(err)
		}
		switch r.IntN(8) {
		case 0, 1:
			db.Store(t.Context(), Record{Key: key})
		case 2:
			db.UpdateInfo(t.Context(), rec.ID, r.Uint32())
		case 3:
			db.DeleteRecord(t.Context(), rec.ID)
		case 4:
			if r.IntN(20) == 0 {
				db.Forget()
			}
		}
		checkIDs(t, db)
		most = max(most, len(db.byID))
	}
	if most < 5 {
		t.Errorf("%d records at most: this shows little", most)
	}
}

func checkIDs(t *testing.T, c *Cached) {
	t.Helper()
	found := 0
	for _, e := range c.entries {
		if e.found {
			found++
			if c.byID[e.rec.ID] != e {
				t.Fatalf("record %d isn't found by its id", e.rec.ID)
			}
		}
	}
	if found != len(c.byID) {
		t.Fatalf("%d are found by id, of %d records", len(c.byID), found)
	}
}
