package serve

import (
	"errors"

	"golang.org/x/sys/windows"
)

// refused reports whether nobody listens on a socket that is there.
func refused(err error) bool { return errors.Is(err, windows.WSAECONNREFUSED) }

// forNobody calls f: files have no modes here.
func forNobody(f func() error) error { return f() }
