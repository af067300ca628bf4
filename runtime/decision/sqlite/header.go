package sqlite

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"os"

	"ups/runtime/decision"
)

// pageSize is the size of a page in bytes, fixed for all databases.
const pageSize = 4096

// applicationID marks a SQLite database as one of decisions: "UPSd".
const applicationID = 0x55505364

// The places of the fields of the database header
// (sqlite.org/fileformat2.html, The Database Header).
const (
	magic           = "SQLite format 3\x00"
	offWriteVersion = 18
	offReadVersion  = 19
	walFormat       = 2 // of both versions: changes go through a write-ahead log
	offUserVersion  = 60
	offApplication  = 68
	headerSize      = 100
	walHeaderSize   = 32
	frameHeaderSize = 24
)

// inspect checks a database file before SQLite opens it, and reads no more than
// its first page. It fails with ErrNotDatabase or ErrNewer, for which SQLite must
// not touch the file, or with ErrCorrupt. A file whose header doesn't say that
// it is a decision database isn't taken for a damaged one.
func inspect(f *os.File, path string) error {
	page, err := readHead(f, pageSize)
	if err != nil {
		return err
	}
	if why := notOurs(page); why != "" {
		return fmt.Errorf("%w: %s", decision.ErrNotDatabase, why)
	}
	whole := len(page) == pageSize && matchesChecksum(page, 1)
	switch {
	case !whole && !logged(path): // the page may be whole in the log, which SQLite finds out
		return fmt.Errorf("%w: the first page does not match its checksum", decision.ErrCorrupt)
	case whole:
		return checkVersion(int(int32(binary.BigEndian.Uint32(page[offUserVersion:]))))
	}
	return nil
}

// notOurs returns why the beginning of a file isn't that of a decision database.
func notOurs(page []byte) string {
	switch {
	case len(page) == 0:
		return "the file is empty"
	case len(page) < headerSize || string(page[:len(magic)]) != magic:
		return "the file does not begin as a SQLite database does"
	case binary.BigEndian.Uint32(page[offApplication:]) != applicationID:
		return "it is a SQLite database of something else"
	}
	return ""
}

// readHead reads up to n bytes from the beginning of a file.
func readHead(f *os.File, n int) ([]byte, error) {
	head := make([]byte, n)
	read, err := f.ReadAt(head, 0)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return head[:read], err
}

// logged reports whether there is a log with frames in it. A crash may have
// interrupted the writing of the very page that the log still holds.
func logged(path string) bool {
	info, err := os.Lstat(path + walSuffix)
	return err == nil && info.Size() > walHeaderSize
}

func checkVersion(version int) error {
	if version > len(migrations) {
		return fmt.Errorf("%w: it is of version %d, this software knows up to %d", decision.ErrNewer, version, len(migrations))
	}
	return nil
}
