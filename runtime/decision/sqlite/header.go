package sqlite

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
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
	offReserved     = 20
	offUserVersion  = 60
	offApplication  = 68
	headerSize      = 100
	walSuffix       = "-wal"
	shmSuffix       = "-shm"
	walHeaderSize   = 32
	frameHeaderSize = 24
)

// inspect looks at a database file before SQLite does, and reads no more than
// its first page. It fails with fs.ErrNotExist, ErrForeign or ErrNewer, for
// which SQLite must not touch the file, or with ErrCorrupt.
func inspect(path string) error {
	page, err := firstPage(path)
	if err != nil {
		return err
	}
	if len(page) < headerSize || string(page[:len(magic)]) != magic {
		if logged(path) {
			return nil // the first page may stand in the log; SQLite will tell
		}
		return fmt.Errorf("%w: the file is not a database", decision.ErrCorrupt)
	}
	ours := binary.BigEndian.Uint32(page[offApplication:]) == applicationID
	whole := len(page) == pageSize && sealed(page, 1)
	switch {
	case !ours && (whole || page[offReserved] != reserved):
		return fmt.Errorf("%w: %s is a database of something else", decision.ErrForeign, path)
	case !whole && !logged(path):
		return fmt.Errorf("%w: the first page does not match its checksum", decision.ErrCorrupt)
	case whole:
		return checkVersion(int(int32(binary.BigEndian.Uint32(page[offUserVersion:]))))
	}
	return nil
}

func firstPage(path string) ([]byte, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	page := make([]byte, pageSize)
	n, err := io.ReadFull(f, page)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, err
	}
	return page[:n], nil
}

// logged tells whether there is a log with frames in it. A crash may have
// interrupted the writing of the very page that the log still holds.
func logged(path string) bool {
	info, err := os.Stat(path + walSuffix)
	return err == nil && info.Size() > walHeaderSize
}

func checkVersion(version int) error {
	if version > len(migrations) {
		return fmt.Errorf("%w: it is of version %d, this software knows up to %d", decision.ErrNewer, version, len(migrations))
	}
	return nil
}

func exists(path string) (bool, error) {
	_, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
