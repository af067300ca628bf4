//go:build !windows

package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"syscall"

	"golang.org/x/sys/unix"

	"ups/runtime/decision"
)

// openNoFollow opens a file, and fails where a symbolic link is. It doesn't
// wait for the other end of a pipe.
func openNoFollow(path string, flag int) (*os.File, error) {
	return os.OpenFile(path, flag|unix.O_NOFOLLOW|unix.O_NONBLOCK, 0o600)
}

// links returns the number of names of a file.
func links(f *os.File, info fs.FileInfo) (uint64, error) {
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, fmt.Errorf("%s: the system does not tell its number of hard links", f.Name())
	}
	return uint64(stat.Nlink), nil
}

// lockName takes a lock that ends with the file's being closed, and so with
// the process at the latest.
func lockName(f *os.File) error {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return fmt.Errorf("%w: %s is locked", decision.ErrLocked, f.Name())
	}
	return err
}

// unlockName releases the lock at once. Closing the file would do so only when
// a process that is just being started has closed it too.
func unlockName(f *os.File) error {
	return errors.Join(unix.Flock(int(f.Fd()), unix.LOCK_UN), f.Close())
}
