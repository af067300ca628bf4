package decision_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"ups/runtime/decision"
	"ups/runtime/decision/decisiontest"
)

// slow is a database that lets others run between reading and answering, so
// that what was read is often old when it arrives.
type slow struct{ decision.DB }

func (s slow) Lookup(ctx context.Context, key decision.Key) (decision.Record, bool, error) {
	rec, found, err := s.DB.Lookup(ctx, key)
	for range 3 {
		runtime.Gosched()
	}
	return rec, found, err
}

// UpdateInfo lets others read before it does anything.
func (s slow) UpdateInfo(ctx context.Context, id uint64, info uint32) error {
	time.Sleep(20 * time.Microsecond)
	return s.DB.UpdateInfo(ctx, id, info)
}

// register is a key that one goroutine changes and others read. Its versions
// count from 1; in every fifth there is no record, in others the record's
// info is the version.
type register struct {
	key          decision.Key
	begun, acked atomic.Uint32
}

func (r *register) absentIn(version uint32) bool { return version%5 == 0 }

// advance brings the register to the next version.
func (r *register) advance(t *testing.T, db decision.DB) {
	v := r.begun.Add(1)
	rec, found, err := db.Lookup(t.Context(), r.key)
	if err != nil {
		t.Error(err)
	}
	switch {
	case r.absentIn(v):
		err = db.DeleteRecord(t.Context(), rec.ID)
	case found && v%2 == 0:
		err = db.UpdateInfo(t.Context(), rec.ID, v)
	default:
		_, err = db.Store(t.Context(), decision.Record{Key: r.key, Info: v})
	}
	if err != nil {
		t.Errorf("version %d: %v", v, err)
	}
	r.acked.Store(v)
}

// read expects one of the versions that the register had during the read.
func (r *register) read(t *testing.T, db decision.DB) {
	low := r.acked.Load()
	rec, found, err := db.Lookup(t.Context(), r.key)
	high := r.begun.Load()
	if err != nil {
		t.Error(err)
	}
	for v := low; v <= high; v++ {
		if found != r.absentIn(v) && (!found || rec.Info == v) {
			return
		}
	}
	t.Errorf("read %v %d, but the versions were %d to %d", found, rec.Info, low, high)
}

// TestCacheIsNeverOld checks that an answer is one that the database would have
// returned at some moment of the call.
func TestCacheIsNeverOld(t *testing.T) {
	db := decision.NewCached(slow{decision.NewMemory()}, 4)
	registers := make([]register, 6) // more than the cache holds
	for i := range registers {
		registers[i].key.Client = uint32(i) // of all, before the first reader looks at any
	}
	stop := make(chan struct{})
	var writers, readers sync.WaitGroup
	for i := range registers {
		r := &registers[i]
		writers.Go(func() {
			for range 1000 {
				r.advance(t, db)
				if r.begun.Load()%16 == 0 {
					time.Sleep(50 * time.Microsecond) // some quiet, for the cache to fill
				}
			}
		})
		readers.Go(func() {
			for n := i; ; n++ {
				select {
				case <-stop:
					return
				default:
					registers[n%len(registers)].read(t, db)
				}
			}
		})
	}
	writers.Wait()
	close(stop)
	readers.Wait()
}

// counting counts the lookups that come through.
type counting struct {
	decision.DB
	lookups int
	err     error
}

func (c *counting) Lookup(ctx context.Context, key decision.Key) (decision.Record, bool, error) {
	c.lookups++
	if c.err != nil {
		return decision.Record{}, false, c.err
	}
	return c.DB.Lookup(ctx, key)
}

func TestCacheRemembersHitsAndMisses(t *testing.T) {
	under := &counting{DB: decision.NewMemory()}
	db := decision.NewCached(under, 2)
	if _, err := db.Store(t.Context(), decisiontest.Sample(0)); err != nil {
		t.Fatal(err)
	}
	look := func(n, want int) {
		t.Helper()
		if _, found, err := db.Lookup(t.Context(), decisiontest.Sample(n).Key); err != nil || found != (n == 0) {
			t.Errorf("sample %d: found %v, %v", n, found, err)
		}
		if under.lookups != want {
			t.Errorf("sample %d: %d lookups came through, want %d", n, under.lookups, want)
		}
	}
	look(0, 1)
	look(0, 1) // a hit
	look(1, 2)
	look(1, 2) // a miss, remembered
	look(2, 3) // one of the two is forgotten
	look(2, 3)
	db.Forget()
	look(2, 4)
}

func TestCacheRemembersNoErrors(t *testing.T) {
	under := &counting{DB: decision.NewMemory()}
	db := decision.NewCached(under, 0)
	key := decisiontest.Sample(0).Key
	db.Lookup(t.Context(), decisiontest.Sample(1).Key)
	under.err = decision.ErrCorrupt
	if _, _, err := db.Lookup(t.Context(), key); !errors.Is(err, decision.ErrCorrupt) {
		t.Errorf("error %v, want ErrCorrupt", err)
	}
	under.err = nil
	before := under.lookups
	for _, n := range []int{0, 1} { // the error, and what was known before it
		if _, _, err := db.Lookup(t.Context(), decisiontest.Sample(n).Key); err != nil {
			t.Error(err)
		}
	}
	if under.lookups != before+2 {
		t.Errorf("%d lookups came through after the damage, want 2", under.lookups-before)
	}
}

// BenchmarkUpdateInfoCached is with a full cache, of which the record is the
// last that came.
func BenchmarkUpdateInfoCached(b *testing.B) {
	db := decision.NewCached(decision.NewMemory(), 0)
	var rec decision.Record
	for i := range decision.DefaultCacheSize {
		rec = decisiontest.Sample(i)
		id, err := db.Store(b.Context(), rec)
		if err != nil {
			b.Fatal(err)
		}
		rec.ID = id
		db.Lookup(b.Context(), rec.Key)
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := db.UpdateInfo(b.Context(), rec.ID, rec.Info); err != nil {
			b.Fatal(err)
		}
		db.Lookup(b.Context(), rec.Key)
	}
}

func BenchmarkLookupCached(b *testing.B) {
	db := decision.NewCached(decision.NewMemory(), 0)
	var keys []decision.Key
	for i := range 1000 {
		rec := decisiontest.Sample(i)
		if i%2 == 0 {
			db.Store(b.Context(), rec)
		}
		keys = append(keys, rec.Key)
	}
	b.ReportAllocs()
	b.RunParallel(func(p *testing.PB) {
		for i := 0; p.Next(); i++ {
			if _, _, err := db.Lookup(b.Context(), keys[i%len(keys)]); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// The cache says of each look-up whether it had the answer, also that there is none.
func TestOnLookup(t *testing.T) {
	var got []bool
	db := decision.NewCached(decision.NewMemory(), 0)
	db.OnLookup = func(hit bool) { got = append(got, hit) }
	key := decisiontest.Sample(1).Key
	look := func() {
		if _, _, err := db.Lookup(t.Context(), key); err != nil {
			t.Fatal(err)
		}
	}
	look()
	look()
	if _, err := db.Store(t.Context(), decisiontest.Sample(1)); err != nil {
		t.Fatal(err)
	}
	look()
	look()
	if want := []bool{false, true, false, true}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
}
