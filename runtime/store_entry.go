package runtime

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"ups/policy"
)

// entry is a service with a policy file by its name on at least one drive.
type entry struct {
	id     policy.Service
	at     [drives]location
	needed atomic.Bool // its list was asked for
	once   sync.Once
	loaded atomic.Pointer[loaded] // nil until it is needed
}

// loaded is what became of loading an entry. It does not change.
type loaded struct {
	list  *List  // nil if err isn't
	path  string // of the file that list is of
	err   error  // wraps ErrBadPolicyFile or ErrMissingPolicyFile
	files [drives]*policyFile
}

// load loads an entry, and reports what is wrong. It is not called with a lock
// held, since Report may use the store.
func (s *Store) load(e *entry) *loaded {
	if l := e.loaded.Load(); l != nil {
		return l
	}
	defer s.callbacks.run()
	return e.load(s)
}

// load returns the entry's policies, which the first caller loads. The caller
// runs the callbacks.
func (e *entry) load(s *Store) *loaded {
	if l := e.loaded.Load(); l != nil {
		return l
	}
	e.needed.Store(true)
	e.once.Do(func() { e.loaded.Store(e.loadFirst(s)) })
	return e.loaded.Load()
}

// maxSettles is how many times Store.settle a first load waits for a file that
// is being written.
const maxSettles = 10

// loadFirst loads. Of a store that is watched it waits until the files rest:
// there is no version before that could answer meanwhile.
func (e *entry) loadFirst(s *Store) *loaded {
	var none [drives]*policyFile
	if !s.watched.Load() {
		return e.choose(s, e.read(none, 0))
	}
	for end := time.Now().Add(maxSettles * s.settle); time.Now().Before(end); time.Sleep(s.settle / 8) {
		if files := e.read(none, 0); !anyUnsettled(files, s.settle) {
			return e.choose(s, files)
		}
	}
	return e.choose(s, e.read(none, s.settle))
}

// read reads the files that decide: that of the ROM drive only if the one of
// the system drive doesn't do. Files of known with the same content are not
// loaded again. If rest isn't zero, a file that changed later than that ago is
// a bad one.
func (e *entry) read(known [drives]*policyFile, rest time.Duration) [drives]*policyFile {
	var files [drives]*policyFile
	for d, at := range e.at {
		if at.path == "" {
			continue
		}
		files[d] = at.read(known, rest)
		if files[d].err == nil {
			break
		}
	}
	return files
}

func (at location) read(known [drives]*policyFile, rest time.Duration) *policyFile {
	if at.err != nil {
		return &policyFile{path: at.path, err: at.err}
	}
	f := readPolicyFile(at.path, known)
	if f.err == nil && isUnsettled(f.changed, rest) {
		f.list, f.err = nil, badFile(f.path, errBusy)
	}
	return f
}

// anyUnsettled reports whether one of the files may not be written to the end.
func anyUnsettled(files [drives]*policyFile, settle time.Duration) bool {
	for _, f := range files {
		if f != nil && isUnsettled(f.changed, settle) {
			return true
		}
	}
	return false
}

// choose finds the file that counts, and reports those that are bad. Where a
// bad file is all that there is, the service fails closed: the error wraps
// ErrBadPolicyFile, since with ErrMissingPolicyFile the server's own check
// would decide, and the stored answers be purged.
func (e *entry) choose(s *Store, files [drives]*policyFile) *loaded {
	l := &loaded{files: files, err: fmt.Errorf("%s: %w", e.id.FileName(policy.CompiledExt), ErrMissingPolicyFile)}
	for d, f := range files {
		switch {
		case f.absent():
			continue
		case f.err == nil:
			s.reporter.resolved(ofFile, f.path)
			l.list, l.path, l.err = f.list.limited(s.maxDestination), f.path, nil
			return l
		}
		p := badFileProblem(drive(d), f.path, e.id, f.err)
		if files[romDrive].absent() {
			p.Level = slog.LevelError // nothing is left to answer with
		}
		s.reporter.add(ofFile, p)
		l.err = f.err
	}
	return l
}

// absent reports whether there is no such file.
func (f *policyFile) absent() bool { return f == nil || errors.Is(f.err, fs.ErrNotExist) }

// unsettled is anyUnsettled for an entry that isn't loaded, by the times of
// its files alone.
func (e *entry) unsettled(settle time.Duration) bool {
	for _, at := range e.at {
		if info, err := os.Stat(at.path); err == nil && isUnsettled(info.ModTime(), settle) {
			return true
		}
	}
	return false
}
