package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"ups/runtime/decision"
)

// ownerByte is the byte of the database file that its owner locks. It is far
// beyond those that SQLite locks, and beyond any data: on Windows a locked
// byte can't be read.
const ownerByte = 1 << 62

// ownerLock is the locks that the owner of a database holds: one on FILE.lock,
// under which the database is made and replaced, and one on the database file
// itself, which excludes others whatever name they reach it by.
type ownerLock struct {
	name     *os.File
	madeName bool        // this opening has made FILE.lock
	file     *os.File    // nil while there is none
	id       fs.FileInfo // of the file, kept when it is closed
}

// acquire becomes the owner of the database at path, whether it is there or not.
// It fails with ErrLocked if there is one.
func (o *ownerLock) acquire(path string) error {
	if err := o.acquireName(path + lockSuffix); err != nil {
		return err
	}
	if err := o.acquireFile(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

func (o *ownerLock) acquireName(path string) error {
	lock, made, err := openLock(path)
	if err != nil {
		return err
	}
	if err = lockName(lock); err != nil {
		lock.Close()
		return err
	}
	o.name, o.madeName = lock, made
	info, err := lock.Stat()
	if err != nil {
		return err
	}
	if names(path, info) != nil { // an opening that failed has removed its own
		return fmt.Errorf("%w: %s is being removed", decision.ErrLocked, path)
	}
	return nil
}

// openLock opens the file to lock, and reports whether it has made it.
func openLock(path string) (f *os.File, made bool, err error) {
	f, err = openPlain(path, os.O_RDWR)
	if !errors.Is(err, fs.ErrNotExist) {
		return f, false, err
	}
	f, err = openNoFollow(path, os.O_RDWR|os.O_CREATE|os.O_EXCL)
	if errors.Is(err, fs.ErrExist) {
		return nil, false, fmt.Errorf("%w: %s was made just now", decision.ErrLocked, path)
	}
	return f, err == nil, err
}

// acquireFile locks the database file, and fails with fs.ErrNotExist if there is
// none.
func (o *ownerLock) acquireFile(path string) error {
	f, err := openPlain(path, os.O_RDWR)
	if err != nil {
		return err
	}
	if err := lockFile(f); err != nil {
		f.Close()
		return err
	}
	o.file = f
	if o.id, err = f.Stat(); err != nil {
		return err
	}
	return names(path, o.id)
}

// releaseFile unlocks and closes the database file.
func (o *ownerLock) releaseFile() error {
	if o.file == nil {
		return nil
	}
	f := o.file
	o.file = nil
	return unlockFile(f)
}

func (o *ownerLock) release() error {
	err := o.releaseFile()
	if o.name == nil {
		return err
	}
	name := o.name
	o.name = nil
	return errors.Join(err, unlockName(name))
}

// abandon is release for an opening that failed: what it has made it removes.
func (o *ownerLock) abandon() {
	if o.name != nil && o.madeName {
		os.Remove(o.name.Name())
	}
	o.release()
}

// isDenied reports whether an error says that a file or folder may not be
// written.
func isDenied(err error) bool {
	return errors.Is(err, fs.ErrPermission) || errors.Is(err, syscall.EROFS)
}
