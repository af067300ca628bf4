package sqlite

// From sys/fcntl.h of the system; package unix doesn't have them.
const (
	setLock = 90 // F_OFD_SETLK
	getLock = 92 // F_OFD_GETLK
)
