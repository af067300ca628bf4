package sqlite

import "golang.org/x/sys/unix"

// Locks of an open file description, unlike those of a process, aren't lost
// when the process closes another opening of the file.
const (
	setLock = unix.F_OFD_SETLK
	getLock = unix.F_OFD_GETLK
)
