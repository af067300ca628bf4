// Package sqlite keeps the decision database in a SQLite file.
//
// A record that was acknowledged is on disk: every change is a transaction
// that has been synced when the call returns. Every page has a checksum that
// is verified whenever it is read, so that a damaged file gives an error and
// never a wrong answer. A file that can't be read is moved aside under a dated
// name, reported, and begun anew.
//
// One opening owns a file, by a lock on FILE.lock; others may read it (View).
package sqlite

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
	"syscall"
	"time"

	"ups/runtime/decision"
)

// Options are the choices of who opens a database. The zero value is of use.
type Options struct {
	// CacheSize is the number of keys whose answers are kept in memory:
	// decision.DefaultCacheSize if it is 0, none if it is negative.
	CacheSize int
	// Report is told what the owner of the database must know. It may be
	// called from any goroutine that uses the database, before the operation
	// returns. If it is nil, a damaged database is not replaced, since that
	// would be in silence: every operation fails with decision.ErrCorrupt.
	Report func(Event)
	// Now tells the time, for the names of files moved aside. nil is time.Now.
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
// What is damaged is moved aside (Options.Report): a file with a checksum
// that doesn't match, that isn't what its header says or is no database at
// all. An error, and nothing touched, is the answer to a database that is in
// use (decision.ErrLocked), of a newer version (ErrNewer) or of something
// else (ErrForeign), and to any fault of the system.
func Open(ctx context.Context, path string, opt Options) (decision.DB, error) {
	if opt.Now == nil {
		opt.Now = time.Now
	}
	d := &database{path: path, opt: opt}
	d.cache = decision.NewCached(d, opt.CacheSize)
	if err := d.openAny(ctx); err != nil {
		d.unlock()
		return nil, fmt.Errorf("decision database %s: %w", path, err)
	}
	return d.cache, nil
}

// View opens a database to read, beside the one who owns it. It never changes
// the file, nor moves it.
func View(ctx context.Context, path string) (decision.DB, error) {
	d := &database{path: path}
	h, err := d.openReadOnly(ctx)
	if err != nil {
		return nil, fmt.Errorf("decision database %s: %w", path, err)
	}
	d.h = h
	return d, nil
}

// database is a file, which may be replaced by a new one while it is in use.
type database struct {
	path  string
	opt   Options
	lock  *os.File         // nil if the file can only be read
	cache *decision.Cached // in front of this; nil for a view

	mu  sync.RWMutex // held to replace the handle, shared to use it
	h   *handle
	err error // why there is no handle; nil if there is one
}

// openAny opens the database to write, or else to read.
func (d *database) openAny(ctx context.Context) error {
	denied, err := d.own()
	if err != nil {
		return err
	}
	if denied != nil {
		d.unlock() // so that the file is never replaced
		if d.h, err = d.openReadOnly(ctx); err != nil {
			return errors.Join(denied, err)
		}
		d.report(&Event{Path: d.path, Err: fmt.Errorf("%w: %w", decision.ErrReadOnly, denied)})
		return nil
	}
	h, event, err := d.openOrReplace(ctx)
	d.report(event)
	d.h = h
	return err
}

// own takes the lock. denied is why the file can't be written, if it can't.
func (d *database) own() (denied, err error) {
	lock, err := os.OpenFile(d.path+".lock", os.O_RDWR|os.O_CREATE, 0o600)
	if err == nil {
		d.lock = lock
		if err = lockFile(lock); err == nil {
			err = tryWrite(d.path)
		}
	}
	if errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS) {
		return err, nil
	}
	return nil, err
}

// tryWrite reports whether an existing file may be written.
func tryWrite(path string) error {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

func (d *database) openOrReplace(ctx context.Context) (*handle, *Event, error) {
	h, err := d.open(ctx)
	if errors.Is(err, fs.ErrNotExist) {
		h, err = d.begin(ctx)
	}
	if errors.Is(err, decision.ErrCorrupt) {
		return d.replace(ctx, err)
	}
	return h, nil, err
}

func (d *database) open(ctx context.Context) (*handle, error) {
	if err := inspect(d.path); err != nil {
		return nil, err
	}
	if err := checkLog(d.path); err != nil {
		return nil, err
	}
	return openHandle(ctx, d.path, readWrite, queryOnly)
}

// begin makes a new database where none is. SQLite would delete a log that
// was left without one.
func (d *database) begin(ctx context.Context) (*handle, error) {
	if logged(d.path) {
		return nil, fmt.Errorf("%w: its log is there, but it is not", decision.ErrCorrupt)
	}
	if err := create(ctx, d.path); err != nil {
		return nil, err
	}
	return d.open(ctx)
}

// replace moves the damaged database aside and begins a new one.
func (d *database) replace(ctx context.Context, cause error) (*handle, *Event, error) {
	if d.opt.Report == nil || d.lock == nil {
		return nil, nil, cause
	}
	to, err := moveAside(d.path, d.opt.Now())
	if err != nil {
		return nil, nil, errors.Join(cause, err)
	}
	h, err := d.begin(context.WithoutCancel(ctx))
	return h, &Event{Path: d.path, MovedTo: to, Err: cause}, err
}

// openReadOnly opens what can't be written, or isn't to be. Where nothing at
// all can be written beside the file, nobody else can write the file either,
// and it is read as it stands, unless a log has the last word.
func (d *database) openReadOnly(ctx context.Context) (*handle, error) {
	if err := inspect(d.path); err != nil {
		return nil, err
	}
	h, err := openHandle(ctx, d.path, readOnly)
	if err == nil || errors.Is(err, decision.ErrCorrupt) || errors.Is(err, decision.ErrNewer) || logged(d.path) {
		return h, err
	}
	return openHandle(ctx, d.path, immutable)
}

func (d *database) report(e *Event) {
	if e != nil && d.opt.Report != nil {
		d.opt.Report(*e)
	}
}

func (d *database) unlock() error {
	if d.lock == nil {
		return nil
	}
	lock := d.lock
	d.lock = nil
	return unlockFile(lock)
}

// use calls f with the open file. If f finds it damaged, it is replaced, and
// the error, ErrCorrupt, is that of this operation alone.
func (d *database) use(ctx context.Context, f func(*handle) error) error {
	h, err := d.share(ctx)
	if err != nil {
		return err
	}
	err = classify(f(h))
	d.mu.RUnlock()
	switch {
	case err == nil:
		return nil
	case errors.Is(err, decision.ErrCorrupt):
		return d.damaged(ctx, h, err)
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return err
}

// share gives the handle, with the lock shared. If the last replacement
// failed, say for want of room, it is tried again.
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
	h, event, err := d.openOrReplace(ctx)
	d.h, d.err = h, err
	d.mu.Unlock()
	d.report(event)
	return err
}

// damaged replaces the file of a handle, unless another operation has.
func (d *database) damaged(ctx context.Context, h *handle, cause error) error {
	d.mu.Lock()
	if d.h != h || d.opt.Report == nil || d.lock == nil {
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
	return errors.Join(err, d.unlock())
}
