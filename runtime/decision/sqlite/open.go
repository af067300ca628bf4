// Package sqlite keeps the decision database in a SQLite file.
//
// A record that was acknowledged is on disk: every change is a transaction
// that has been synced when the call returns. Every page has a checksum that
// is verified whenever it is read, so that a damaged file is an error and
// never a wrong answer. A damaged database is renamed to a dated name and
// reported, and a new one is made.
//
// One opening owns a file, by whatever name it is reached; others may read it
// (View). A file that isn't of a decision database is never moved, replaced,
// removed or written to (ErrNotDatabase): it is one only if its header says so.
package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"time"

	"ups/runtime/decision"
)

// Options configure Open. The zero value can be used.
type Options struct {
	// CacheSize is the number of keys whose answers are kept in memory:
	// decision.DefaultCacheSize if it is 0, none if it is negative.
	CacheSize int
	// Report is called with what the owner of the database must know, from
	// any goroutine that uses the database, before its operation returns. If
	// it is nil, a damaged database is not replaced, since nobody would know:
	// every operation fails with decision.ErrCorrupt.
	Report func(Event)
	// OnOperation is told of what is read and changed, as by decision.Observe; what is
	// answered from memory isn't read. nil tells nobody.
	OnOperation func(context.Context, decision.Operation)
	// OnLookup is told of each look-up whether the cache answered it (decision.Cached).
	OnLookup func(hit bool)
	// Now returns the time, for the names of damaged files. nil is time.Now.
	Now func() time.Time
}

// Event is what the owner of a database must know.
type Event struct {
	Path string // of the database
	// MovedTo is the new name of the damaged database, which keeps its log
	// under the same name with -wal. It is empty if the database was not
	// damaged, but can only be read.
	MovedTo string
	Err     error // why: it wraps decision.ErrCorrupt or decision.ErrReadOnly
}

// Open opens the database at path, or makes it (readable by its owner only)
// if nothing is there. A file that may be read but not written is opened so,
// and reported; every change then fails with decision.ErrReadOnly, and it
// stays where it is, whatever state it is in.
//
// A damaged database is renamed (Options.Report): its header says that it is a
// decision database, and a checksum doesn't match, or its size isn't what its
// header says. All else is an error, and no file is touched: a database that
// is in use (decision.ErrLocked) or of a newer version (ErrNewer), a file that
// isn't a decision database or can't be recognised as one, that isn't regular
// or has hard links, a file in the place of one that SQLite makes
// (ErrNotDatabase), and any fault of the system. A symbolic link to a database
// is followed.
func Open(ctx context.Context, path string, opt Options) (decision.DB, error) {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	d := &database{name: path, opt: opt}
	d.cache = decision.NewCached(d.observed(), opt.CacheSize)
	d.cache.OnLookup = opt.OnLookup
	if err := d.openAny(ctx); err != nil {
		d.lock.abandon()
		return nil, fmt.Errorf("decision database %s: %w", path, err)
	}
	return d.cache, nil
}

// observed is what the cache reads from.
func (d *database) observed() decision.DB {
	if d.opt.OnOperation == nil {
		return d
	}
	return decision.Observe(d, d.opt.OnOperation)
}

// View opens a database to read, also while another opening owns it. It never
// changes, moves or makes a file.
func View(ctx context.Context, path string) (decision.DB, error) {
	d := &database{name: path}
	var err error
	if d.path, err = locate(path); err == nil {
		d.h, err = d.openReadOnly(ctx)
	}
	if err != nil {
		return nil, fmt.Errorf("decision database %s: %w", path, err)
	}
	return d, nil
}

// database is a file, which may be replaced by a new one while it is in use.
type database struct {
	name  string // as the caller wrote it, for messages
	path  string // absolute, of the file itself
	opt   Options
	owner bool             // false if the file is only read
	cache *decision.Cached // in front of this; nil for a view

	mu   sync.RWMutex // held to replace the handle, shared to use it
	lock ownerLock
	h    *handle
	err  error // why there is no handle; nil if there is one
}

// openAny opens the database to write, or else to read.
func (d *database) openAny(ctx context.Context) (err error) {
	if d.path, err = locate(d.name); err != nil {
		return err
	}
	denied := d.lock.acquire(d.path)
	if isDenied(denied) {
		d.lock.abandon()
		if d.h, err = d.openReadOnly(ctx); err != nil {
			return errors.Join(denied, err)
		}
		d.report(&Event{Path: d.name, Err: fmt.Errorf("%w: %w", decision.ErrReadOnly, denied)})
		return nil
	}
	if denied != nil {
		return denied
	}
	d.owner = true
	h, event, err := d.openOrReplace(ctx)
	d.report(event)
	d.h = h
	return err
}

func (d *database) openOrReplace(ctx context.Context) (*handle, *Event, error) {
	h, err := d.open(ctx)
	if errors.Is(err, fs.ErrNotExist) {
		h, err = d.createAndOpen(ctx)
	}
	if errors.Is(err, decision.ErrCorrupt) {
		return d.replace(ctx, err)
	}
	return h, nil, err
}

func (d *database) open(ctx context.Context) (*handle, error) {
	if d.lock.file == nil {
		if err := d.lock.acquireFile(d.path); err != nil {
			return nil, err
		}
	}
	if err := inspect(d.lock.file, d.path); err != nil {
		return nil, err
	}
	if err := checkSidecars(d.path); err != nil {
		return nil, err
	}
	if err := checkLog(d.path); err != nil {
		return nil, err
	}
	return openHandle(ctx, d.path, d.lock.id, readWrite, queryOnly)
}

// createAndOpen makes a new database where none is. SQLite would delete a log that
// was left without one.
func (d *database) createAndOpen(ctx context.Context) (*handle, error) {
	for _, suffix := range []string{walSuffix, shmSuffix, journalSuffix} {
		if err := checkUnused(d.path + suffix); errors.Is(err, fs.ErrExist) {
			return nil, fmt.Errorf("%w: %s is there without a database, and must be moved away", decision.ErrNotDatabase, d.path+suffix)
		} else if err != nil {
			return nil, err
		}
	}
	if err := create(ctx, d.path); err != nil {
		return nil, err
	}
	return d.open(ctx)
}

// replace renames the damaged database and makes a new one.
func (d *database) replace(ctx context.Context, cause error) (*handle, *Event, error) {
	if d.opt.Report == nil || !d.owner {
		return nil, nil, cause
	}
	// Windows doesn't rename a file that is open. The name stays locked.
	if err := d.lock.releaseFile(); err != nil {
		return nil, nil, errors.Join(cause, err)
	}
	to, err := renameDamaged(d.path, d.lock.id, d.opt.Now())
	if err != nil {
		return nil, nil, errors.Join(cause, err)
	}
	h, err := d.createAndOpen(context.WithoutCancel(ctx))
	return h, &Event{Path: d.name, MovedTo: d.shownAs(to), Err: cause}, err
}

// viewAttempts is how often a view is tried to be opened, 10 ms apart, while an
// owner is just opening or closing the database.
const viewAttempts = 50

// openReadOnly opens a database to read.
func (d *database) openReadOnly(ctx context.Context) (h *handle, err error) {
	for range viewAttempts {
		h, err = d.readOnce(ctx)
		if !errors.Is(err, errNoLog) {
			return h, err
		}
		select {
		case <-ctx.Done():
			return nil, ctx.Err()
		case <-time.After(10 * time.Millisecond):
		}
	}
	return nil, err
}

// readOnce opens the database in the mode that suits the state that it is in.
// With an owner SQLite uses the owner's log and shared memory. Without one
// it would make both, unless the mode prevents it.
func (d *database) readOnce(ctx context.Context) (h *handle, err error) {
	f, err := openPlain(d.path, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer func() {
		if h == nil {
			f.Close()
		}
	}()
	if err := errors.Join(inspect(f, d.path), checkSidecarsOfView(d.path)); err != nil {
		return nil, err
	}
	id, err := f.Stat()
	if err != nil {
		return nil, err
	}
	u, err := newUnowned(f, d.path)
	if err != nil {
		return nil, err
	}
	m, err := viewMode(u)
	if err != nil {
		return nil, err
	}
	if h, err = openHandle(ctx, d.path, id, m); err != nil {
		return nil, err
	}
	h.file = f
	if m != withOwner {
		h.unowned = u
	}
	return h, nil
}

func viewMode(u *unowned) (mode, error) {
	owned, err := isOwned(u.file)
	switch {
	case err != nil:
		return "", err
	case owned:
		return withOwner, nil
	case logged(u.path):
		return withoutOwner, nil
	}
	return immutable, nil
}

func (d *database) report(e *Event) {
	if e != nil && d.opt.Report != nil {
		d.opt.Report(*e)
	}
}

// use calls f with the open file. If f finds it damaged, it is replaced, and
// the error, ErrCorrupt, is that of this operation alone. If an owner has
// opened the database since a view did, what f found may be of two states, and
// f is called again.
func (d *database) use(ctx context.Context, f func(*handle) error) error {
	h, err := d.share(ctx)
	if err != nil {
		return err
	}
	err = classify(f(h))
	changed := h.unowned != nil && h.unowned.changed()
	d.mu.RUnlock()
	switch {
	case ctx.Err() != nil && err != nil && !errors.Is(err, decision.ErrCorrupt):
		return ctx.Err()
	case changed:
		if err := d.reopen(ctx, h); err != nil {
			return err
		}
		return d.use(ctx, f)
	case errors.Is(err, decision.ErrCorrupt):
		return d.damaged(ctx, h, err)
	}
	return err
}

// reopen opens a view again, unless another operation has.
func (d *database) reopen(ctx context.Context, h *handle) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.h != h {
		return nil
	}
	h.close() // nothing was written
	d.h, d.err = d.openReadOnly(ctx)
	return d.err
}

// share returns the handle, with the lock shared. If the last replacement
// failed, say since the disk was full, it is tried again.
func (d *database) share(ctx context.Context) (*handle, error) {
	d.mu.RLock()
	if d.h != nil {
		return d.h, nil
	}
	d.mu.RUnlock()
	if err := d.retry(ctx); err != nil {
		return nil, err
	}
	d.mu.RLock()
	if d.h != nil {
		return d.h, nil
	}
	defer d.mu.RUnlock()
	return nil, d.err
}

func (d *database) retry(ctx context.Context) error {
	d.mu.Lock()
	if d.h != nil || errors.Is(d.err, decision.ErrClosed) {
		defer d.mu.Unlock()
		return d.err
	}
	if !d.owner {
		defer d.mu.Unlock()
		d.h, d.err = d.openReadOnly(ctx)
		return d.err
	}
	h, event, err := d.openOrReplace(ctx)
	d.h, d.err = h, err
	d.mu.Unlock()
	d.report(event)
	return err
}

// damaged replaces the file of a handle, unless another operation has.
func (d *database) damaged(ctx context.Context, h *handle, cause error) error {
	d.mu.Lock()
	if d.h != h || d.opt.Report == nil || !d.owner {
		d.mu.Unlock()
		return cause
	}
	h.close() // its error is the damage once more
	next, event, err := d.replace(ctx, cause)
	d.h, d.err = next, err
	d.mu.Unlock()
	d.cache.Forget()
	d.report(event)
	return errors.Join(cause, err)
}

// Close is part of decision.DB.
func (d *database) Close() error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if errors.Is(d.err, decision.ErrClosed) {
		return d.err
	}
	var err error
	if d.h != nil {
		err = d.h.close()
	}
	d.h, d.err = nil, decision.ErrClosed
	return errors.Join(err, d.lock.release())
}
