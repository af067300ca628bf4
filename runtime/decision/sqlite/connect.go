package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"syscall"

	"github.com/ncruces/go-sqlite3"
	sqlitedriver "github.com/ncruces/go-sqlite3/driver"
	"github.com/ncruces/go-sqlite3/vfs"

	"ups/runtime/decision"
)

// mode is how a connection uses the file.
type mode string

const (
	// A write takes the lock when it begins, so that it fails before it did
	// anything; a commit returns when the log is on disk.
	readWrite mode = "mode=rw&_txlock=immediate&_pragma=journal_mode(wal)&_pragma=synchronous(full)"
	queryOnly mode = "mode=rw&_pragma=query_only(1)"
	// withOwner reads the log and the shared memory of an owner.
	withOwner mode = "mode=ro&_pragma=query_only(1)"
	// withoutOwner reads a log that has no owner, and leaves it as it is.
	withoutOwner mode = noLocksOption + "=1&_pragma=locking_mode(exclusive)&" + withOwner
	// immutable is for a file without owner and without log.
	immutable mode = "immutable=1&_pragma=query_only(1)"
	// withoutLog is for a new file, which is removed if making it fails.
	withoutLog mode = "mode=rw&_pragma=journal_mode(off)&_pragma=synchronous(full)"
)

// maxLength is the longest record that SQLite reads or writes, in bytes, far
// above that of any valid one. The memory of a connection is limited, and to
// run out of it over a record of a forged file would be a panic.
const maxLength = 1 << 20

// readers is how many lookups can read from disk at a time.
const readers = 4

// connect returns the pool of connections of one mode to the file that id is
// about. It opens none yet.
func connect(path string, id fs.FileInfo, m mode) (*sql.DB, error) {
	vfs.Register(vfsName, checksumVFS{vfs.Find("")})
	slashed := "/" + strings.TrimPrefix(filepath.ToSlash(path), "/")
	name := "file:" + (&url.URL{Path: slashed}).EscapedPath()
	c, err := (&sqlitedriver.SQLite{}).OpenConnector(name + "?vfs=" + vfsName + "&_pragma=busy_timeout(5000)&_pragma=trusted_schema(0)&" + string(m))
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(sameFile{c, path, id})
	n := readers
	if m == readWrite || m == withoutLog {
		n = 1
	}
	db.SetMaxOpenConns(n)
	db.SetMaxIdleConns(n)
	return db, nil
}

// sameFile connects to a path as long as it is the name of one file. SQLite
// opens files by name, and a pool may do so at any time.
type sameFile struct {
	driver.Connector
	path string
	id   fs.FileInfo
}

// Connect looks before it opens the file, so that SQLite doesn't touch
// another one, and after, in case that it was replaced meanwhile.
func (s sameFile) Connect(ctx context.Context) (driver.Conn, error) {
	if err := names(s.path, s.id); err != nil {
		return nil, err
	}
	conn, err := s.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	raw := conn.(sqlitedriver.Conn).Raw()
	raw.Limit(sqlite3.LIMIT_LENGTH, maxLength)
	_, err = raw.Config(sqlite3.DBCONFIG_DEFENSIVE, true)
	if err == nil {
		err = names(s.path, s.id)
	}
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// handle is an open database file.
type handle struct {
	id          fs.FileInfo // of the file
	read, write *sql.DB     // write is nil if the file can be read only
	age         string      // columns of decision.Age
	lookup      *sql.Stmt
	file        *os.File // of a view, closed last; nil for an owner
	unowned     *unowned // of a view that was opened when there was no owner
}

// openHandle opens a database file that inspect has found sound.
func openHandle(ctx context.Context, path string, id fs.FileInfo, modes ...mode) (h *handle, err error) {
	h = &handle{id: id}
	defer func() {
		if err != nil {
			h.close()
			h, err = nil, classify(err)
		}
	}()
	for _, m := range modes {
		db, err := connect(path, id, m)
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
	if h.age = ageColumns[version]; h.age == "" {
		return fmt.Errorf("%w: it is of version %d, and can't be brought to %d", decision.ErrReadOnly, version, len(migrations))
	}
	const ends = "SELECT count(*) FROM (SELECT min(id) FROM decision UNION ALL SELECT max(id) FROM decision)"
	if err := h.read.QueryRowContext(ctx, ends).Scan(&n); err != nil {
		return err
	}
	h.lookup, err = h.read.PrepareContext(ctx, fmt.Sprintf(lookupSQL, h.age))
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
	if h.file != nil {
		errs = append(errs, h.file.Close())
	}
	return errors.Join(errs...)
}

// errNoLog reports that SQLite was to read a log that isn't there.
var errNoLog = errors.New("the log is not there")

// classify wraps an error of SQLite or of the system in the one of decision
// that it means. What has no name there stays as it is: a locked or full or
// forbidden file isn't a damaged one.
func classify(err error) error {
	if errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) {
		return fmt.Errorf("%w: %w", decision.ErrFull, err)
	}
	var code sqlite3.ExtendedErrorCode
	if !errors.As(err, &code) {
		return err
	}
	if meaning := meaningOf(code); meaning != nil {
		return fmt.Errorf("%w: %w", meaning, err)
	}
	return err
}

func meaningOf(code sqlite3.ExtendedErrorCode) error {
	switch code {
	case sqlite3.IOERR_DATA, sqlite3.IOERR_CORRUPTFS, sqlite3.IOERR_SHORT_READ:
		return decision.ErrCorrupt
	case sqlite3.IOERR_SHMSIZE: // the shared memory is a file as well
		return decision.ErrFull
	}
	switch code.Code() { // the kind, without the detail
	case sqlite3.CORRUPT, sqlite3.NOTADB, sqlite3.TOOBIG:
		return decision.ErrCorrupt
	case sqlite3.FULL:
		return decision.ErrFull
	case sqlite3.READONLY:
		return decision.ErrReadOnly
	case sqlite3.BUSY, sqlite3.LOCKED:
		return decision.ErrLocked
	case sqlite3.CANTOPEN:
		return errNoLog
	}
	return nil
}
