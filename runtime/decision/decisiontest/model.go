package decisiontest

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"ups/runtime/decision"
)

// Model runs random operations on a database and on a model of two dozen lines,
// one after the other, and compares every answer. reopen closes the
// database and opens it again; it may be nil.
func Model(t *testing.T, open Open, reopen func(t testing.TB, db decision.DB) decision.DB) {
	rapid.Check(t, func(rt *rapid.T) {
		m := &model{db: open(t), recs: map[decision.Key]decision.Record{}}
		actions := map[string]func(*rapid.T){
			"": m.compare, "store": m.store, "lookup": m.lookup, "update result": m.updateResult,
			"update info": m.updateInfo, "add uses": m.addUses, "delete one": m.deleteRecord, "delete": m.delete, "purge": m.purge,
		}
		if reopen != nil {
			actions["reopen"] = func(*rapid.T) { m.db = reopen(t, m.db) }
		}
		rt.Repeat(actions)
		m.db.Close()
	})
}

type model struct {
	db   decision.DB
	recs map[decision.Key]decision.Record
	last uint64 // id
}

// keys are few, so that operations meet.
var keys = rapid.Custom(func(t *rapid.T) decision.Key {
	return decision.Key{
		Client: rapid.Uint32Range(1, 2).Draw(t, "client"), Server: rapid.Uint32Range(1, 2).Draw(t, "server"),
		Service: rapid.Uint32Range(1, 2).Draw(t, "service"), Major: rapid.Uint16Range(0, 1).Draw(t, "major"),
		Fingerprint: rapid.SampledFrom([]string{"", "\x00", "f"}).Draw(t, "fingerprint"),
	}
})

var results = rapid.SampledFrom([]decision.Result{decision.Never, decision.Always})

func (m *model) compare(t *rapid.T) {
	var got []decision.Record
	for r, err := range m.db.List(t.Context(), decision.Filter{}) {
		check(t, err)
		got = append(got, r)
	}
	want := slices.SortedFunc(maps.Values(m.recs), func(a, b decision.Record) int { return cmp.Compare(a.ID, b.ID) })
	if !slices.Equal(got, want) {
		t.Fatalf("the database holds %v, want %v", got, want)
	}
}

func (m *model) store(t *rapid.T) {
	rec := decision.Record{Key: keys.Draw(t, "key"), Result: results.Draw(t, "result"), Info: rapid.Uint32().Draw(t, "info"), Description: "d",
		Age: decision.Age{Answered: rapid.Int64Range(0, 3).Draw(t, "answered"), Program: rapid.SampledFrom([]string{"", "\x00"}).Draw(t, "program")}}
	id, err := m.db.Store(t.Context(), rec)
	check(t, err)
	if old, ok := m.recs[rec.Key]; ok && old.ID != id || !ok && id <= m.last {
		t.Fatalf("got id %d after %d, for %v", id, m.last, old)
	}
	rec.ID, m.last = id, max(m.last, id)
	m.recs[rec.Key] = rec
}

func (m *model) lookup(t *rapid.T) {
	key := keys.Draw(t, "key")
	want, there := m.recs[key]
	for range 2 { // the second may be answered from a cache
		got, found, err := m.db.Lookup(t.Context(), key)
		check(t, err)
		if found != there || got != want {
			t.Fatalf("Lookup = %v, %v, want %v, %v", got, found, want, there)
		}
	}
}

// byID draws an id, mostly of a record that is there.
func (m *model) byID(t *rapid.T, f func(id uint64) error, then func(decision.Record)) {
	id := rapid.Uint64Range(0, m.last+1).Draw(t, "id")
	err := f(id)
	for _, r := range m.recs {
		if r.ID == id {
			check(t, err)
			then(r)
			return
		}
	}
	if !errors.Is(err, decision.ErrNotFound) {
		t.Fatalf("id %d: error %v, want ErrNotFound", id, err)
	}
}

func (m *model) updateResult(t *rapid.T) {
	result := results.Draw(t, "result")
	m.byID(t, func(id uint64) error { return m.db.UpdateResult(t.Context(), id, result) }, func(r decision.Record) {
		r.Result = result
		m.recs[r.Key] = r
	})
}

func (m *model) updateInfo(t *rapid.T) {
	info := rapid.Uint32().Draw(t, "info")
	m.byID(t, func(id uint64) error { return m.db.UpdateInfo(t.Context(), id, info) }, func(r decision.Record) {
		r.Info = info
		m.recs[r.Key] = r
	})
}

func (m *model) addUses(t *rapid.T) {
	var got uint32
	n := rapid.Int64Range(-2, 5).Draw(t, "uses")
	add := func(id uint64) (err error) {
		got, err = m.db.AddUses(t.Context(), id, n)
		return err
	}
	m.byID(t, add, func(r decision.Record) {
		if r.Uses = uint32(max(int64(r.Uses)+n, 0)); r.Uses != got {
			t.Fatalf("%d uses, want %d", got, r.Uses)
		}
		m.recs[r.Key] = r
	})
}

func (m *model) deleteRecord(t *rapid.T) {
	m.byID(t, func(id uint64) error { return m.db.DeleteRecord(t.Context(), id) }, func(r decision.Record) { delete(m.recs, r.Key) })
}

func (m *model) delete(t *rapid.T) {
	client := rapid.Uint32Range(1, 2).Draw(t, "client")
	n, err := decision.RemoveClient(t.Context(), m.db, client)
	check(t, err)
	m.expectGone(t, n, func(r decision.Record) bool { return r.Client == client })
}

func (m *model) purge(t *rapid.T) {
	active := map[decision.Service]uint16{}
	var spare []decision.Service
	for n := range uint32(4) {
		s := decision.Service{Server: n&1 + 1, Service: n>>1 + 1}
		if rapid.Bool().Draw(t, "active") {
			active[s] = rapid.Uint16Range(0, 1).Draw(t, "major")
		}
		if rapid.IntRange(0, 3).Draw(t, "spare") == 3 {
			spare = append(spare, s)
		}
	}
	n, err := m.db.Purge(t.Context(), active, spare)
	check(t, err)
	m.expectGone(t, n, func(r decision.Record) bool {
		s := decision.Service{Server: r.Server, Service: r.Service}
		major, ok := active[s]
		return !slices.Contains(spare, s) && (!ok || r.Major != major)
	})
}

func (m *model) expectGone(t *rapid.T, n int, gone func(decision.Record) bool) {
	before := len(m.recs)
	maps.DeleteFunc(m.recs, func(_ decision.Key, r decision.Record) bool { return gone(r) })
	if n != before-len(m.recs) {
		t.Fatalf("%d records deleted, want %d", n, before-len(m.recs))
	}
}

func check(t *rapid.T, err error) {
	if err != nil {
		t.Fatal(err)
	}
}
