package runtime

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"github.com/fsnotify/fsnotify"
)

// inBubble runs a test in a synctest bubble: waiting takes no time, and every
// writer is on time. The files of the fixture have the times of the bubble.
func inBubble(t *testing.T, test func(t *testing.T, f *fixture)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		f := newFixture(t)
		f.watcher = newFakeWatcher()
		test(t, f)
	})
}

// fakeWatcher sends an event for what the test says has changed, if it is in a
// folder that is watched. Like the system's it watches what stood by a name when it
// was added, and not what stands there later.
type fakeWatcher struct {
	sent   chan fsnotify.Event
	failed chan error
	silent atomic.Bool // it sends nothing

	mu      sync.Mutex
	watched map[string]os.FileInfo
	refused map[string]error // what Add fails with
	tries   map[string]int   // calls of Add
	missed  func(string)     // called when Add has not found a folder
}

func newFakeWatcher() *fakeWatcher {
	return &fakeWatcher{
		sent: make(chan fsnotify.Event, 10_000), failed: make(chan error),
		watched: map[string]os.FileInfo{}, refused: map[string]error{}, tries: map[string]int{},
	}
}

func (w *fakeWatcher) Add(folder string) error {
	err := w.add(folder)
	if os.IsNotExist(err) && w.missed != nil {
		w.missed(folder)
	}
	return err
}

func (w *fakeWatcher) add(folder string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.tries[folder]++
	if err := w.refused[folder]; err != nil {
		return err
	}
	info, err := os.Stat(folder)
	if err == nil {
		w.watched[folder] = info
	}
	return err
}

func (w *fakeWatcher) Remove(folder string) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	delete(w.watched, folder)
	return nil
}

func (w *fakeWatcher) WatchList() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Collect(maps.Keys(w.watched))
}

// Close forgets what is watched: the next Watch of the test gets the same one.
func (w *fakeWatcher) Close() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	clear(w.watched)
	return nil
}

func (w *fakeWatcher) events() <-chan fsnotify.Event { return w.sent }
func (w *fakeWatcher) errors() <-chan error          { return w.failed }

// notify sends an event for a change of path, if its folder is watched.
func (w *fakeWatcher) notify(path string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	folder, err := os.Stat(filepath.Dir(path))
	if err != nil || w.silent.Load() {
		return
	}
	for name, info := range w.watched {
		if os.SameFile(folder, info) {
			w.sent <- fsnotify.Event{Name: filepath.Join(name, filepath.Base(path)), Op: fsnotify.Write}
		}
	}
}

// refuse makes Add fail for a folder, or no more if err is nil.
func (w *fakeWatcher) refuse(folder string, err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.refused[folder] = err
}

// tried returns how often Add was called for a folder.
func (w *fakeWatcher) tried(folder string) int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.tries[folder]
}
