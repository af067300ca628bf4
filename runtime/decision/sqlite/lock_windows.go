package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"

	"golang.org/x/sys/windows"

	"ups/runtime/decision"
)

// openNoFollow opens a file, which the caller has seen not to be a link.
func openNoFollow(path string, flag int) (*os.File, error) {
	return os.OpenFile(path, flag, 0o600)
}

// links returns the number of names of a file.
func links(f *os.File, _ fs.FileInfo) (uint64, error) {
	var info windows.ByHandleFileInformation
	err := windows.GetFileInformationByHandle(windows.Handle(f.Fd()), &info)
	return uint64(info.NumberOfLinks), err
}

const failAtOnce = windows.LOCKFILE_FAIL_IMMEDIATELY

// lockName takes a lock that ends with the file's being closed, and so with
// the process at the latest.
func lockName(f *os.File) error {
	return lockByte(f, windows.LOCKFILE_EXCLUSIVE_LOCK|failAtOnce, 0)
}

// unlockName releases the lock.
func unlockName(f *os.File) error { return f.Close() }

// lockFile takes the lock of the owner on the database file itself.
func lockFile(f *os.File) error {
	return lockByte(f, windows.LOCKFILE_EXCLUSIVE_LOCK|failAtOnce, ownerByte)
}

// isOwned reports whether the database file has an owner. Since Windows can't
// be asked, it shares the lock for a moment.
func isOwned(f *os.File) (bool, error) {
	err := lockByte(f, failAtOnce, ownerByte)
	if errors.Is(err, decision.ErrLocked) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return false, windows.UnlockFileEx(windows.Handle(f.Fd()), 0, 1, 0, overlapped(ownerByte))
}

func unlockFile(f *os.File) error { return f.Close() }

func lockByte(f *os.File, flags uint32, at int64) error {
	err := windows.LockFileEx(windows.Handle(f.Fd()), flags, 0, 1, 0, overlapped(at))
	if errors.Is(err, windows.ERROR_LOCK_VIOLATION) {
		return fmt.Errorf("%w: %s is locked", decision.ErrLocked, f.Name())
	}
	return err
}

func overlapped(at int64) *windows.Overlapped {
	return &windows.Overlapped{Offset: uint32(at), OffsetHigh: uint32(at >> 32)}
}
