package sqlite_test

import (
	"encoding/binary"
	"flag"
	"math/rand/v2"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"ups/runtime/decision"
	"ups/runtime/decision/decisiontest"
	"ups/runtime/decision/sqlite"
)

var benchRecords = flag.Int("records", 1_000_000, "records in the database that is measured")

// big is the database that is measured, made once for all benchmarks.
var big = sync.OnceValues(func() (string, error) { return os.MkdirTemp("", "decisions") })

// removeBig removes it, if it was made. (A benchmark's own directory goes with
// the benchmark, and this one is for several.)
func removeBig() {
	if f := flag.Lookup("test.bench"); f != nil && f.Value.String() != "" {
		if dir, err := big(); err == nil {
			os.RemoveAll(dir)
		}
	}
}

// bigDatabase returns the path of a closed database of benchRecords records.
// Their fingerprints are like hashes: they have no order.
func bigDatabase(b *testing.B) string {
	b.Helper()
	dir, err := big()
	if err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(dir, "d.db")
	if _, err := os.Stat(path); err == nil {
		return path
	}
	db, err := sqlite.Open(b.Context(), path, sqlite.Options{})
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	var recs []decision.Record
	for i := range *benchRecords {
		if recs = append(recs, bigRecord(i)); len(recs) < 20000 && i < *benchRecords-1 {
			continue
		}
		if err := db.StoreAll(b.Context(), decisiontest.Each(recs)); err != nil {
			b.Fatal(err)
		}
		recs = recs[:0]
	}
	return path
}

func bigRecord(i int) decision.Record {
	rec := decisiontest.Sample(i)
	r := rand.New(rand.NewPCG(3, uint64(i)))
	var print [32]byte
	for at := 0; at < len(print); at += 8 {
		binary.LittleEndian.PutUint64(print[at:], r.Uint64())
	}
	rec.Client, rec.Fingerprint = 0x20000000+uint32(i%5000), string(print[:])
	return rec
}

func openBig(b *testing.B, cache int) decision.DB {
	db, err := sqlite.Open(b.Context(), bigDatabase(b), sqlite.Options{CacheSize: cache})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	return db
}

// BenchmarkLookupDisk looks up records all over the database, past the cache.
func BenchmarkLookupDisk(b *testing.B) {
	db := openBig(b, -1)
	b.ReportAllocs()
	for b.Loop() {
		if _, found, err := db.Lookup(b.Context(), bigRecord(rand.IntN(*benchRecords)).Key); err != nil || !found {
			b.Fatal(found, err)
		}
	}
}

// BenchmarkMissDisk looks up what isn't there.
func BenchmarkMissDisk(b *testing.B) {
	db := openBig(b, -1)
	b.ReportAllocs()
	for b.Loop() {
		key := bigRecord(rand.IntN(*benchRecords)).Key
		key.Entity = "none"
		if _, found, err := db.Lookup(b.Context(), key); err != nil || found {
			b.Fatal(found, err)
		}
	}
}

func BenchmarkLookupCached(b *testing.B) {
	db := openBig(b, 0)
	key := bigRecord(*benchRecords / 2).Key
	b.ReportAllocs()
	for b.Loop() {
		if _, found, err := db.Lookup(b.Context(), key); err != nil || !found {
			b.Fatal(found, err)
		}
	}
}

// BenchmarkOpen opens the database and makes the first lookup in it.
func BenchmarkOpen(b *testing.B) {
	path := bigDatabase(b)
	b.ReportAllocs()
	for b.Loop() {
		db, err := sqlite.Open(b.Context(), path, sqlite.Options{})
		if err != nil {
			b.Fatal(err)
		}
		if _, found, err := db.Lookup(b.Context(), bigRecord(5).Key); err != nil || !found {
			b.Fatal(found, err)
		}
		b.StopTimer()
		if err := db.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}

// BenchmarkStore waits for the disk each time.
func BenchmarkStore(b *testing.B) {
	db := open(b, filepath.Join(b.TempDir(), "d.db"), 0)
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		if _, err := db.Store(b.Context(), bigRecord(n%10000)); err != nil {
			b.Fatal(err)
		}
	}
}
