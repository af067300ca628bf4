//go:build !windows && !linux && !darwin

package sqlite

import (
	"errors"
	"io/fs"
	"os"

	"golang.org/x/sys/unix"
)

// Here the file layer of SQLite locks the database file as a whole, by flock,
// and a lock of one of its bytes by fcntl may exclude that even in the same
// process. So the lock on FILE.lock alone makes an opening the owner.

func lockFile(*os.File) error { return nil }

// isOwned reports whether the database file has an owner. It shares the lock
// for a moment.
func isOwned(f *os.File) (bool, error) {
	name, err := openPlain(f.Name()+lockSuffix, os.O_RDONLY)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer name.Close()
	err = unix.Flock(int(name.Fd()), unix.LOCK_SH|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return true, nil
	}
	return false, err
}

func unlockFile(f *os.File) error { return f.Close() }
