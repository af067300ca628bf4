package decision

import (
	"context"
	"errors"
	"iter"
	"sync"
	"sync/atomic"
)

// DefaultCacheSize is how many keys a cache remembers by default: with records
// of usual size (100 bytes of text), some 8 MB.
const DefaultCacheSize = 16384

// Cached is a database with a read cache in memory. It remembers for a key
// the record, or that there is none. It must be the only way by which the
// database is changed.
//
// An answer from the cache is one that the database would have returned at some
// moment of the call: a change first drops the entries that it may make false,
// and then changes the database. While a change is under way, and if one began
// since a read did, what was read is not remembered.
type Cached struct {
	DB
	// OnLookup is told of each look-up whether it was answered from memory; it is set
	// before the first, or nil.
	OnLookup func(hit bool)

	size int

	mu      sync.RWMutex
	entries map[Key]*entry
	byID    map[uint64]*entry // those with a record
	ring    []*entry          // the entries, and
	hand    int               // the place in them, of the clock algorithm
	changes int               // under way
	epoch   uint64            // grows with every change, when it begins
}

// entry is what is known of a key, which doesn't change.
type entry struct {
	key   Key
	rec   Record
	found bool
	at    int         // its place in the ring
	used  atomic.Bool // since the hand passed
}

// NewCached returns db with a cache of size keys: DefaultCacheSize if size is 0,
// none if it is negative.
func NewCached(db DB, size int) *Cached {
	if size == 0 {
		size = DefaultCacheSize
	}
	return &Cached{DB: db, size: size, entries: map[Key]*entry{}, byID: map[uint64]*entry{}}
}

// Lookup answers from memory if it can, and then doesn't look at ctx.
func (c *Cached) Lookup(ctx context.Context, key Key) (Record, bool, error) {
	c.mu.RLock()
	e, epoch, unchanged := c.entries[key], c.epoch, c.changes == 0
	c.mu.RUnlock()
	if c.OnLookup != nil {
		c.OnLookup(e != nil)
	}
	if e != nil {
		if !e.used.Load() {
			e.used.Store(true)
		}
		return e.rec, e.found, nil
	}
	rec, found, err := c.DB.Lookup(ctx, key)
	switch {
	case errors.Is(err, ErrCorrupt):
		c.Forget()
	case err == nil && unchanged:
		c.remember(&entry{key: key, rec: rec, found: found}, epoch)
	}
	return rec, found, err
}

// remember adds what was read in an epoch, unless that is over.
func (c *Cached) remember(e *entry, epoch uint64) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.epoch != epoch || c.size < 0 || c.entries[e.key] != nil {
		return
	}
	if len(c.ring) == c.size {
		c.forgetOne()
	}
	e.at = len(c.ring)
	c.ring = append(c.ring, e)
	c.entries[e.key] = e
	if e.found {
		c.byID[e.rec.ID] = e
	}
}

// forgetOne drops an entry that wasn't used lately (the algorithm known as
// clock).
func (c *Cached) forgetOne() {
	for c.ring[c.hand].used.Swap(false) {
		c.hand = (c.hand + 1) % len(c.ring)
	}
	c.drop(c.ring[c.hand])
}

// drop drops an entry; the last of the ring takes its place.
func (c *Cached) drop(e *entry) {
	delete(c.entries, e.key)
	if e.found {
		delete(c.byID, e.rec.ID)
	}
	last := len(c.ring) - 1
	c.ring[e.at] = c.ring[last]
	c.ring[e.at].at = e.at
	c.ring[last] = nil
	c.ring = c.ring[:last]
	if c.hand >= last {
		c.hand = 0
	}
}

func (c *Cached) dropAll() {
	clear(c.entries)
	clear(c.byID)
	clear(c.ring)
	c.ring, c.hand = c.ring[:0], 0
}

func (c *Cached) dropKey(key Key) {
	if e := c.entries[key]; e != nil {
		c.drop(e)
	}
}

func (c *Cached) dropID(id uint64) {
	if e := c.byID[id]; e != nil {
		c.drop(e)
	}
}

// Forget empties the cache: the database was replaced.
func (c *Cached) Forget() {
	c.begin(c.dropAll)
	c.end()
}

// change makes a change to the database, between dropping what it makes
// false and letting reads be remembered again.
func (c *Cached) change(drop func(), f func() error) error {
	c.begin(drop)
	defer c.end()
	err := f()
	if errors.Is(err, ErrCorrupt) {
		c.Forget()
	}
	return err
}

func (c *Cached) begin(drop func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes++
	c.epoch++
	drop()
}

func (c *Cached) end() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.changes--
}

// Store is DB.Store.
func (c *Cached) Store(ctx context.Context, rec Record) (id uint64, err error) {
	err = c.change(func() { c.dropKey(rec.Key) }, func() error {
		id, err = c.DB.Store(ctx, rec)
		return err
	})
	return id, err
}

// StoreAll is DB.StoreAll.
func (c *Cached) StoreAll(ctx context.Context, recs iter.Seq2[Record, error]) error {
	return c.change(c.dropAll, func() error { return c.DB.StoreAll(ctx, recs) })
}

// ReplaceAll is DB.ReplaceAll.
func (c *Cached) ReplaceAll(ctx context.Context, recs iter.Seq2[Record, error]) (n int, err error) {
	err = c.change(c.dropAll, func() error {
		n, err = c.DB.ReplaceAll(ctx, recs)
		return err
	})
	return n, err
}

// UpdateResult is DB.UpdateResult.
func (c *Cached) UpdateResult(ctx context.Context, id uint64, result Result) error {
	return c.change(func() { c.dropID(id) }, func() error { return c.DB.UpdateResult(ctx, id, result) })
}

// UpdateInfo is DB.UpdateInfo.
func (c *Cached) UpdateInfo(ctx context.Context, id uint64, info uint32) error {
	return c.change(func() { c.dropID(id) }, func() error { return c.DB.UpdateInfo(ctx, id, info) })
}

// AddUses is DB.AddUses.
func (c *Cached) AddUses(ctx context.Context, id uint64, n int64) (uses uint32, err error) {
	err = c.change(func() { c.dropID(id) }, func() error {
		uses, err = c.DB.AddUses(ctx, id, n)
		return err
	})
	return uses, err
}

// DeleteRecord is DB.DeleteRecord.
func (c *Cached) DeleteRecord(ctx context.Context, id uint64) error {
	return c.change(func() { c.dropID(id) }, func() error { return c.DB.DeleteRecord(ctx, id) })
}

// Delete is DB.Delete.
func (c *Cached) Delete(ctx context.Context, f Filter) (n int, err error) {
	err = c.change(c.dropAll, func() error {
		n, err = c.DB.Delete(ctx, f)
		return err
	})
	return n, err
}

// Purge is DB.Purge.
func (c *Cached) Purge(ctx context.Context, active map[Service]uint16, spare []Service) (n int, err error) {
	err = c.change(c.dropAll, func() error {
		n, err = c.DB.Purge(ctx, active, spare)
		return err
	})
	return n, err
}

// Close is DB.Close.
func (c *Cached) Close() error {
	return c.change(c.dropAll, c.DB.Close)
}
