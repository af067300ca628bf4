package decision

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"math"
	"slices"
	"sync"
)

// NewMemory returns an empty database that is kept in memory and lost with it:
// for tests, and for a service whose disk has failed.
func NewMemory() DB {
	return &memory{byKey: map[Key]*Record{}, byID: map[uint64]*Record{}}
}

type memory struct {
	mu     sync.RWMutex
	byKey  map[Key]*Record
	byID   map[uint64]*Record
	lastID uint64
	closed bool
}

// read calls f while nothing changes.
func (m *memory) read(ctx context.Context, f func() error) error {
	m.mu.RLock()
	defer m.mu.RUnlock()
	return m.run(ctx, f)
}

// write calls f while nobody else reads or changes.
func (m *memory) write(ctx context.Context, f func() error) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.run(ctx, f)
}

func (m *memory) run(ctx context.Context, f func() error) error {
	if m.closed {
		return ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return f()
}

func (m *memory) Lookup(ctx context.Context, key Key) (rec Record, found bool, err error) {
	err = m.read(ctx, func() error {
		if r, ok := m.byKey[key]; ok {
			rec, found = *r, true
		}
		return nil
	})
	return rec, found, err
}

func (m *memory) Store(ctx context.Context, rec Record) (id uint64, err error) {
	if err := rec.Validate(); err != nil {
		return 0, err
	}
	err = m.write(ctx, func() error {
		id = m.put(rec)
		return nil
	})
	return id, err
}

func (m *memory) StoreAll(ctx context.Context, recs iter.Seq2[Record, error]) error {
	valid, err := collect(recs)
	if err != nil {
		return err
	}
	return m.write(ctx, func() error {
		m.putAll(valid)
		return nil
	})
}

func (m *memory) ReplaceAll(ctx context.Context, recs iter.Seq2[Record, error]) (n int, err error) {
	valid, err := collect(recs)
	if err != nil {
		return 0, err
	}
	err = m.write(ctx, func() error {
		n = len(m.byKey)
		clear(m.byKey)
		clear(m.byID)
		m.putAll(valid)
		return nil
	})
	return n, err
}

// collect returns the records of a sequence if all are valid.
func collect(recs iter.Seq2[Record, error]) (valid []Record, err error) {
	for r, err := range recs {
		if err == nil {
			err = r.Validate()
		}
		if err != nil {
			return nil, err
		}
		valid = append(valid, r)
	}
	return valid, nil
}

func (m *memory) putAll(recs []Record) {
	for _, r := range recs {
		m.put(r)
	}
}

func (m *memory) put(rec Record) uint64 {
	if old, ok := m.byKey[rec.Key]; ok {
		rec.ID = old.ID
		*old = rec
		return rec.ID
	}
	m.lastID++
	rec.ID = m.lastID
	m.byKey[rec.Key], m.byID[rec.ID] = &rec, &rec
	return rec.ID
}

func (m *memory) List(ctx context.Context, f Filter) iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		recs, err := m.selected(ctx, f)
		if err != nil {
			yield(Record{}, err)
			return
		}
		for _, r := range recs {
			if err := ctx.Err(); err != nil {
				yield(Record{}, err)
				return
			}
			if !yield(r, nil) {
				return
			}
		}
	}
}

// selected returns copies of the records that a filter selects, ordered by id.
func (m *memory) selected(ctx context.Context, f Filter) (recs []Record, err error) {
	if _, err := f.Conditions(); err != nil {
		return nil, err
	}
	err = m.read(ctx, func() error {
		for _, r := range m.byID {
			if f.Match(r) {
				recs = append(recs, *r)
			}
		}
		return nil
	})
	slices.SortFunc(recs, func(a, b Record) int { return cmp.Compare(a.ID, b.ID) })
	return recs, err
}

func (m *memory) Count(ctx context.Context, f Filter) (int, error) {
	recs, err := m.selected(ctx, f)
	return len(recs), err
}

func (m *memory) UpdateResult(ctx context.Context, id uint64, result Result) error {
	if err := (&Record{Result: result}).Validate(); err != nil {
		return err
	}
	return m.change(ctx, id, func(r *Record) { r.Result = result })
}

func (m *memory) UpdateInfo(ctx context.Context, id uint64, info uint32) error {
	return m.change(ctx, id, func(r *Record) { r.Info = info })
}

func (m *memory) AddUses(ctx context.Context, id uint64, n int64) (uses uint32, err error) {
	err = m.change(ctx, id, func(r *Record) {
		n = min(max(n, -math.MaxUint32), math.MaxUint32) // so that the sum is no overflow
		r.Uses = uint32(min(max(int64(r.Uses)+n, 0), math.MaxUint32))
		uses = r.Uses
	})
	return uses, err
}

func (m *memory) DeleteRecord(ctx context.Context, id uint64) error {
	return m.change(ctx, id, m.drop)
}

// change calls f with a record while nobody else has it.
func (m *memory) change(ctx context.Context, id uint64, f func(*Record)) error {
	return m.write(ctx, func() error {
		r, ok := m.byID[id]
		if !ok {
			return ErrNotFound
		}
		f(r)
		return nil
	})
}

func (m *memory) drop(r *Record) {
	delete(m.byKey, r.Key)
	delete(m.byID, r.ID)
}

func (m *memory) Delete(ctx context.Context, f Filter) (int, error) {
	if _, err := f.Conditions(); err != nil {
		return 0, err
	}
	return m.deleteIf(ctx, f.Match)
}

func (m *memory) Purge(ctx context.Context, active map[Service]uint16, spare []Service) (int, error) {
	spared := map[Service]bool{}
	for _, s := range spare {
		spared[s] = true
	}
	return m.deleteIf(ctx, func(r *Record) bool {
		s := Service{r.Server, r.Service}
		major, ok := active[s]
		return !spared[s] && (!ok || major != r.Major)
	})
}

func (m *memory) deleteIf(ctx context.Context, void func(*Record) bool) (n int, err error) {
	err = m.write(ctx, func() error {
		for r := range maps.Values(m.byID) {
			if void(r) {
				m.drop(r)
				n++
			}
		}
		return nil
	})
	return n, err
}

func (m *memory) Close() error {
	return m.write(context.Background(), func() error {
		m.closed = true
		return nil
	})
}
