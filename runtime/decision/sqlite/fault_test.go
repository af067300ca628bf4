package sqlite

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"ups/runtime/decision"
	"ups/runtime/decision/decisiontest"
)

// fixture is an open database of n samples, with nothing of it in SQLite's
// own memory, and the events that it reported.
type fixture struct {
	db     decision.DB
	path   string
	mu     sync.Mutex
	events []Event
}

func newFixture(t *testing.T, n int, opt Options) *fixture {
	t.Helper()
	f := &fixture{path: filepath.Join(t.TempDir(), "d.db")}
	opt.Report = func(e Event) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.events = append(f.events, e)
	}
	for range 2 { // opened a second time, without what it had in memory
		db, err := Open(t.Context(), f.path, opt)
		if err != nil {
			t.Fatal(err)
		}
		f.db = db
		for i := 0; i < n; i += 1000 {
			fillFrom(t, db, i, min(n, i+1000))
		}
		if n > 0 {
			db.Close()
		}
		n = 0
	}
	t.Cleanup(func() { f.db.Close() })
	return f
}

func fillFrom(t *testing.T, db decision.DB, from, to int) {
	t.Helper()
	var recs []decision.Record
	for i := from; i < to; i++ {
		recs = append(recs, decisiontest.Sample(i))
	}
	if err := db.StoreAll(t.Context(), decisiontest.Each(recs)); err != nil {
		t.Fatal(err)
	}
}

// damage flips a bit in every page but those that opening has read.
func (f *fixture) damage(t *testing.T) {
	t.Helper()
	data, err := os.ReadFile(f.path)
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.OpenFile(f.path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	for at := pageSize; at < len(data); at += pageSize {
		if _, err := file.WriteAt([]byte{data[at+100] ^ 1}, int64(at+100)); err != nil {
			t.Fatal(err)
		}
	}
}

func (f *fixture) wantMoved(t *testing.T) {
	t.Helper()
	f.mu.Lock()
	defer f.mu.Unlock()
	if len(f.events) != 1 || !errors.Is(f.events[0].Err, decision.ErrCorrupt) {
		t.Fatalf("events %+v, want one move", f.events)
	}
	if _, err := os.Stat(f.events[0].MovedTo); err != nil {
		t.Error(err)
	}
}

func TestDamageInUse(t *testing.T) {
	f := newFixture(t, 2000, Options{})
	known := decisiontest.Sample(1234).Key
	if _, found, err := f.db.Lookup(t.Context(), known); err != nil || !found {
		t.Fatalf("before: %v, %v", found, err)
	}
	view := func(yield func() bool) {
		for _, err := range f.db.List(t.Context(), decision.Filter{}) {
			if err != nil && !errors.Is(err, decision.ErrViewLost) {
				t.Errorf("the view ended with %v, want ErrViewLost", err)
			}
			if !yield() {
				return
			}
		}
	}
	began := false
	for range view {
		if began {
			continue
		}
		began = true
		f.damage(t)
		_, err := f.db.Count(t.Context(), decision.Filter{})
		if !errors.Is(err, decision.ErrCorrupt) {
			t.Errorf("counting: %v, want ErrCorrupt", err)
		}
		f.wantMoved(t)
	}
	// What was known of the old database is forgotten; the new one works.
	if _, found, err := f.db.Lookup(t.Context(), known); err != nil || found {
		t.Errorf("after: %v, %v, want a new database", found, err)
	}
	if _, err := f.db.Store(t.Context(), decisiontest.Sample(1)); err != nil {
		t.Error(err)
	}
}

func TestStoreSurvivesDamage(t *testing.T) {
	f := newFixture(t, 2000, Options{})
	f.damage(t)
	rec := decisiontest.Sample(777)
	id, err := f.db.Store(t.Context(), rec)
	if err != nil {
		t.Fatal(err)
	}
	f.wantMoved(t)
	rec.ID = id
	if got, found, err := f.db.Lookup(t.Context(), rec.Key); err != nil || !found || got != rec {
		t.Errorf("Lookup = %v, %v, %v, want %v", got, found, err, rec)
	}
}

// TestDamageMetByMany checks that of several operations that find the damage at
// once one replaces the database, and none returns a wrong answer.
func TestDamageMetByMany(t *testing.T) {
	f := newFixture(t, 2000, Options{CacheSize: -1})
	f.damage(t)
	var all sync.WaitGroup
	for worker := range 8 {
		all.Go(func() {
			for i := worker; i < 400; i += 8 {
				want := decisiontest.Sample(i)
				got, found, err := f.db.Lookup(t.Context(), want.Key)
				if err != nil && !errors.Is(err, decision.ErrCorrupt) {
					t.Errorf("error %v, want ErrCorrupt", err)
				}
				if want.ID = got.ID; err == nil && found && got != want {
					t.Errorf("got %v, want %v", got, want)
				}
			}
		})
	}
	all.Wait()
	f.wantMoved(t)
}

// TestDamageWithoutReport checks that nothing is moved in silence.
func TestDamageWithoutReport(t *testing.T) {
	f := newFixture(t, 2000, Options{})
	f.db.Close()
	db, err := Open(t.Context(), f.path, Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	f.damage(t)
	for range 2 {
		if _, err := db.Count(t.Context(), decision.Filter{}); !errors.Is(err, decision.ErrCorrupt) {
			t.Errorf("error %v, want ErrCorrupt", err)
		}
	}
	if names, err := filepath.Glob(f.path + ".damaged*"); err != nil || len(names) > 0 {
		t.Errorf("moved in silence: %v", names)
	}
}

// TestFullByCount has SQLite refuse to let the file grow, with the error that
// it returns when the disk is full.
func TestFullByCount(t *testing.T) {
	f := newFixture(t, 30, Options{})
	w := f.db.(*decision.Cached).DB.(*database).h.write
	var pages int
	if err := w.QueryRow("PRAGMA page_count").Scan(&pages); err != nil {
		t.Fatal(err)
	}
	limit := func(n int) {
		if _, err := w.Exec(fmt.Sprintf("PRAGMA max_page_count = %d", n)); err != nil {
			t.Fatal(err)
		}
	}
	limit(pages)
	n := 30
	for ; ; n++ {
		_, err := f.db.Store(t.Context(), decisiontest.Sample(n))
		if errors.Is(err, decision.ErrFull) {
			break
		}
		if err != nil || n > 1000 {
			t.Fatalf("record %d: %v, want ErrFull in the end", n, err)
		}
	}
	if got, err := f.db.Count(t.Context(), decision.Filter{}); err != nil || got != n {
		t.Errorf("%d records while full, want %d: %v", got, n, err)
	}
	limit(1 << 20)
	if _, err := f.db.Store(t.Context(), decisiontest.Sample(n)); err != nil || len(f.events) != 0 {
		t.Errorf("no longer full: %v, events %v", err, f.events)
	}
}

func TestChecksum(t *testing.T) {
	page := make([]byte, pageSize)
	if matchesChecksum(page, 1) {
		t.Error("a page of zeros passes")
	}
	setChecksum(page, 7)
	if !matchesChecksum(page, 7) || matchesChecksum(page, 8) {
		t.Error("the checksum doesn't hold the page's number")
	}
	for bit := range pageSize * 8 {
		page[bit/8] ^= 1 << (bit % 8)
		if matchesChecksum(page, 7) {
			t.Fatalf("bit %d is not covered", bit)
		}
		page[bit/8] ^= 1 << (bit % 8)
	}
}
