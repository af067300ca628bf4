//go:build unix

package serve

import (
	"errors"
	"syscall"
)

// refused reports whether nobody listens on a socket that is there.
func refused(err error) bool { return errors.Is(err, syscall.ECONNREFUSED) }

// openFiles returns how many files this process may have open.
func openFiles() (uint64, bool) {
	var l syscall.Rlimit
	err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &l)
	return uint64(l.Cur), err == nil
}

// forNobody calls f, and what f makes is for nobody but root. That goes for the whole
// process meanwhile, which makes its sockets before it does anything else.
func forNobody(f func() error) error {
	before := syscall.Umask(0o777)
	defer syscall.Umask(before)
	return f()
}
