package sqlite

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"

	"github.com/ncruces/go-sqlite3"
	sqlitedriver "github.com/ncruces/go-sqlite3/driver"
)

// migrations make a database of version n one of version n+1, each in a
// transaction of its own. Those that were published are never changed.
//
// The index begins with what a purge asks for. Ids come from AUTOINCREMENT,
// so that none is used twice: a view may name a record that was deleted.
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

	// decision.Age: of records that are there already nothing is known.
	`ALTER TABLE decision ADD COLUMN answered INTEGER NOT NULL DEFAULT 0 CHECK (answered >= 0);
	ALTER TABLE decision ADD COLUMN uses INTEGER NOT NULL DEFAULT 0 CHECK (uses BETWEEN 0 AND 0xFFFFFFFF);
	ALTER TABLE decision ADD COLUMN program BLOB NOT NULL DEFAULT x'' CHECK (length(program) <= 32);`,
}

// ageColumns are the columns of decision.Age, by the version of a database: a view
// of one that an earlier version of this software wrote leaves it as it is.
var ageColumns = map[int]string{
	1: "0, 0, x''",
	2: "answered, uses, program",
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
// a name that can't be guessed and then renamed, so that there never is a part
// of one, and removed if that fails.
func create(ctx context.Context, path string) (err error) {
	making := filepath.Join(filepath.Dir(path), ".ups-"+rand.Text()+".tmp")
	f, err := openNoFollow(making, os.O_RDWR|os.O_CREATE|os.O_EXCL)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			os.Remove(making) // the error is why it couldn't be made
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
	id, err := f.Stat()
	if err != nil {
		return err
	}
	db, err := connect(f.Name(), id, withoutLog)
	if err != nil {
		return err
	}
	err = initialise(ctx, db)
	if closed := db.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return err
	}
	page, err := readHead(f, pageSize)
	if err != nil {
		return err
	}
	page[offWriteVersion], page[offReadVersion] = walFormat, walFormat
	setChecksum(page, 1)
	if _, err := f.WriteAt(page, 0); err != nil {
		return err
	}
	return f.Sync()
}

// initialise makes an empty file a database with checksums.
func initialise(ctx context.Context, db *sql.DB) error {
	if err := reserveChecksums(ctx, db); err != nil {
		return err
	}
	pragmas := fmt.Sprintf("PRAGMA page_size = %d; PRAGMA application_id = %d", pageSize, applicationID)
	if _, err := db.ExecContext(ctx, pragmas); err != nil {
		return err
	}
	return migrate(ctx, db, migrations)
}

// reserveChecksums has SQLite leave the bytes for the checksum at the end of
// each page of a new database.
func reserveChecksums(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	return conn.Raw(func(c any) error {
		_, err := c.(sqlitedriver.Conn).Raw().FileControl("", sqlite3.FCNTL_RESERVE_BYTES, checksumSize)
		return err
	})
}
