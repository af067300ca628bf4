package sqlite

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"time"
)

// moveAside gives the database, with its log, a name that says when it was
// found damaged, and returns that name. The new names keep the suffixes by
// which SQLite finds the log, so that the tools that rescue what can be
// rescued find it too.
//
// The database goes first: if the machine goes down in between, the log that
// is left alone is found when the database is next opened, and follows it.
func moveAside(path string, now time.Time) (string, error) {
	to, err := asideName(path, now)
	if err != nil {
		return "", err
	}
	for _, suffix := range []string{"", walSuffix, shmSuffix} {
		there, err := exists(path + suffix)
		if err != nil {
			return "", err
		}
		if !there {
			continue
		}
		if err := os.Rename(path+suffix, to+suffix); err != nil {
			return "", err
		}
	}
	return to, syncDir(filepath.Dir(path))
}

// asideName gives a name that nothing has: the date and time in UTC, and a
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
