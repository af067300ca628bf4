package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"ups/runtime/decision"
)

// The suffixes of the files that SQLite makes next to a database, and of the lock.
const (
	walSuffix     = "-wal"
	shmSuffix     = "-shm"
	journalSuffix = "-journal"
	lockSuffix    = ".lock"
)

// locate returns the absolute name of the database file itself: SQLite names
// the log after the file that a symbolic link leads to, and so does the lock.
func locate(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return path, nil
	}
	if err != nil || info.Mode().Type() != fs.ModeSymlink {
		return path, err
	}
	target, err := filepath.EvalSymlinks(path)
	if errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("%w: it is a symbolic link to a file that does not exist", decision.ErrNotDatabase)
	}
	return target, err
}

// Files returns the absolute names of the files that a database may be made up
// of, whether they are there or not.
func Files(path string) ([]string, error) {
	path, err := locate(path)
	if err != nil {
		return nil, fmt.Errorf("decision database %s: %w", path, err)
	}
	if dir, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		path = filepath.Join(dir, filepath.Base(path))
	}
	return []string{path, path + walSuffix, path + shmSuffix, path + journalSuffix, path + lockSuffix}, nil
}

// openPlain opens an existing regular file that has one name only. All else
// is refused with ErrNotDatabase, without waiting for it or changing it: the
// type is checked before the file is opened, since opening a device may have
// an effect, and again when it is open.
func openPlain(path string, flag int) (*os.File, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return nil, err
	}
	if err := checkType(path, info); err != nil {
		return nil, err
	}
	f, err := openNoFollow(path, flag)
	if err != nil {
		return nil, err
	}
	if err := checkPlain(f); err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// checkPlain refuses an open file that isn't regular or has several names. A
// second name would be a second database to SQLite, with a log of its own, and
// the one would lose what the other stores.
func checkPlain(f *os.File) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if err := checkType(f.Name(), info); err != nil {
		return err
	}
	n, err := links(f, info)
	switch {
	case err != nil:
		return err
	case n == 0:
		return fmt.Errorf("%w: %s was removed just now", decision.ErrNotDatabase, f.Name())
	case n > 1:
		return fmt.Errorf("%w: %s has %d names (hard links), and must have one only", decision.ErrNotDatabase, f.Name(), n)
	}
	return nil
}

func checkType(path string, info fs.FileInfo) error {
	if info.Mode().IsRegular() {
		return nil
	}
	return fmt.Errorf("%w: %s is %s, and must be a regular file", decision.ErrNotDatabase, path, typeName(info.Mode()))
}

func typeName(mode fs.FileMode) string {
	switch {
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeSymlink != 0:
		return "a symbolic link"
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	}
	return "a device"
}

// names reports whether path is a name of the file that info is about.
func names(path string, info fs.FileInfo) error {
	there, err := os.Lstat(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err != nil || !os.SameFile(there, info) {
		return fmt.Errorf("%w: %s was replaced or removed by another program", decision.ErrNotDatabase, path)
	}
	return nil
}

// checkSidecars refuses files in the place of those that SQLite makes, since it
// would overwrite and in the end delete them. There never is a rollback
// journal, because a database has a write-ahead log from the beginning.
func checkSidecars(path string) error {
	if _, err := os.Lstat(path + journalSuffix); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(err, notOfDatabase(path+journalSuffix))
	}
	return errors.Join(checkHead(path+walSuffix, isLogHead), checkHead(path+shmSuffix, isIndexHead))
}

// checkSidecarsOfView is checkSidecars for a view. The shared memory is not
// opened: where locks are those of a process, to close it would release those
// of an owner in this process (sqlite.org/howtocorrupt.html, section 2.2).
func checkSidecarsOfView(path string) error {
	if _, err := os.Lstat(path + journalSuffix); !errors.Is(err, fs.ErrNotExist) {
		return errors.Join(err, notOfDatabase(path+journalSuffix))
	}
	info, err := os.Lstat(path + shmSuffix)
	if err == nil {
		err = checkType(path+shmSuffix, info)
	} else if errors.Is(err, fs.ErrNotExist) {
		err = nil
	}
	return errors.Join(err, checkHead(path+walSuffix, isLogHead))
}

func notOfDatabase(path string) error {
	return fmt.Errorf("%w: %s is not of this database, and must be moved away", decision.ErrNotDatabase, path)
}

// checkHead refuses a file that doesn't begin as it should, if there is one.
func checkHead(path string, ok func(head []byte) bool) error {
	f, err := openPlain(path, os.O_RDONLY)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer f.Close()
	head, err := readHead(f, walHeaderSize)
	if err == nil && !ok(head) {
		err = notOfDatabase(path)
	}
	return err
}

// checkUnused reports a file that is in the place of one to be made.
func checkUnused(path string) error {
	there, err := exists(path)
	if err == nil && there {
		err = fmt.Errorf("%s: %w", path, fs.ErrExist)
	}
	return err
}

func exists(path string) (bool, error) {
	_, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}

// shownAs returns the name of a file next to the database, as relative or
// absolute as the name that the database was opened by.
func (d *database) shownAs(path string) string {
	if given, err := filepath.Abs(d.name); err == nil && given == d.path {
		return d.name + strings.TrimPrefix(path, d.path)
	}
	return path
}
