package sqlite

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
	"time"
)

// renameDamaged renames the database, with its log, to a name that says when it
// was found damaged, and returns that name. The new names keep the suffixes by
// which SQLite finds the log, so that tools that recover records find it too.
//
// The file must be the one that id is about, and no file is replaced. The
// database is renamed first: if the system crashes in between, the log
// without a database is reported when the database is next opened. A database
// without its log would be opened, without what was stored last.
func renameDamaged(path string, id fs.FileInfo, now time.Time) (string, error) {
	if err := errors.Join(names(path, id), checkSidecars(path)); err != nil {
		return "", err
	}
	to, err := damagedName(path, now)
	if err != nil {
		return "", err
	}
	if err := renameNew(path, to); err != nil {
		return "", err
	}
	if err := names(to, id); err != nil { // the name was given to another file just before
		return "", errors.Join(err, renameNew(to, path))
	}
	if err := renameSidecars(path, to, renameNew); err != nil {
		return "", err
	}
	return to, syncDir(filepath.Dir(path))
}

// renameSidecars renames what there is of the log and its index.
func renameSidecars(path, to string, rename func(from, to string) error) error {
	for _, suffix := range []string{walSuffix, shmSuffix} {
		if err := rename(path+suffix, to+suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

// renameNew renames a file to a name that nothing has. Where the file system
// can't do that in one step, it looks first.
func renameNew(from, to string) error {
	err := renameExclusively(from, to)
	if !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, syscall.EINVAL) {
		return err
	}
	if err := checkUnused(to); err != nil {
		return err
	}
	return os.Rename(from, to)
}

// damagedName returns a name that nothing has: the date and time in UTC, and a
// number if two databases were damaged in one second.
func damagedName(path string, now time.Time) (string, error) {
	dated := path + ".damaged-" + now.UTC().Format("20060102T150405Z")
	name := dated
	for n := 2; ; n++ {
		taken := false
		for _, suffix := range []string{"", walSuffix, shmSuffix} {
			there, err := exists(name + suffix)
			if err != nil {
				return "", err
			}
			taken = taken || there
		}
		if !taken {
			return name, nil
		}
		name = fmt.Sprintf("%s.%d", dated, n)
	}
}

// syncDir makes the names in a directory as durable as the files. Windows
// can't sync a directory, and doesn't need to.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Sync()
}
