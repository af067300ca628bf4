package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	driver "modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"

	"ups/runtime/decision"
)

// mode is how a connection uses the file.
type mode string

const (
	// A write takes the lock when it begins, so that it fails before it did
	// anything; a commit returns when the log is on disk.
	readWrite mode = "mode=rw&_txlock=immediate&_pragma=journal_mode(wal)&_pragma=synchronous(full)&_pragma=trusted_schema(0)"
	queryOnly mode = "mode=rw&_pragma=query_only(1)&_pragma=trusted_schema(0)"
	readOnly  mode = "mode=ro&_pragma=query_only(1)&_pragma=trusted_schema(0)"
	// immutable is for a file whose directory can't be written, where SQLite
	// can't keep the memory that it shares with other processes.
	immutable mode = "immutable=1&_pragma=query_only(1)&_pragma=trusted_schema(0)"
)

// readers is how many lookups can read from disk at a time.
const readers = 4

// connect gives the pool of connections of one mode. It opens none yet.
func connect(path string, m mode) (*sql.DB, error) {
	if err := register(); err != nil {
		return nil, err
	}
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	slashed := "/" + strings.TrimPrefix(filepath.ToSlash(path), "/")
	name := "file:" + (&url.URL{Path: slashed}).EscapedPath()
	c, err := driver.NewConnector(name + "?vfs=" + vfsName + "&_busy_timeout=5000&_defensive=1&" + string(m))
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(c)
	n := readers
	if m == readWrite {
		n = 1
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db, nil
}

// handle is an open database file.
type handle struct {
	read, write *sql.DB // write is nil if the file can be read only
	lookup      *sql.Stmt
}

// openHandle opens a database file that inspect has found sound.
func openHandle(ctx context.Context, path string, modes ...mode) (h *handle, err error) {
	h = &handle{}
	defer func() {
		if err != nil {
			h.close()
			h, err = nil, classify(err)
		}
	}()
	for _, m := range modes {
		db, err := connect(path, m)
		if err != nil {
			return h, err
		}
		if m == readWrite {
			h.write = db
			if err := migrate(ctx, db, migrations); err != nil {
				return h, err
			}
			continue
		}
		h.read = db
	}
	return h, h.prepare(ctx)
}

// prepare makes sure that the database can be read at all: its schema is what
// it should be, its size is what its header says (SQLite compares them), and
// the first and the last record are there to be read. That takes the same
// time for any number of records; what else is damaged is found when it is
// read, by its page's checksum.
func (h *handle) prepare(ctx context.Context) (err error) {
	var version, n int
	if err := h.read.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if err := checkVersion(version); err != nil {
		return err
	}
	if version != len(migrations) {
		return fmt.Errorf("%w: it is of version %d, and can't be brought to %d", decision.ErrReadOnly, version, len(migrations))
	}
	const ends = "SELECT count(*) FROM (SELECT min(id) FROM decision UNION ALL SELECT max(id) FROM decision)"
	if err := h.read.QueryRowContext(ctx, ends).Scan(&n); err != nil {
		return err
	}
	h.lookup, err = h.read.PrepareContext(ctx, lookupSQL)
	return err
}

func (h *handle) close() error {
	var errs []error
	if h.lookup != nil {
		errs = append(errs, h.lookup.Close())
	}
	for _, db := range []*sql.DB{h.read, h.write} {
		if db != nil {
			errs = append(errs, db.Close())
		}
	}
	return errors.Join(errs...)
}

// classify wraps an error of SQLite in the one of decision that it means.
// What has no name there stays as it is: a locked or full or forbidden file
// isn't a damaged one.
func classify(err error) error {
	var e *driver.Error
	if !errors.As(err, &e) {
		return err
	}
	if meaning := meaningOf(e.Code()); meaning != nil {
		return fmt.Errorf("%w: %w", meaning, err)
	}
	return err
}

func meaningOf(code int) error {
	switch code {
	case lib.SQLITE_IOERR_DATA, lib.SQLITE_IOERR_CORRUPTFS, lib.SQLITE_IOERR_SHORT_READ:
		return decision.ErrCorrupt
	}
	switch code & 0xFF { // the kind, without the detail
	case lib.SQLITE_CORRUPT, lib.SQLITE_NOTADB:
		return decision.ErrCorrupt
	case lib.SQLITE_FULL:
		return decision.ErrFull
	case lib.SQLITE_READONLY:
		return decision.ErrReadOnly
	case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
		return decision.ErrLocked
	}
	return nil
}
