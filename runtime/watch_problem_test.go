package runtime

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/fsnotify/fsnotify"
)

// long is more time than any try is put off for.
const long = 3 * maxSettles * testSettle

// A folder that can't be watched is reported once, and tried again until it
// can be, although the folder that it is in can be watched.
func TestWatchTriesAgainAFolderThatCantBeWatched(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		f.write(f.rom, testName, compiled(t, 1))
		s := f.watch()
		f.becomes(s, 1)
		for range 2 { // it is said again if it comes again
			f.watcher.refuse(f.system, syscall.ENOSPC)
			f.mkdir(filepath.Join(f.system, ".sub")) // makes the follower look
			time.Sleep(long)
			same(t, "while it can't", f.said(), []string{"ERROR system"})
			before := f.watcher.tried(f.system)
			time.Sleep(long)
			if n := f.watcher.tried(f.system) - before; n < 2 || n > 4 {
				t.Errorf("%d tries in the time of three", n)
			}
			written := time.Now()
			f.write(f.rom, testName, compiled(t, 2)) // the other folder is watched all the same
			f.becomes(s, 2, 1)
			if took := time.Since(written); took > 4*testSettle {
				t.Errorf("the other folder's file was taken up after %v, as if it weren't watched", took)
			}
			f.watcher.refuse(f.system, nil)
			time.Sleep(long)
			f.write(f.system, testName, compiled(t, 3))
			f.becomes(s, 3, 2)
			f.remove(f.system, testName)
			f.becomes(s, 2, 3)
			f.write(f.rom, testName, compiled(t, 1))
			f.becomes(s, 1, 2)
			f.remove(f.system, ".sub")
			before = f.watcher.tried(f.system)
			time.Sleep(long)
			if n := f.watcher.tried(f.system) - before; n > 1 {
				t.Errorf("%d tries although it is watched and nothing changes", n)
			}
			same(t, "when it can", f.said(), []string(nil))
		}
	})
}

// A folder that can't be watched from the start is an error, which names it.
func TestWatchOfAFolderThatCantBeWatched(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		f.watcher.refuse(f.system, syscall.ENOSPC)
		s := f.open()
		_, err := s.Watch(t.Context())
		if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), f.system) {
			t.Errorf("error %v", err)
		}
		f.watcher.refuse(f.system, nil)
		f.watcher.refuse(f.rom, fs.ErrNotExist) // it is looked for in what it stands in
		f.watchStore(s)
		f.write(f.rom, testName, compiled(t, 1))
		same(t, "problems", f.said(), []string(nil))
	})
}

// What keeps a folder from being listed is reported of that folder, once.
func TestWatchReportsTheFolderThatCantBeListed(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		f.write(f.rom, testName, compiled(t, 1))
		s := f.watch()
		f.becomes(s, 1)
		for range 2 {
			f.rename(f.system, f.system+".old")
			f.touch(func() error { return os.WriteFile(f.system, nil, 0o666) }, f.system)
			time.Sleep(long)
			same(t, "with a file in its place", f.said(), []string{"ERROR system"})
			f.rename(f.rom, f.rom+".old")
			f.remove(f.system)
			time.Sleep(long)
			same(t, "without the other folder", f.said(), []string{"ERROR rom"})
			f.rename(f.rom+".old", f.rom)
			f.rename(f.system+".old", f.system)
			time.Sleep(long)
			same(t, "mended", f.said(), []string(nil))
			answers(t, s, 1)
		}
	})
}

// A watcher that fails is reported once, until it sends an event again,
// and everything is looked at, since events may be lost.
func TestWatcherThatFails(t *testing.T) {
	inBubble(t, func(t *testing.T, f *fixture) {
		f.write(f.rom, testName, compiled(t, 1))
		s := f.watch()
		f.becomes(s, 1)
		lost := errors.New("no more events")
		for range 2 {
			for range 3 {
				f.watcher.failed <- lost
				time.Sleep(long)
			}
			if problems := f.taken(); len(problems) != 1 || problems[0].Path != "" || !errors.Is(problems[0].Err, lost) {
				t.Errorf("problems %v", problems)
			}
			f.write(f.rom, "note", nil) // an event
			time.Sleep(long)
			f.remove(f.rom, "note")
			time.Sleep(long)
			same(t, "afterwards", f.said(), []string{"INFO rom/note"})
		}
		f.loseEvents(func() { f.write(f.rom, testName, compiled(t, 2)) })
		f.stays(s, 1, long)
		f.watcher.failed <- fsnotify.ErrEventOverflow
		f.becomes(s, 2, 1)
		same(t, "of an overflow", f.said(), []string(nil))
	})
}

// loseEvents makes changes for which the watcher sends no event.
func (f *fixture) loseEvents(change func()) {
	synctest.Wait()
	f.watcher.silent.Store(true)
	defer f.watcher.silent.Store(false)
	change()
}

// taken returns what was reported since it was last asked.
func (f *fixture) taken() []Problem {
	f.rest()
	f.mu.Lock()
	defer f.mu.Unlock()
	all := f.problems
	f.problems = nil
	return all
}
