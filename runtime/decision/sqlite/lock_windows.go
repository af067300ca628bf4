package sqlite

import (
	"errors"
	"fmt"
	"os"

	"golang.org/x/sys/windows"

	"ups/runtime/decision"
)

// lockFile takes a lock that ends with the file's being closed, and so with
// the process at the latest.
func lockFile(f *os.File) error {
	const flags = windows.LOCKFILE_EXCLUSIVE_LOCK | windows.LOCKFILE_FAIL_IMMEDIATELY
	err := windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, new(windows.Overlapped))
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return fmt.Errorf("%w: %s is locked", decision.ErrLocked, f.Name())
	}
	return err
}

// unlockFile gives the lock up.
func unlockFile(f *os.File) error { return f.Close() }
