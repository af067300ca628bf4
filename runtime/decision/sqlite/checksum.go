package sqlite

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"sync"
	"unsafe"

	"modernc.org/libc"
	lib "modernc.org/sqlite/lib"
)

// SQLite trusts the pages that it reads: one flipped bit in an inner page of
// an index makes it miss a record that is there, and a missed "never" is a
// wrong answer. So every page of the database file ends in a checksum, in the
// bytes that SQLite reserves for such use, that is written and verified below
// SQLite, in the layer by which it reads files (a VFS). A page that fails is
// an error of the read. Pages in the write-ahead log have SQLite's own
// checksums.
//
// The layer is SQLite's own for the platform, with three methods of the main
// database file replaced. For who only reads it makes no log, and takes no
// locks where there is no owner.

// reserved is the number of bytes at the end of each page that hold its
// checksum, little-endian CRC-32C over the rest of the page and its number.
const reserved = 4

// vfsName is the name by which a connection asks for the layer.
const vfsName = "ups-checksum"

// aloneOption is how a connection says that nobody writes the database. The
// log is then read without a lock, which a file that is open to read only
// can't have, and indexed in memory of its own, which SQLite does only under
// such a lock. SQLite doesn't write back a log that it may only read.
const aloneOption = "ups_alone"

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sum gives the checksum of a page. With its number in it, a page that is
// written to another's place is found too; it isn't zero for a page of zeros.
func sum(page []byte, number uint32) uint32 {
	var n [4]byte
	binary.LittleEndian.PutUint32(n[:], number)
	return crc32.Update(crc32.Checksum(page[:len(page)-reserved], castagnoli), castagnoli, n[:])
}

func seal(page []byte, number uint32) {
	binary.LittleEndian.PutUint32(page[len(page)-reserved:], sum(page, number))
}

func sealed(page []byte, number uint32) bool {
	return binary.LittleEndian.Uint32(page[len(page)-reserved:]) == sum(page, number)
}

// register makes the layer known to SQLite, once for the process.
var register = sync.OnceValue(func() error {
	tls := libc.NewTLS()
	defer tls.Close()
	base := lib.Xsqlite3_vfs_find(tls, 0)
	if base == 0 {
		return errors.New("sqlite has no file layer")
	}
	layer := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(checkedVFS{})))
	name, err := libc.CString(vfsName)
	if layer == 0 || err != nil {
		return errors.New("no memory for the file layer of sqlite")
	}
	v := at[checkedVFS](layer)
	*v = checkedVFS{Tsqlite3_vfs: *at[lib.Tsqlite3_vfs](base), base: base}
	v.FzName, v.FpNext = name, 0
	v.FxOpen = pointer(openFunc(open))
	if rc := lib.Xsqlite3_vfs_register(tls, layer, 0); rc != lib.SQLITE_OK {
		return errors.New("sqlite refuses the file layer")
	}
	return nil
})

// checkedVFS is a copy of the platform's layer, which lies at base.
type checkedVFS struct {
	lib.Tsqlite3_vfs
	base uintptr
}

// checkedMethods are the methods of one open file: a copy of the platform's,
// which lie at base.
type checkedMethods struct {
	lib.Tsqlite3_io_methods
	base uintptr
}

// The C functions that are replaced, as Go sees them.
type (
	openFunc  func(tls *libc.TLS, vfs, name, file uintptr, flags int32, outFlags uintptr) int32
	closeFunc func(tls *libc.TLS, file uintptr) int32
	lockFunc  func(tls *libc.TLS, file uintptr, level int32) int32
	readFunc  func(tls *libc.TLS, file, buf uintptr, n int32, offset int64) int32
	writeFunc func(tls *libc.TLS, file, buf uintptr, n int32, offset int64) int32
)

// at gives what lies at an address of memory that isn't Go's.
func at[T any](address uintptr) *T { return *(**T)(unsafe.Pointer(&address)) }

// pointer gives the C pointer of a function of the package.
func pointer[F any](f F) uintptr { return *(*uintptr)(unsafe.Pointer(&f)) }

// function gives the function that a C pointer stands for.
func function[F any](p uintptr) F { return *(*F)(unsafe.Pointer(&p)) }

func open(tls *libc.TLS, vfs, name, file uintptr, flags int32, outFlags uintptr) int32 {
	base := at[lib.Tsqlite3_vfs](at[checkedVFS](vfs).base)
	if flags&lib.SQLITE_OPEN_WAL != 0 && hasOption(tls, name, "mode", "ro") {
		flags = flags&^(lib.SQLITE_OPEN_READWRITE|lib.SQLITE_OPEN_CREATE) | lib.SQLITE_OPEN_READONLY
	}
	rc := function[openFunc](base.FxOpen)(tls, vfs, name, file, flags, outFlags)
	if rc != lib.SQLITE_OK || flags&lib.SQLITE_OPEN_MAIN_DB == 0 {
		return rc
	}
	f := at[lib.Tsqlite3_file](file)
	methods := libc.Xmalloc(tls, libc.Tsize_t(unsafe.Sizeof(checkedMethods{})))
	if methods == 0 {
		function[closeFunc](at[lib.Tsqlite3_io_methods](f.FpMethods).FxClose)(tls, file)
		f.FpMethods = 0
		return lib.SQLITE_NOMEM
	}
	m := at[checkedMethods](methods)
	*m = checkedMethods{Tsqlite3_io_methods: *at[lib.Tsqlite3_io_methods](f.FpMethods), base: f.FpMethods}
	m.FiVersion = min(m.FiVersion, 2) // version 3 has mapped memory, which isn't read through here
	m.FxClose, m.FxRead, m.FxWrite = pointer(closeFunc(closeFile)), pointer(readFunc(readPage)), pointer(writeFunc(writePage))
	if hasOption(tls, name, aloneOption, "1") {
		m.FxLock, m.FxUnlock = pointer(lockFunc(noLock)), pointer(lockFunc(noLock))
	}
	f.FpMethods = methods
	return rc
}

// hasOption reports whether the name of a database, or of its log, came with
// an option.
func hasOption(tls *libc.TLS, name uintptr, option, value string) bool {
	key, err := libc.CString(option)
	if err != nil {
		return false
	}
	defer libc.Xfree(tls, key)
	got := lib.Xsqlite3_uri_parameter(tls, name, key)
	return got != 0 && libc.GoString(got) == value
}

// noLock is the lock of a reader who is alone with the file.
func noLock(*libc.TLS, uintptr, int32) int32 { return lib.SQLITE_OK }

// baseOf gives the platform's methods of a file.
func baseOf(file uintptr) *lib.Tsqlite3_io_methods {
	return at[lib.Tsqlite3_io_methods](at[checkedMethods](at[lib.Tsqlite3_file](file).FpMethods).base)
}

func closeFile(tls *libc.TLS, file uintptr) int32 {
	f := at[lib.Tsqlite3_file](file)
	methods := f.FpMethods
	f.FpMethods = at[checkedMethods](methods).base
	rc := function[closeFunc](at[lib.Tsqlite3_io_methods](f.FpMethods).FxClose)(tls, file)
	libc.Xfree(tls, methods)
	return rc
}

func readPage(tls *libc.TLS, file, buf uintptr, n int32, offset int64) int32 {
	rc := function[readFunc](baseOf(file).FxRead)(tls, file, buf, n, offset)
	if !isPage(n, offset) {
		return rc
	}
	if rc == lib.SQLITE_IOERR_SHORT_READ {
		return lib.SQLITE_IOERR_DATA // SQLite would take what is missing for zeros
	}
	if rc == lib.SQLITE_OK && !sealed(bytesAt(buf, n), number(n, offset)) {
		return lib.SQLITE_IOERR_DATA
	}
	return rc
}

func writePage(tls *libc.TLS, file, buf uintptr, n int32, offset int64) int32 {
	if isPage(n, offset) {
		seal(bytesAt(buf, n), number(n, offset))
	}
	return function[writeFunc](baseOf(file).FxWrite)(tls, file, buf, n, offset)
}

// isPage tells a page from the reads of the header alone. 512 bytes are the
// smallest page of SQLite: a header that was damaged to say that a page is
// smaller than it is must not lead past the checksum.
func isPage(n int32, offset int64) bool { return n >= 512 && offset%int64(n) == 0 }

func number(n int32, offset int64) uint32 { return uint32(offset/int64(n)) + 1 }

func bytesAt(address uintptr, n int32) []byte { return unsafe.Slice(at[byte](address), n) }
