package sqlite

import (
	"errors"
	"io/fs"
	"os"
	"time"
)

// unowned is the state of a database that was opened to read while it had no
// owner. SQLite then has no memory that it shares with others, and makes no
// file, so it doesn't notice an owner that opens the database later.
type unowned struct {
	file      *os.File
	path      string
	data, log stamp
}

// stamp is the state of a file that may be there.
type stamp struct {
	there    bool
	size     int64
	modified time.Time
}

func newUnowned(f *os.File, path string) (*unowned, error) {
	u := &unowned{file: f, path: path}
	err := u.look(&u.data, &u.log)
	return u, err
}

func (u *unowned) look(data, log *stamp) (err error) {
	if *data, err = stampOf(u.path); err != nil {
		return err
	}
	*log, err = stampOf(u.path + walSuffix)
	return err
}

func stampOf(path string) (stamp, error) {
	info, err := os.Lstat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return stamp{}, nil
	}
	if err != nil {
		return stamp{}, err
	}
	return stamp{true, info.Size(), info.ModTime()}, nil
}

// changed reports whether the database may have changed since it was opened.
func (u *unowned) changed() bool {
	owned, err := isOwned(u.file)
	if err != nil || owned {
		return true
	}
	var data, log stamp
	err = u.look(&data, &log)
	return err != nil || data != u.data || log != u.log
}
