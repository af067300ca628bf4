package runtime

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/fsnotify/fsnotify"
)

// A folder that can't be watched for another reason than that it isn't there
// yet is an error, though the one that it stands in can be.
func TestWatchReportsUnwatchableFolder(t *testing.T) {
	loop := filepath.Join(t.TempDir(), "loop")
	if err := os.Symlink(loop, loop); err != nil {
		t.Fatal(err)
	}
	w, err := fsnotify.NewWatcher()
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	f := &follower{watcher: notifier{w}}
	if err := f.armFolder(loop); err == nil {
		t.Errorf("a link that leads to itself is watched: %v", w.WatchList())
	}
}

// Where nothing makes events, the folders are looked at again after a while,
// and that is reported.
func TestLooksAgainWithoutEvents(t *testing.T) {
	var reported []string
	rom := t.TempDir()
	s, err := Open(rom, "", StoreOptions{Report: func(p Problem) { reported = append(reported, p.Path) }})
	if err != nil {
		t.Fatal(err)
	}
	w, err := fsnotify.NewWatcher()
	if err != nil {
		t.Fatal(err)
	}
	w.Close()
	f := &follower{Store: s, watcher: notifier{w}}
	if again := f.pass(); again != maxSettles*f.settle || again <= 0 {
		t.Errorf("looks again after %v, want %v", again, maxSettles*f.settle)
	}
	if !slices.Equal(reported, []string{rom}) {
		t.Errorf("reported %q", reported)
	}
}
