//go:build linux || darwin

package sqlite

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"ups/runtime/decision"
)

// Locks of an open file description, unlike those of a process, aren't lost
// when the process closes another opening of the file.

// lockFile takes the lock of the owner on the database file itself.
func lockFile(f *os.File) error {
	err := unix.FcntlFlock(f.Fd(), setLock, ownerRange(unix.F_WRLCK))
	if errors.Is(err, unix.EAGAIN) || errors.Is(err, unix.EACCES) {
		return fmt.Errorf("%w: %s is locked", decision.ErrLocked, f.Name())
	}
	return err
}

// isOwned reports whether the database file has an owner.
func isOwned(f *os.File) (bool, error) {
	lock := ownerRange(unix.F_WRLCK)
	err := unix.FcntlFlock(f.Fd(), getLock, lock)
	return lock.Type != unix.F_UNLCK, err
}

func unlockFile(f *os.File) error {
	return errors.Join(unix.FcntlFlock(f.Fd(), setLock, ownerRange(unix.F_UNLCK)), f.Close())
}

func ownerRange(kind int16) *unix.Flock_t {
	return &unix.Flock_t{Type: kind, Start: ownerByte, Len: 1}
}
