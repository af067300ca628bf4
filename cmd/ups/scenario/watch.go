package scenario

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// Watcher waits for changes of what results were made of: scenario files,
// sources and what they include, and the folders that were searched. Folders
// are watched, not files, since editors replace those.
//
// It isn't the watch of a runtime.Store: that one serves requests, so that it
// mustn't wait until nobody writes any more, looks at single files while they
// are written, and goes on without folders that can't be watched.
type Watcher struct {
	watcher *fsnotify.Watcher
	// Settle is how long nothing may change before Wait returns: saving many
	// files at once makes one change. The default is 100 ms.
	Settle time.Duration
	ignore map[string]bool // files that are written by ourselves
	files  map[string]bool // that results were made of
	listed map[string]bool // folders in which any file counts
}

// NewWatcher makes a watcher; changes of the files to ignore don't count.
func NewWatcher(ignore ...string) (*Watcher, error) {
	w, err := fsnotify.NewWatcher()
	if err != nil {
		return nil, fmt.Errorf("watch: %w", err)
	}
	out := &Watcher{watcher: w, Settle: 100 * time.Millisecond, ignore: map[string]bool{}}
	for _, name := range ignore {
		if name, err = filepath.Abs(name); err != nil {
			return nil, errors.Join(err, w.Close())
		}
		out.ignore[name] = true
	}
	return out, nil
}

// Close ends the watch.
func (w *Watcher) Close() error { return w.watcher.Close() }

// Watch replaces what is watched: changes from then on end the next Wait. It
// reports whether folders came to it that weren't watched before: then a change
// may have been missed since they were read, and reading again settles it.
func (w *Watcher) Watch(files, folders []string) (more bool, err error) {
	w.files, w.listed = map[string]bool{}, map[string]bool{}
	dirs := map[string]bool{}
	for _, list := range []struct {
		names []string
		into  map[string]bool
	}{{files, w.files}, {folders, w.listed}} {
		for _, name := range list.names {
			name, err := filepath.Abs(name)
			if err != nil {
				return false, err
			}
			list.into[name] = true
			dirs[filepath.Dir(name)] = true
		}
	}
	for dir := range w.listed {
		dirs[dir] = true
	}
	return w.arm(dirs)
}

// arm watches folders, and no others.
func (w *Watcher) arm(dirs map[string]bool) (more bool, err error) {
	before := w.watcher.WatchList()
	now := map[string]bool{}
	for dir := range dirs {
		err := w.watcher.Add(dir)
		for errors.Is(err, fs.ErrNotExist) && dir != filepath.Dir(dir) {
			dir = filepath.Dir(dir) // an event of it says when the folder comes
			err = w.watcher.Add(dir)
		}
		if errors.Is(err, fs.ErrPermission) {
			continue // what can't be read can't be watched
		}
		if err != nil {
			return false, fmt.Errorf("watch: %w", err)
		}
		now[dir] = true
		more = more || !slices.Contains(before, dir)
	}
	for _, old := range before {
		if !now[old] {
			_ = w.watcher.Remove(old) // fails if the folder is gone, as it shall be
		}
	}
	return more, nil
}

// Wait returns when something has changed, and nothing more changes; or when
// ctx is done, with its error.
func (w *Watcher) Wait(ctx context.Context) error {
	var settled <-chan time.Time
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case event, open := <-w.watcher.Events:
			if !open {
				return fmt.Errorf("watch: %w", fs.ErrClosed)
			}
			if w.concerns(event) {
				settled = time.After(w.Settle)
			}
		case err := <-w.watcher.Errors:
			if !errors.Is(err, fsnotify.ErrEventOverflow) {
				return fmt.Errorf("watch: %w", err)
			}
			settled = time.After(w.Settle) // events may be lost: look at everything
		case <-settled:
			return nil
		}
	}
}

// concerns reports whether an event is of a file that counts. Names that begin
// with a dot are those of editors, and of files in the making.
func (w *Watcher) concerns(event fsnotify.Event) bool {
	name := filepath.Clean(event.Name)
	switch {
	case w.ignore[name], event.Op == fsnotify.Chmod:
		return false
	case w.files[name], w.listed[name]:
		return true
	case strings.HasPrefix(filepath.Base(name), "."):
		return false
	case w.listed[filepath.Dir(name)]:
		return true
	}
	return slices.ContainsFunc(append(keysOf(w.files), keysOf(w.listed)...), func(of string) bool {
		return strings.HasPrefix(of, name+string(filepath.Separator)) // a folder on the way came or went
	})
}

func keysOf(m map[string]bool) []string {
	var all []string
	for k := range m {
		all = append(all, k)
	}
	return all
}
