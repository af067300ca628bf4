package sqlite

import (
	"context"
	"crypto/rand"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// migrations make a database of version n one of version n+1, each in a
// transaction of its own. Those that were published are never changed.
//
// The index begins with what a purge asks for. Ids come from AUTOINCREMENT,
// so that none is given twice: a view may name a record that is long gone.
var migrations = []string{
	`CREATE TABLE decision (
		id          INTEGER PRIMARY KEY AUTOINCREMENT,
		client      INTEGER NOT NULL CHECK (client BETWEEN 0 AND 0xFFFFFFFF),
		evaluator   INTEGER NOT NULL CHECK (evaluator BETWEEN 0 AND 0xFFFFFFFF),
		service     INTEGER NOT NULL CHECK (service BETWEEN 0 AND 0xFFFFFFFF),
		server      INTEGER NOT NULL CHECK (server BETWEEN 0 AND 0xFFFFFFFF),
		fingerprint BLOB    NOT NULL CHECK (length(fingerprint) <= 32),
		entity      BLOB    NOT NULL CHECK (length(entity) <= 32),
		description TEXT    NOT NULL,
		result      INTEGER NOT NULL CHECK (result IN (0, 1)),
		major       INTEGER NOT NULL CHECK (major BETWEEN 0 AND 0xFFFF),
		info        INTEGER NOT NULL CHECK (info BETWEEN 0 AND 0xFFFFFFFF)
	) STRICT;
	CREATE UNIQUE INDEX decision_key
		ON decision (server, service, major, client, evaluator, fingerprint, entity);`,
}

// migrate brings a database to the newest version. It fails with ErrNewer.
func migrate(ctx context.Context, db *sql.DB, steps []string) error {
	var version int
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return err
	}
	if err := checkVersion(version); err != nil {
		return err
	}
	for ; version < len(steps); version++ {
		if err := migrateOnce(ctx, db, steps[version], version+1); err != nil {
			return fmt.Errorf("to version %d: %w", version+1, err)
		}
	}
	return nil
}

func migrateOnce(ctx context.Context, db *sql.DB, step string, version int) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, step); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version)); err != nil {
		return err
	}
	return tx.Commit()
}

// create makes a new, empty database, where nothing may be. It is made under
// a name that nobody can guess and then renamed, so that there never is half
// of one, and removed if that fails.
func create(ctx context.Context, path string) (err error) {
	making := filepath.Join(filepath.Dir(path), ".ups-"+rand.Text()+".tmp")
	f, err := openNoFollow(making, os.O_RDWR|os.O_CREATE|os.O_EXCL)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(making) // what is said is why it was made in vain
		}
	}()
	err = fillNew(ctx, f)
	if closed := f.Close(); err == nil { // before it is renamed, for Windows
		err = closed
	}
	if err != nil {
		return classify(err)
	}
	if err := renameNew(making, path); err != nil {
		return err
	}
	return syncDir(filepath.Dir(path))
}

// fillNew writes an empty database of the newest version. SQLite does so
// without a journal, so that there is one file only; that all changes go
// through a log from now on is written last.
func fillNew(ctx context.Context, f *os.File) error {
	if _, err := f.WriteAt(emptyDatabase(), 0); err != nil {
		return err
	}
	id, err := f.Stat()
	if err != nil {
		return err
	}
	db, err := connect(f.Name(), id, withoutLog)
	if err != nil {
		return err
	}
	if err := migrate(ctx, db, migrations); err != nil {
		return errors.Join(err, db.Close())
	}
	if err := db.Close(); err != nil {
		return err
	}
	page, err := readHead(f, pageSize)
	if err != nil {
		return err
	}
	page[18], page[19] = 2, 2 // to write and to read: by a write-ahead log
	setChecksum(page, 1)
	if _, err := f.WriteAt(page, 0); err != nil {
		return err
	}
	return f.Sync()
}

// emptyDatabase gives the one page of a database without tables. SQLite would
// write the same, but for the bytes that it reserves at the end of each page,
// which can't be asked of it in SQL (sqlite.org/fileformat2.html).
func emptyDatabase() []byte {
	page := make([]byte, pageSize)
	copy(page, magic)
	binary.BigEndian.PutUint16(page[16:], pageSize)
	copy(page[18:], []byte{1, 1, checksumSize, 64, 32, 32})
	for offset, value := range map[int]uint32{
		24: 1, 92: 1, // the change counter, and that for which the next two hold
		28: 1,             // pages
		96: 3_046_000,     // version of SQLite
		44: 4,             // schema format
		56: 1,             // UTF-8
		68: applicationID, //
	} {
		binary.BigEndian.PutUint32(page[offset:], value)
	}
	page[headerSize] = 0x0D // a leaf of a table
	binary.BigEndian.PutUint16(page[headerSize+5:], pageSize-checksumSize)
	setChecksum(page, 1)
	return page
}
