// Package readfile reads files that somebody else may have made: never more
// than a limit, and from what isn't a file only if a person named it.
package readfile

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
)

var (
	// ErrTooLarge is wrapped by the errors for what is over the limit.
	ErrTooLarge = errors.New("larger than the limit")
	// ErrNotRegular is wrapped by the errors for a directory, pipe, socket or
	// device where a regular file is required.
	ErrNotRegular = errors.New("not a regular file")
)

// Named returns the content of what a person named, as on a command line, at
// most limit bytes of it. It may be a stream: a pipe, a terminal, /dev/stdin
// or what a shell substitutes for a process. To open or read one may block
// until its writer comes.
func Named(name string, limit int64) ([]byte, error) {
	f, err := os.Open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	return content(name, f, info, limit)
}

// Found returns the content of a file that a program came upon, as by an
// #include or in a folder, at most limit bytes of it. Anything but a regular
// file, or a link to one, is refused, and nothing blocks: a pipe could wait
// for ever, and to open a device may have effects.
func Found(name string, limit int64) ([]byte, error) {
	info, err := os.Stat(name)
	if err != nil {
		return nil, err
	}
	if err := requireRegular(name, info); err != nil {
		return nil, err
	}
	// The file may have been replaced in the meantime: nonBlocking keeps a pipe
	// in its place from blocking, and the second look is at what was opened.
	f, err := os.OpenFile(name, os.O_RDONLY|nonBlocking, 0)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	if info, err = f.Stat(); err != nil {
		return nil, err
	}
	if err := requireRegular(name, info); err != nil {
		return nil, err
	}
	return content(name, f, info, limit)
}

// Unusable returns why Found can't read what isn't a regular file.
func Unusable(name string) error {
	_, err := Found(name, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("%s: a link that leads nowhere", name)
	}
	return err
}

func requireRegular(name string, info fs.FileInfo) error {
	if info.Mode().IsRegular() {
		return nil
	}
	return fmt.Errorf("%s: %w but %s", name, ErrNotRegular, kind(info.Mode()))
}

func kind(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a directory"
	case mode&fs.ModeNamedPipe != 0:
		return "a pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	}
	return "a device"
}

// content reads an open file. A regular file that is too large isn't read.
func content(name string, f *os.File, info fs.FileInfo, limit int64) ([]byte, error) {
	size := int64(0)
	if info.Mode().IsRegular() {
		size = info.Size()
	}
	if size > limit {
		return nil, tooLarge(name, limit)
	}
	return read(name, f, size, limit)
}

// All returns what r has, at most limit bytes; name is for the error.
func All(name string, r io.Reader, limit int64) ([]byte, error) {
	return read(name, r, 0, limit)
}

// read reads what has probably size bytes.
func read(name string, r io.Reader, size, limit int64) ([]byte, error) {
	var b bytes.Buffer
	b.Grow(int(size) + bytes.MinRead) // or else the buffer would grow once more at the end
	if _, err := b.ReadFrom(io.LimitReader(r, limit+1)); err != nil {
		return nil, err
	}
	if int64(b.Len()) > limit {
		return nil, tooLarge(name, limit)
	}
	return b.Bytes(), nil
}

func tooLarge(name string, limit int64) error {
	return fmt.Errorf("%s: %w of %d bytes", name, ErrTooLarge, limit)
}
