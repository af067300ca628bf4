//go:build !windows && !linux

package sqlite

import "golang.org/x/sys/unix"

// These are locks of the process. Of two openings in one process the lock on
// the name keeps the second away.
const (
	setLock = unix.F_SETLK
	getLock = unix.F_GETLK
)
