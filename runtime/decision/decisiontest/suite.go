// Package decisiontest holds the contract of a decision database as tests,
// to be run on every implementation.
package decisiontest

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"slices"
	"strings"
	"testing"

	"ups/runtime/decision"
)

// Open returns an empty database, which it closes when the test ends.
type Open func(t testing.TB) decision.DB

// Run tests the contract, clause by clause.
func Run(t *testing.T, open Open) {
	for _, c := range clauses {
		t.Run(c.name, func(t *testing.T) { c.test(t, open(t)) })
	}
}

// clauses are the clauses of the documentation of decision.DB.
var clauses = []struct {
	name string
	test func(t *testing.T, db decision.DB)
}{
	{"lookup finds by the whole key", lookupByWholeKey},
	{"store updates the equal record", storeUpdates},
	{"store refuses what is invalid", storeRefuses},
	{"store all or none", storeAllOrNone},
	{"replace all or none", replaceAllOrNone},
	{"bytes are kept as they are", bytesAreKept},
	{"ids are not used twice", idsAreNotUsedTwice},
	{"filters, every field and comparison", filters},
	{"filters that can't be obeyed", badFilters},
	{"list in order of ids", listInOrder},
	{"list while records change", listWhileChanging},
	{"updates by id", updatesByID},
	{"uses", uses},
	{"delete one and by filter", deletes},
	{"remove a client", removeClient},
	{"purge", purge},
	{"purge that spares services", purgeSpares},
	{"purge at both ends of the numbers", purgeEnds},
	{"a context that is done", doneContext},
	{"closed", closed},
	{"export and import", exportImport},
}

// Sample returns the nth of endless records with different keys, in which every
// field differs from one to the next, somewhere.
func Sample(n int) decision.Record {
	return decision.Record{
		Key: decision.Key{
			Client: 0x20000000 + uint32(n%7), Evaluator: uint32(n % 3), Service: 0x1000 + uint32(n%5), Server: 0x2000 + uint32(n%2),
			Fingerprint: fmt.Sprintf("fingerprint %d", n), Entity: strings.Repeat("e", n%4), Major: uint16(n % 4),
		},
		Description: fmt.Sprintf("destination %d", n),
		Result:      decision.Result(n % 2),
		Info:        uint32(n) * 0x01010101,
		Age:         decision.Age{Answered: int64(n%3) * 1_000_000_000, Uses: uint32(n % 5), Program: strings.Repeat("\xff", n%2*decision.MaxProgram)},
	}
}

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// fill stores n samples and returns them as they are stored.
func fill(t testing.TB, db decision.DB, n int) []decision.Record {
	t.Helper()
	recs := make([]decision.Record, n)
	for i := range recs {
		recs[i] = Sample(i)
	}
	if err := db.StoreAll(t.Context(), Each(recs)); err != nil {
		t.Fatal(err)
	}
	return All(t, db, decision.Filter{})
}

// Each returns a sequence of records, as StoreAll takes it.
func Each(recs []decision.Record) iter.Seq2[decision.Record, error] {
	return func(yield func(decision.Record, error) bool) {
		for _, r := range recs {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// All returns the records that a filter selects.
func All(t testing.TB, db decision.DB, f decision.Filter) []decision.Record {
	t.Helper()
	recs := []decision.Record{}
	for r, err := range db.List(context.Background(), f) {
		if err != nil {
			t.Fatal(err)
		}
		recs = append(recs, r)
	}
	return recs
}

func wantErr(t testing.TB, err, want error) {
	t.Helper()
	if !errors.Is(err, want) {
		t.Errorf("error %v, want %v", err, want)
	}
}

func wantRecs(t testing.TB, got, want []decision.Record) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("got %d records, want %d\ngot  %v\nwant %v", len(got), len(want), got, want)
	}
}

func lookupByWholeKey(t *testing.T, db decision.DB) {
	rec := Sample(5)
	rec.ID = must[uint64](t)(db.Store(t.Context(), rec))
	got, found, err := db.Lookup(t.Context(), rec.Key)
	if err != nil || !found || got != rec {
		t.Fatalf("Lookup = %v, %v, %v, want %v", got, found, err, rec)
	}
	for name, change := range map[string]func(*decision.Key){
		"client":      func(k *decision.Key) { k.Client++ },
		"evaluator":   func(k *decision.Key) { k.Evaluator++ },
		"service":     func(k *decision.Key) { k.Service++ },
		"server":      func(k *decision.Key) { k.Server++ },
		"fingerprint": func(k *decision.Key) { k.Fingerprint += "\x00" },
		"entity":      func(k *decision.Key) { k.Entity = "" },
		"major":       func(k *decision.Key) { k.Major++ },
	} {
		other := rec.Key
		change(&other)
		if got, found, err := db.Lookup(t.Context(), other); err != nil || found || got != (decision.Record{}) {
			t.Errorf("with another %s: Lookup = %v, %v, %v, want none", name, got, found, err)
		}
	}
}

func storeUpdates(t *testing.T, db decision.DB) {
	rec := Sample(1)
	id := must[uint64](t)(db.Store(t.Context(), rec))
	rec.Description, rec.Result, rec.Info, rec.ID = "", decision.Never, 0xFFFFFFFF, 12345
	rec.Age = decision.Age{Answered: 2, Uses: 0xFFFFFFFF, Program: "p"}
	if again := must[uint64](t)(db.Store(t.Context(), rec)); again != id {
		t.Errorf("the equal record has id %d, want %d", again, id)
	}
	rec.ID = id
	wantRecs(t, All(t, db, decision.Filter{}), []decision.Record{rec})
}

func storeRefuses(t *testing.T, db decision.DB) {
	for _, c := range []struct {
		want   error
		change func(*decision.Record)
	}{
		{decision.ErrFingerprintLength, func(r *decision.Record) { r.Fingerprint = strings.Repeat("f", 33) }},
		{decision.ErrEntityLength, func(r *decision.Record) { r.Entity = strings.Repeat("f", 33) }},
		{decision.ErrInvalidRecord, func(r *decision.Record) { r.Result = 2 }},
		{decision.ErrInvalidRecord, func(r *decision.Record) { r.Description = "\xff" }},
		{decision.ErrInvalidRecord, func(r *decision.Record) { r.Description = "a\x00b" }},
		{decision.ErrInvalidRecord, func(r *decision.Record) { r.Description = strings.Repeat("d", 4097) }},
		{decision.ErrInvalidRecord, func(r *decision.Record) { r.Answered = -1 }},
		{decision.ErrInvalidRecord, func(r *decision.Record) { r.Answered = 1 << 40 }},
		{decision.ErrInvalidRecord, func(r *decision.Record) { r.Program = strings.Repeat("p", 33) }},
	} {
		rec := Sample(0)
		c.change(&rec)
		_, err := db.Store(t.Context(), rec)
		wantErr(t, err, c.want)
		wantErr(t, err, decision.ErrInvalidRecord)
	}
	wantRecs(t, All(t, db, decision.Filter{}), []decision.Record{})
}

func storeAllOrNone(t *testing.T, db decision.DB) {
	bad := Sample(2)
	bad.Result = 2
	wantErr(t, db.StoreAll(t.Context(), Each([]decision.Record{Sample(0), Sample(1), bad})), decision.ErrInvalidRecord)
	wantErr(t, db.StoreAll(t.Context(), failing(2)), errReading)
	wantRecs(t, All(t, db, decision.Filter{}), []decision.Record{})
	if err := db.StoreAll(t.Context(), Each(nil)); err != nil {
		t.Errorf("storing nothing: %v", err)
	}
}

var errReading = errors.New("the records can't be read")

// failing returns a sequence of n samples that ends with errReading.
func failing(n int) iter.Seq2[decision.Record, error] {
	return func(yield func(decision.Record, error) bool) {
		for i := range n {
			if !yield(Sample(100+i), nil) {
				return
			}
		}
		yield(decision.Record{}, errReading)
	}
}

func replaceAllOrNone(t *testing.T, db decision.DB) {
	before := fill(t, db, 5)
	bad := Sample(2)
	bad.Result = 2
	_, err := db.ReplaceAll(t.Context(), Each([]decision.Record{Sample(7), bad}))
	wantErr(t, err, decision.ErrInvalidRecord)
	_, err = db.ReplaceAll(t.Context(), failing(3))
	wantErr(t, err, errReading)
	wantRecs(t, All(t, db, decision.Filter{}), before)
	for _, r := range before[:2] {
		if got, found, err := db.Lookup(t.Context(), r.Key); err != nil || !found || got != r {
			t.Errorf("Lookup = %v, %v, %v, want %v", got, found, err, r)
		}
	}
	if n := must[int](t)(db.ReplaceAll(t.Context(), Each([]decision.Record{Sample(1), Sample(7), Sample(1)}))); n != 5 {
		t.Errorf("%d records replaced, want 5", n)
	}
	after := All(t, db, decision.Filter{})
	if len(after) != 2 || after[0].Key != Sample(1).Key || after[1].Key != Sample(7).Key || after[0].ID <= before[4].ID {
		t.Errorf("%v, want two samples with new ids", after)
	}
	if _, found, err := db.Lookup(t.Context(), before[0].Key); err != nil || found {
		t.Errorf("a record that was replaced is found: %v, %v", found, err)
	}
	if n := must[int](t)(db.ReplaceAll(t.Context(), Each(nil))); n != 2 {
		t.Errorf("%d records replaced by none, want 2", n)
	}
	wantRecs(t, All(t, db, decision.Filter{}), []decision.Record{})
}

func bytesAreKept(t *testing.T, db decision.DB) {
	rec := Sample(0)
	rec.Fingerprint, rec.Entity, rec.Description = "\x00\xff'\";--"+strings.Repeat("\x80", 24), "\x00", "ä😀\n\t'%"
	rec.Client, rec.Evaluator, rec.Service, rec.Server = 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF
	rec.Major, rec.Info = 0xFFFF, 0xFFFFFFFF
	rec.ID = must[uint64](t)(db.Store(t.Context(), rec))
	wantRecs(t, All(t, db, decision.Filter{}), []decision.Record{rec})
	zero := decision.Record{}
	zero.ID = must[uint64](t)(db.Store(t.Context(), zero))
	if got, found, err := db.Lookup(t.Context(), decision.Key{}); err != nil || !found || got != zero {
		t.Errorf("Lookup of the zero key = %v, %v, %v, want %v", got, found, err, zero)
	}
}

func idsAreNotUsedTwice(t *testing.T, db decision.DB) {
	first := must[uint64](t)(db.Store(t.Context(), Sample(0)))
	if first == 0 {
		t.Error("an id is 0")
	}
	must[int](t)(decision.Clear(t.Context(), db))
	if second := must[uint64](t)(db.Store(t.Context(), Sample(1))); second <= first {
		t.Errorf("after %d was deleted a record got id %d", first, second)
	}
}

func listInOrder(t *testing.T, db decision.DB) {
	fill(t, db, 700) // more than an implementation may read at once
	recs := All(t, db, decision.Filter{})
	if len(recs) != 700 || !slices.IsSortedFunc(recs, func(a, b decision.Record) int { return int(a.ID) - int(b.ID) }) {
		t.Errorf("%d records, want 700 in order", len(recs))
	}
	n := 0
	for range db.List(t.Context(), decision.Filter{}) {
		if n++; n == 3 {
			break
		}
	}
	if n != 3 {
		t.Errorf("left after %d records, want 3", n)
	}
}

func listWhileChanging(t *testing.T, db decision.DB) {
	want := fill(t, db, 600)
	var got []decision.Record
	for r, err := range db.List(t.Context(), decision.Filter{}) {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, r)
		if len(got)%100 != 1 {
			continue
		}
		if err := db.DeleteRecord(t.Context(), r.ID); err != nil {
			t.Fatal(err)
		}
	}
	wantRecs(t, got, want)
	if n := must[int](t)(db.Count(t.Context(), decision.Filter{})); n != 594 {
		t.Errorf("%d records left, want 594", n)
	}
}

func updatesByID(t *testing.T, db decision.DB) {
	recs := fill(t, db, 3)
	recs[1].Result, recs[2].Info = decision.Never, 99
	for _, r := range recs {
		if err := errors.Join(db.UpdateResult(t.Context(), r.ID, r.Result), db.UpdateInfo(t.Context(), r.ID, r.Info)); err != nil {
			t.Fatal(err)
		}
	}
	wantRecs(t, All(t, db, decision.Filter{}), recs)
	for _, id := range []uint64{0, 1000, 1 << 63, 1<<64 - 1} {
		wantErr(t, db.UpdateResult(t.Context(), id, decision.Always), decision.ErrNotFound)
		wantErr(t, db.UpdateInfo(t.Context(), id, 1), decision.ErrNotFound)
		wantErr(t, db.DeleteRecord(t.Context(), id), decision.ErrNotFound)
	}
	wantErr(t, db.UpdateResult(t.Context(), recs[0].ID, 2), decision.ErrInvalidRecord)
	wantRecs(t, All(t, db, decision.Filter{}), recs)
}

// uses are counted from what was stored, and stay between the ends of their type.
func uses(t *testing.T, db decision.DB) {
	recs := fill(t, db, 3)
	for _, c := range []struct {
		n    int64
		want uint32
	}{
		{3, 4}, {0, 4}, {-1, 3}, {-4, 0}, {math.MaxUint32 - 1, math.MaxUint32 - 1}, {2, math.MaxUint32},
		{math.MaxInt64, math.MaxUint32}, {math.MinInt64, 0}, {math.MaxInt64, math.MaxUint32}, {-5, math.MaxUint32 - 5},
	} {
		if got := must[uint32](t)(db.AddUses(t.Context(), recs[1].ID, c.n)); got != c.want {
			t.Errorf("adding %d gives %d uses, want %d", c.n, got, c.want)
		}
		rec, _, err := db.Lookup(t.Context(), recs[1].Key)
		if recs[1].Uses = c.want; rec != recs[1] || err != nil {
			t.Errorf("after adding %d: %v, %v, want %v", c.n, rec, err, recs[1])
		}
	}
	wantRecs(t, All(t, db, decision.Filter{}), recs)
	for _, id := range []uint64{0, 1000, 1 << 63} {
		_, err := db.AddUses(t.Context(), id, 1)
		wantErr(t, err, decision.ErrNotFound)
	}
}

func deletes(t *testing.T, db decision.DB) {
	recs := fill(t, db, 40)
	if err := db.DeleteRecord(t.Context(), recs[0].ID); err != nil {
		t.Fatal(err)
	}
	wantErr(t, db.DeleteRecord(t.Context(), recs[0].ID), decision.ErrNotFound)
	old := decision.Filter{Major: decision.Number{Comparison: decision.Less, Value: 2}, Result: decision.Number{Comparison: decision.Equal, Value: 1}}
	left := slices.DeleteFunc(slices.Clone(recs[1:]), func(r decision.Record) bool { return r.Major < 2 && r.Result == decision.Always })
	if n := must[int](t)(db.Delete(t.Context(), old)); n != 39-len(left) || n == 0 {
		t.Errorf("deleted %d, want %d", n, 39-len(left))
	}
	wantRecs(t, All(t, db, decision.Filter{}), left)
	if n := must[int](t)(decision.Clear(t.Context(), db)); n != len(left) {
		t.Errorf("cleared %d, want %d", n, len(left))
	}
}

func removeClient(t *testing.T, db decision.DB) {
	recs := fill(t, db, 30)
	sid := recs[3].Client
	left := slices.DeleteFunc(slices.Clone(recs), func(r decision.Record) bool { return r.Client == sid })
	if n := must[int](t)(decision.RemoveClient(t.Context(), db, sid)); n != len(recs)-len(left) {
		t.Errorf("removed %d, want %d", n, len(recs)-len(left))
	}
	wantRecs(t, All(t, db, decision.Filter{}), left)
}

// purgeSpares is a purge that leaves services alone: one that is active as
// another version, one that isn't active, and one without records.
func purgeSpares(t *testing.T, db decision.DB) {
	recs := fill(t, db, 60)
	stays := decision.Service{Server: 0x2000, Service: 0x1000}
	spare := []decision.Service{{Server: 0x2001, Service: 0x1001}, {Server: 0x2000, Service: 0x1002}, {Server: 1, Service: 1}}
	active := map[decision.Service]uint16{stays: 2, spare[0]: 9}
	left := slices.DeleteFunc(slices.Clone(recs), func(r decision.Record) bool {
		s := decision.Service{Server: r.Server, Service: r.Service}
		return !slices.Contains(spare, s) && (s != stays || r.Major != 2)
	})
	if len(left) == 0 || len(left) == len(recs) {
		t.Fatal("the samples don't show a purge")
	}
	if n := must[int](t)(db.Purge(t.Context(), active, spare)); n != len(recs)-len(left) {
		t.Errorf("purged %d, want %d", n, len(recs)-len(left))
	}
	wantRecs(t, All(t, db, decision.Filter{}), left)
}

// purgeEnds purges the lowest and the highest service and major version.
func purgeEnds(t *testing.T, db decision.DB) {
	const highest = 0xFFFFFFFF
	ends := []decision.Record{{}, {Key: decision.Key{Server: highest, Service: highest, Major: 0xFFFF}}}
	for _, rec := range ends {
		must[uint64](t)(db.Store(t.Context(), rec))
	}
	active := map[decision.Service]uint16{{}: 0, {Server: highest, Service: highest}: 0xFFFF}
	if n := must[int](t)(db.Purge(t.Context(), active, nil)); n != 0 {
		t.Errorf("%d records of the active versions are purged", n)
	}
	for i := range ends {
		service := decision.Service{Server: ends[i].Server, Service: ends[i].Service}
		delete(active, service)
		if n := must[int](t)(db.Purge(t.Context(), active, nil)); n != 1 {
			t.Errorf("%v: %d records are purged, want 1", service, n)
		}
	}
}

// purge is what docs/service.md, Purge, requires: a service whose
// file stays, one whose file has another major version, one without a file.
func purge(t *testing.T, db decision.DB) {
	recs := fill(t, db, 60)
	stays, changed := decision.Service{Server: 0x2000, Service: 0x1000}, decision.Service{Server: 0x2001, Service: 0x1001}
	active := map[decision.Service]uint16{stays: 2, changed: 9, {Server: 1, Service: 1}: 0}
	left := slices.DeleteFunc(slices.Clone(recs), func(r decision.Record) bool {
		return r.Server != stays.Server || r.Service != stays.Service || r.Major != 2
	})
	if len(left) == 0 || len(left) == len(recs) {
		t.Fatal("the samples don't show a purge")
	}
	if n := must[int](t)(db.Purge(t.Context(), active, nil)); n != len(recs)-len(left) {
		t.Errorf("purged %d, want %d", n, len(recs)-len(left))
	}
	wantRecs(t, All(t, db, decision.Filter{}), left)
	if n := must[int](t)(db.Purge(t.Context(), active, nil)); n != 0 {
		t.Errorf("purged %d again", n)
	}
	if n := must[int](t)(db.Purge(t.Context(), nil, nil)); n != len(left) {
		t.Errorf("purged %d without policies, want %d", n, len(left))
	}
}

func doneContext(t *testing.T, db decision.DB) {
	recs := fill(t, db, 2)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := db.Store(ctx, Sample(9))
	wantErr(t, err, context.Canceled)
	wantErr(t, db.DeleteRecord(ctx, recs[0].ID), context.Canceled)
	_, _, err = db.Lookup(ctx, Sample(50).Key)
	wantErr(t, err, context.Canceled)
	wantErr(t, lastErr(db, ctx), context.Canceled)
	wantRecs(t, All(t, db, decision.Filter{}), recs)
}

func lastErr(db decision.DB, ctx context.Context) (last error) {
	for _, err := range db.List(ctx, decision.Filter{}) {
		last = err
	}
	return last
}

func closed(t *testing.T, db decision.DB) {
	recs := fill(t, db, 1)
	if _, _, err := db.Lookup(t.Context(), recs[0].Key); err != nil {
		t.Fatal(err)
	}
	if err := db.Close(); err != nil {
		t.Fatal(err)
	}
	_, _, err := db.Lookup(t.Context(), recs[0].Key)
	wantErr(t, err, decision.ErrClosed)
	_, err = db.Store(t.Context(), Sample(1))
	wantErr(t, err, decision.ErrClosed)
	_, err = db.Count(t.Context(), decision.Filter{})
	wantErr(t, err, decision.ErrClosed)
	wantErr(t, lastErr(db, t.Context()), decision.ErrClosed)
	wantErr(t, db.Close(), decision.ErrClosed)
}

func exportImport(t *testing.T, db decision.DB) {
	recs := fill(t, db, 20)
	var text strings.Builder
	if n := must[int](t)(decision.Export(t.Context(), db, decision.Filter{}, &text)); n != 20 {
		t.Errorf("exported %d, want 20", n)
	}
	must[int](t)(decision.Clear(t.Context(), db))
	if err := db.StoreAll(t.Context(), decision.Lines(strings.NewReader(text.String()))); err != nil {
		t.Error(err)
	}
	got := All(t, db, decision.Filter{})
	for i := range got {
		got[i].ID = recs[i].ID // an import assigns new ones
	}
	wantRecs(t, got, recs)
}
