package runtime

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// maxFile is the size of the largest policy file: its index, of four bytes,
// starts at 65,535 at most.
const maxFile = 0xFFFF + 4

var (
	errTooLarge   = errors.New("larger than a policy file can be")
	errNotRegular = errors.New("not a regular file")
	errFolder     = errors.New("a folder")
	errDangling   = errors.New("a link that leads nowhere")
	errNoFolder   = errors.New("its folder is gone")
	errTorn       = errors.New("was written to while it was read")
	errBusy       = errors.New("is being written all the time")
)

// policyFile is what became of reading one file of a drive.
type policyFile struct {
	path    string
	content [sha256.Size]byte // hash; what is equal need not be loaded again
	changed time.Time         // last change of the file, or of the folder that has lost it
	list    *List             // nil if err isn't
	err     error             // wraps ErrBadPolicyFile, or fs.ErrNotExist
}

// isUnsettled reports whether a file that changed then may not be written to the
// end. Times in the future say nothing, and are taken for old.
func isUnsettled(changed time.Time, settle time.Duration) bool {
	age := time.Since(changed)
	return -settle < age && age < settle
}

// readPolicyFile reads and loads a file. It takes over the list of one of
// known, which may hold nil, that has the same content.
func readPolicyFile(path string, known [drives]*policyFile) *policyFile {
	b, changed, err := readWhole(path)
	f := &policyFile{path: path, changed: changed}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		f.err = err
		return f
	case err != nil:
		f.err = badFile(path, err)
		return f
	}
	f.content = sha256.Sum256(b)
	for _, k := range known {
		if k != nil && k.list != nil && k.content == f.content {
			f.list = k.list
			return f
		}
	}
	if f.list, err = Load(b); err != nil {
		f.err = badFile(path, err)
	}
	return f
}

// badFile makes the error for a file that can't be read as a policy file.
func badFile(path string, err error) error {
	if e := (*fs.PathError)(nil); errors.As(err, &e) {
		err = e.Err // which names the path once more
	}
	if errors.Is(err, ErrBadPolicyFile) {
		return fmt.Errorf("%s: %w", path, err)
	}
	return fmt.Errorf("%s: %w: %w", path, ErrBadPolicyFile, err)
}

// readTries is how often a file that changes while it is read is read again.
const readTries = 3

// readWhole returns the content of a file, as it was at one moment as far as
// its times say, and when it last changed. Of a file that isn't there,
// that is when its folder did.
func readWhole(path string) (b []byte, changed time.Time, err error) {
	for range readTries {
		b, changed, err = readOnce(path)
		if !errors.Is(err, errTorn) {
			break
		}
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return b, changed, err
	}
	if _, gone := os.Lstat(path); gone == nil {
		return nil, changed, errDangling
	}
	folder, gone := os.Stat(filepath.Dir(path))
	if gone != nil {
		return nil, time.Now(), errNoFolder // which says nothing about the file
	}
	return nil, folder.ModTime(), err
}

// readOnce returns the content of a policy file, and when it last changed. It
// fails with errTorn if that was while it was read.
func readOnce(path string) ([]byte, time.Time, error) {
	// Without O_NONBLOCK the opening of a named pipe would wait for a writer.
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, time.Time{}, err
	}
	defer f.Close()
	before, err := f.Stat()
	switch {
	case err != nil:
		return nil, time.Time{}, err
	case !before.Mode().IsRegular():
		return nil, before.ModTime(), errNotRegular
	case before.Size() > maxFile:
		return nil, before.ModTime(), errTooLarge
	}
	b := make([]byte, before.Size()+1) // one more, to see growth
	n, err := io.ReadFull(f, b)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return nil, before.ModTime(), err
	}
	after, err := f.Stat()
	if err == nil && (int64(n) != before.Size() || after.Size() != before.Size() || !after.ModTime().Equal(before.ModTime())) {
		return nil, after.ModTime(), errTorn
	}
	return b[:n], before.ModTime(), err
}
