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

// moveAside gives the database, with its log, a name that says when it was
// found damaged, and returns that name. The new names keep the suffixes by
// which SQLite finds the log, so that the tools that rescue what can be
// rescued find it too.
//
// The file must be the one that id is about, and nothing that another name
// already has is replaced. The database goes first: if the machine goes down
// in between, the log that is left alone is reported when the database is next
// opened. The database without its log would lose what was stored last.
func moveAside(path string, id fs.FileInfo, now time.Time) (string, error) {
	if err := errors.Join(names(path, id), checkBeside(path)); err != nil {
		return "", err
	}
	to, err := asideName(path, now)
	if err != nil {
		return "", err
	}
	if err := renameNew(path, to); err != nil {
		return "", err
	}
	if err := names(to, id); err != nil { // it was another's after all
		return "", errors.Join(err, renameNew(to, path))
	}
	for _, suffix := range []string{walSuffix, shmSuffix} {
		if err := renameNew(path+suffix, to+suffix); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return "", err
		}
	}
	return to, syncDir(filepath.Dir(path))
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

// asideName returns a name that nothing has: the date and time in UTC, and a
// number if two databases were damaged in one second.
func asideName(path string, now time.Time) (string, error) {
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
