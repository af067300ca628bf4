package sqlite

import (
	"errors"
	"io/fs"
	"os"
	"time"
)

// quiet is a database that was read while it had no owner. SQLite then keeps
// no memory that it would share with others, and makes no file; so it doesn't
// notice an owner who begins meanwhile either.
type quiet struct {
	file      *os.File
	path      string
	data, log stamp
}

// stamp tells the state of a file that may be there.
type stamp struct {
	there    bool
	size     int64
	modified time.Time
}

func newQuiet(f *os.File, path string) (*quiet, error) {
	q := &quiet{file: f, path: path}
	err := q.look(&q.data, &q.log)
	return q, err
}

func (q *quiet) look(data, log *stamp) (err error) {
	if *data, err = stampOf(q.path); err != nil {
		return err
	}
	*log, err = stampOf(q.path + walSuffix)
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

// disturbed reports whether the database may have changed since it was opened.
func (q *quiet) disturbed() bool {
	owned, err := isOwned(q.file)
	if err != nil || owned {
		return true
	}
	var data, log stamp
	err = q.look(&data, &log)
	return err != nil || data != q.data || log != q.log
}
