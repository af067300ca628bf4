//go:build !windows

package sqlite

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/unix"

	"ups/runtime/decision"
)

// lockFile takes a lock that ends with the file's being closed, and so with
// the process at the latest.
func lockFile(f *os.File) error {
	err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		return fmt.Errorf("%w: %s is locked", decision.ErrLocked, f.Name())
	}
	return err
}

// unlockFile gives the lock up at once. Closing the file would do so only
// when a process that is just being started has let go of it too.
func unlockFile(f *os.File) error {
	return errors.Join(unix.Flock(int(f.Fd()), unix.LOCK_UN), f.Close())
}
