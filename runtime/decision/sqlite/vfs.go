package sqlite

import (
	"io"

	"github.com/ncruces/go-sqlite3"
	"github.com/ncruces/go-sqlite3/util/vfsutil"
	"github.com/ncruces/go-sqlite3/vfs"
)

// SQLite trusts the pages that it reads: one flipped bit in an inner page of
// an index makes it miss a record that is there, and a missed "never" is a
// wrong answer. So every page of the database file ends in a checksum, which
// is written and verified below SQLite, in the layer by which it reads files
// (a VFS, sqlite.org/vfs.html). A page that doesn't match is an error of the
// read. Pages in the write-ahead log have SQLite's own checksums.

// vfsName is the name by which a connection asks for the layer.
const vfsName = "ups-checksum"

// noLocksOption is how a connection says that nobody writes the database. The
// log is then read without a lock, which a file that is open to read only
// can't have, and indexed in memory of its own, which SQLite does only under
// such a lock. SQLite doesn't write back a log that it may only read.
const noLocksOption = "ups_no_locks"

// checksumVFS is the layer of the system, with a checksum on every page of a
// database file.
type checksumVFS struct{ vfs.VFS }

// OpenFilename is part of vfs.VFSFilename. A database that is opened to read
// gets no log.
func (v checksumVFS) OpenFilename(name *vfs.Filename, flags vfs.OpenFlag) (vfs.File, vfs.OpenFlag, error) {
	if flags&vfs.OPEN_WAL != 0 && name.URIParameter("mode") == "ro" {
		flags = flags&^(vfs.OPEN_READWRITE|vfs.OPEN_CREATE) | vfs.OPEN_READONLY
	}
	f, flags, err := vfsutil.WrapOpenFilename(v.VFS, name, flags)
	if err != nil || flags&vfs.OPEN_MAIN_DB == 0 {
		return f, flags, err
	}
	return &checksumFile{f, name.URIParameter(noLocksOption) == "1"}, flags, nil
}

// checksumFile is a database file. It offers SQLite no mapped memory, which
// would be read past ReadAt.
type checksumFile struct {
	vfs.File
	noLocks bool
}

// SharedMemory is part of vfs.FileSharedMemory.
func (f *checksumFile) SharedMemory() vfs.SharedMemory { return vfsutil.WrapSharedMemory(f.File) }

// HasMoved is part of vfs.FileHasMoved: SQLite leaves the log of a database
// that was moved away where it is.
func (f *checksumFile) HasMoved() (bool, error) { return vfsutil.WrapHasMoved(f.File) }

// Lock is part of vfs.File.
func (f *checksumFile) Lock(level vfs.LockLevel) error {
	if f.noLocks {
		return nil
	}
	return f.File.Lock(level)
}

// Unlock is part of vfs.File.
func (f *checksumFile) Unlock(level vfs.LockLevel) error {
	if f.noLocks {
		return nil
	}
	return f.File.Unlock(level)
}

// ReadAt is part of vfs.File. For what is missing of a page SQLite would take
// zeros.
func (f *checksumFile) ReadAt(p []byte, offset int64) (int, error) {
	n, err := f.File.ReadAt(p, offset)
	if !isPage(p, offset) || err != nil && err != io.EOF {
		return n, err
	}
	if n < len(p) || !matchesChecksum(p, pageNumber(p, offset)) {
		return 0, sqlite3.IOERR_DATA
	}
	return n, nil
}

// WriteAt is part of vfs.File.
func (f *checksumFile) WriteAt(p []byte, offset int64) (int, error) {
	if isPage(p, offset) {
		setChecksum(p, pageNumber(p, offset))
	}
	return f.File.WriteAt(p, offset)
}

// isPage distinguishes a page from a part of the header. 512 bytes are the
// smallest page of SQLite: a damaged header with too small a page size must not
// let a read skip the checksum.
func isPage(p []byte, offset int64) bool { return len(p) >= 512 && offset%int64(len(p)) == 0 }

func pageNumber(p []byte, offset int64) uint32 { return uint32(offset/int64(len(p))) + 1 }
