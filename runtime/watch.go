package runtime

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// errWatched says that a store is watched already.
var errWatched = errors.New("the store is watched already")

// Watch makes the store reload by itself when something in its folders
// changes, until ctx is done; then it closes done. A store is watched once at
// a time.
//
// A half-written file never takes effect. A file counts as written once it
// hasn't changed for StoreOptions.Settle, by its modification time. Until
// then everything of its service stays as it was: the version before answers,
// or none if the file is new. Only what is still no policy file after that
// time is judged as corrupt, and reported. A file that is renamed into place
// with an older time counts at once. A file that is written in place, with a
// longer pause in the middle, is corrupt during it: on the system drive it is
// passed over meanwhile, on the ROM drive its service refuses. A service that
// is asked for the first time while its file is being written has no version
// before: List waits for the file, ten times that long at most, then takes it
// for corrupt.
//
// Folders may vanish and come back, be replaced, or be links that are turned
// to another folder; the system folder may come into being later. While the
// ROM folder is gone, everything stays as it was, and that is reported.
//
// The system must report changes: network file systems often don't, and a link
// to a file elsewhere doesn't when that file is written. For those, call
// Reload.
func (s *Store) Watch(ctx context.Context) (done <-chan struct{}, err error) {
	if !s.watched.CompareAndSwap(false, true) {
		return nil, errWatched
	}
	w, err := s.newWatcher()
	if err != nil {
		s.watched.Store(false)
		return nil, fmt.Errorf("watch: %w", err)
	}
	f := &follower{Store: s, watcher: w}
	failed := f.arm()
	if err := errors.Join(failed[:]...); err != nil {
		w.Close()
		s.watched.Store(false)
		return nil, fmt.Errorf("watch: %w", err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		defer s.watched.Store(false)
		defer w.Close()
		f.run(ctx)
	}()
	return ended, nil
}

// watcher reports changes in folders and of folders, as fsnotify.Watcher does.
type watcher interface {
	Add(folder string) error
	Remove(folder string) error
	WatchList() []string
	Close() error
	events() <-chan fsnotify.Event
	errors() <-chan error
}

// notifier is the system's watcher.
type notifier struct{ *fsnotify.Watcher }

func newNotifier() (watcher, error) {
	w, err := fsnotify.NewWatcher()
	return notifier{w}, err
}

func (n notifier) events() <-chan fsnotify.Event { return n.Events }
func (n notifier) errors() <-chan error          { return n.Errors }

// follower is a store that is being watched.
type follower struct {
	*Store
	watcher watcher
}

// run reloads a while after each change, not after the last of them: a file that
// is written without end must not hold up the others.
func (f *follower) run(ctx context.Context) {
	due := time.After(0) // for what changed between Open and Watch
	soon := true         // due is no later than a change asks for
	change := func() {
		if !soon {
			due, soon = time.After(f.settle), true
		}
	}
	for {
		select {
		case <-ctx.Done():
			return
		case event := <-f.watcher.events():
			f.reporter.resolved(ofEvents, "")
			if f.concerns(event.Name) {
				change()
			}
		case err := <-f.watcher.errors():
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				f.problem(ofEvents, "", err)
			}
			change() // events may be lost: look at everything
		case <-due:
			due, soon = nil, false
			if again := f.pass(); again > 0 {
				due = time.After(again)
			}
		}
	}
}

// problem reports why the folders can't be followed.
func (f *follower) problem(kind subjectKind, path string, err error) {
	f.reporter.add(kind, Problem{Level: slog.LevelError, Path: path, Err: fmt.Errorf("watch: %w", err)})
	f.callbacks.run()
}

// pass takes up what has changed, and says after what time to look again even
// if nothing changes.
func (f *follower) pass() (again time.Duration) {
	armed := f.rearm() // before the reload: what comes after it makes an event
	waiting, err := f.reload(true)
	if err != nil {
		folder := f.folders[romDrive]
		if named := (*fs.PathError)(nil); errors.As(err, &named) {
			folder = named.Path
		}
		f.problem(ofListing, folder, err)
	}
	switch {
	case waiting:
		return f.settle
	case err != nil || !armed:
		return maxSettles * f.settle
	}
	return 0
}

// rearm is arm, and reports which folders can't be watched.
func (f *follower) rearm() (armed bool) {
	armed = true
	for d, err := range f.arm() {
		if err == nil {
			f.reporter.resolved(ofWatch, f.folders[d])
			continue
		}
		armed = false
		f.problem(ofWatch, f.folders[d], err)
	}
	return armed
}

// arm watches the folders anew, whatever stands by their names now, and what
// they stand in, which has an event when a folder comes or goes. If one can't be
// watched, the other still is.
func (f *follower) arm() (failed [drives]error) {
	for _, watched := range f.watcher.WatchList() {
		f.watcher.Remove(watched) // fails if it is gone, as it shall be
	}
	for d, folder := range f.folders {
		if folder == "" {
			continue
		}
		if err := f.armFolder(folder); err != nil {
			failed[d] = fmt.Errorf("%s: %w", folder, err)
		}
	}
	return failed
}

// armFolder watches a folder, and before it what it stands in: whatever comes
// to be while this runs is then either found or makes an event. Where the
// folder's path ends early, it watches the nearest part that is there.
func (f *follower) armFolder(folder string) error {
	for {
		below, err := f.armAbove(folder)
		if err != nil {
			return err
		}
		err = f.watcher.Add(below)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil // when it comes, what it stands in has an event
		case err != nil || below == folder:
			return err
		}
		// below came to be after it was looked for: look again
	}
}

// armAbove watches the nearest part of the path above a folder that is there,
// and returns the part below it: the folder itself, if all above it is there.
func (f *follower) armAbove(folder string) (below string, err error) {
	for below = folder; ; below = filepath.Dir(below) {
		above := filepath.Dir(below)
		err = f.watcher.Add(above)
		if !errors.Is(err, fs.ErrNotExist) || above == below {
			return below, err
		}
	}
}

// concerns reports whether an event is of a folder, of what is in it, or of
// what it stands in.
func (f *follower) concerns(name string) bool {
	name = filepath.Clean(name)
	for _, folder := range f.folders {
		if folder == "" {
			continue
		}
		if name == folder || filepath.Dir(name) == folder || strings.HasPrefix(folder, name+string(os.PathSeparator)) {
			return true
		}
	}
	return false
}
